// @vitest-environment happy-dom
import { PiniaColada } from "@pinia/colada";
import { mount } from "@vue/test-utils";
import { createPinia } from "pinia";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CaseDetail } from "#shared/api/types.ts";
import { i18n, useLanguage, type Messages } from "#shared/i18n/index.ts";
import shared from "#shared/i18n/locales/zh-CN.json";
import { setServerTime } from "#shared/i18n/useTime.ts";
import { onKey } from "#shared/keys/useKeys.ts";
import StateTag from "#shared/ui/StateTag.vue";
import TimeLeft from "#shared/ui/TimeLeft.vue";
import own from "../locales/zh-CN.json";
import ActionBar from "./ActionBar.vue";
import CaseTimeline from "./CaseTimeline.vue";
import PlaceNote from "./PlaceNote.vue";

const label = (text: string) => ({ zh: text, en: text });
const action = (verb: string, style: string) => ({
  ...{ verb, label: label(verb), style, group: "step", fields: [], hint: null },
  ...{ task_id: null, request_id: null, unit: null },
});
const detail = {
  id: "1",
  state: "pending_check",
  state_label: label("待核查"),
  group: "open",
  pending_request: "",
  to_decide: "",
  tasks: [],
  photos: [{ id: 5, seq: 2, slot: "after", url: "/a", thumbnail_url: "/t" }],
  actions: [],
  timeline: [
    { seq: 1, verb: "report", label: label("上报"), from_state: "", to_state: "reported", actor: "李青", post: "监督员", unit: "邾城", at: "2026-07-12T01:00:00Z", note: "", data: {} },
    { seq: 2, verb: "report_done", label: label("处置反馈"), from_state: "handling", to_state: "pending_check", actor: "陈晓燕", post: "经办", unit: "水务", at: "2026-07-12T03:30:00Z", note: "已清理", data: {} },
  ],
} as unknown as CaseDetail;

function show(component: object, props: Record<string, unknown>) {
  return mount(component, { props, global: { plugins: [createPinia(), PiniaColada, i18n] }, attachTo: document.body });
}

beforeEach(async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response('{"states":[],"transitions":[]}')));
  await useLanguage("zh-CN", () => Promise.resolve({ ...shared, ...own } as Messages));
  setServerTime("2026-07-12T04:00:00Z");
});

describe("ActionBar", () => {
  it("offers the allowed actions, the main one last, and nothing else", async () => {
    const actions = [action("pass_check", "primary"), action("fail_check", "danger")];
    const bar = show(ActionBar, { detail: { ...detail, actions } });
    const buttons = bar.findAll("button");
    expect(buttons.map((button) => button.attributes("data-verb"))).toEqual(["fail_check", "pass_check"]);
    await buttons[1]?.trigger("click");
    expect(bar.emitted("choose")?.[0]).toEqual([actions[0]]);
  });

  it("says whose turn it is when there is nothing to do", () => {
    const task = { kind: "handle", ended_at: null, unit: { id: 1, name: "水务湖泊局" } };
    expect(show(ActionBar, { detail: { ...detail, tasks: [task] } }).text()).toContain("水务湖泊局");
    expect(show(ActionBar, { detail: { ...detail, group: "closed" } }).text()).toBe("案件已办结，没有后续操作。");
  });

  it("says for whom the case waits beside what one can do meanwhile", async () => {
    const verify = { verb: "confirm_found", label: label("核实属实"), start: ["verifying"], ends: ["reported"], permission: "p", style: "primary", request: "", decision: null };
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ states: [], transitions: [verify] })));
    const task = { kind: "verify", ended_at: null, unit: null, assignee: "" };
    const verifying = { ...detail, state: "verifying", actions: [action("urge", "default")], tasks: [task] };
    const lead = (more: object) => show(ActionBar, { detail: { ...verifying, ...more } });
    expect(lead({ tasks: [{ ...task, assignee: "李青" }] }).find(".lead").text()).toBe("现在由李青办理；您还可以：");
    const nobody = lead({});
    await vi.waitFor(() => expect(nobody.find(".lead").text()).toBe("下一步是“核实”，由其他岗位办理；您还可以："));
    expect(lead({ actions: [action("confirm_found", "primary")] }).find(".lead").text()).toBe("您可以办理：");
  });

  it("opens the main action by the key A or 1, but not while somebody types", () => {
    window.addEventListener("keydown", onKey);
    const bar = show(ActionBar, { detail: { ...detail, actions: [action("pass_check", "primary")] } });
    const field = document.body.appendChild(document.createElement("textarea"));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
    expect(bar.emitted("choose")).toBeUndefined();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "1", bubbles: true }));
    expect(bar.emitted("choose")).toHaveLength(2);
    bar.unmount();
    field.remove();
    window.removeEventListener("keydown", onKey);
  });
});

describe("CaseTimeline", () => {
  it("tells newest first who did what, for how long, with note and photos", () => {
    const line = show(CaseTimeline, { detail });
    const items = line.findAll("li").map((item) => item.text());
    expect(items[0]).toContain("已停留 30分钟");
    expect(items[1]).toContain("处置反馈");
    expect(items[1]).toContain("历时 2小时30分钟");
    expect(items[1]).toContain("已清理");
    expect(items[2]).toContain("李青");
    expect(line.findAll("img").map((image) => image.attributes("src"))).toEqual(["/t"]);
  });
});

describe("PlaceNote", () => {
  it("asks for a point on the map only where a map can be drawn", () => {
    const text = () => show(PlaceNote, { located: { state: "none", place: null }, point: null, error: "" }).text();
    expect(text()).toBe("请输入位置的坐标");
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({} as never);
    expect(text()).toBe("在地图上点选位置");
    vi.restoreAllMocks();
  });
});

describe("TimeLeft", () => {
  const text = (props: object) => show(TimeLeft, { light: "green", ...props }).text();

  it("says what is left, what is past, that there is no limit, and that it is over", () => {
    expect(text({ dueAt: "2026-07-12T07:20:00Z" })).toBe("剩余 3小时20分钟");
    expect(text({ dueAt: "2026-07-12T02:00:00Z", light: "red" })).toBe("超时 2小时");
    expect(text({ dueAt: null, light: null })).toBe("无时限");
    expect(text({ dueAt: "2026-07-12T02:00:00Z", finished: true })).toBe("已办结");
  });

  it("tells the light by shape as well", () => {
    expect(show(TimeLeft, { dueAt: "2026-07-12T02:00:00Z", light: "red" }).find("rect").exists()).toBe(true);
    expect(show(TimeLeft, { dueAt: "2026-07-12T07:20:00Z", light: "green" }).find("circle").exists()).toBe(true);
  });
});

describe("StateTag", () => {
  it("says the state by word and sign, also one that this page does not know", () => {
    expect(show(StateTag, { state: "handling", label: label("处置中") }).text()).toBe("办处置中");
    expect(show(StateTag, { state: "reviewing", label: label("复核中") }).text()).toBe("案复核中");
  });
});
