// @vitest-environment happy-dom
import { mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { i18n, useLanguage, type Messages } from "#shared/i18n/index.ts";
import shared from "#shared/i18n/locales/zh-CN.json";
import own from "../locales/zh-CN.json";
import { blankStep } from "#shared/cases/step-form.ts";
import StepDrawer from "./StepDrawer.vue";

const quiet = { fields: {}, general: "" };
const props = {
  ...{ title: "强制结案", run: "强制结案", modelValue: blankStep(), uploads: {}, detail: {}, errors: quiet },
  ...{ busy: false, ready: true, over: false, action: { verb: "force_close", style: "danger", fields: [], hint: null } },
};
const slots = {
  below: '<textarea class="note" />',
  over: '<p class="results" />',
  "over-foot": '<button class="shut" type="button" />',
  standing: "正在办理",
};
let drawer: VueWrapper | undefined;

/** The drawer itself is the library's; here only what stands in it. */
function open(changes: object = {}): VueWrapper {
  const ElDrawer = { template: '<section><slot /><slot name="footer" /></section>' };
  const global = { plugins: [i18n], stubs: { ElDrawer } };
  drawer = mount(StepDrawer, { props: { ...props, ...changes } as never, slots, global, attachTo: document.body });
  return drawer;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const focused = () => document.activeElement;

async function press(target: Element | null, more: object = {}): Promise<void> {
  target?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, ...more }));
  await settled();
}

beforeEach(() => useLanguage("zh-CN", () => Promise.resolve({ ...shared, ...own } as Messages)));
afterEach(() => drawer?.unmount());

it("takes the keyboard to the question of a dangerous step, and back to where it was", async () => {
  const one = open();
  const note = one.find<HTMLTextAreaElement>(".note").element;
  note.focus();
  await press(note);
  expect(focused()).toBe(one.find("[role=alertdialog]").element);
  expect(one.emitted("send")).toBeUndefined();
  await one.findAll("[role=alertdialog] button")[0]?.trigger("click");
  await settled();
  expect(focused()).toBe(note);
});

it("goes back to the button when the button asked", async () => {
  const one = open();
  const button = one.find<HTMLButtonElement>("[data-send]");
  button.element.focus();
  await button.trigger("click");
  await settled();
  expect(focused()).toBe(one.find("[role=alertdialog]").element);
  await one.findAll("[role=alertdialog] button")[0]?.trigger("click");
  await settled();
  expect(focused()).toBe(one.find("[data-send]").element);
});

it("is answered by the same keys, but not by keys held down; the question stands until the answer is there", async () => {
  const one = open();
  await press(one.find(".note").element);
  await press(focused(), { repeat: true });
  expect(one.emitted("send")).toBeUndefined();
  await press(focused());
  expect(one.emitted("send")).toHaveLength(1);
  await one.setProps({ busy: true } as never);
  expect(focused()).toBe(one.find("[role=alertdialog]").element);
  await press(focused());
  expect(one.emitted("send")).toHaveLength(1);
  await one.setProps({ busy: false } as never);
  await settled();
  expect(one.find("[role=alertdialog]").exists()).toBe(false);
});

it("says beside results as well that it runs, and what went wrong", () => {
  const one = open({ over: true, busy: true, errors: { fields: {}, general: "连不上服务器" } });
  expect(one.find(".results").exists()).toBe(true);
  expect(one.find("[role=alert]").text()).toBe("连不上服务器");
  expect(one.find(".foot").text()).toContain("正在办理");
});
