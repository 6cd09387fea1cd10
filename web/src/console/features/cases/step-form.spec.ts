import { describe, expect, it } from "vitest";
import type { ActionField, CaseAction, CaseDetail, CaseRequest, Comment, Label, Step } from "#shared/api/types.ts";
import { partsOf, typedName, withName } from "./mentions.ts";
import { effectOf, levelsOf, stepFacts } from "./step-facts.ts";
import { actionKey, arrange, blankStep, missingFields, placesOf, stepBody, unitOf } from "#shared/cases/step-form.ts";

const label = (text: string): Label => ({ zh: text, en: text });
const field = (name: string, input: string, required: boolean) =>
  ({ name, input, required, label: label(name), slot: null, slots: [], options: [] }) as ActionField;
const action = (verb: string, more: Partial<CaseAction> = {}): CaseAction => ({
  verb,
  label: label(verb),
  style: "default",
  group: "step",
  task_id: null,
  request_id: null,
  unit: null,
  fields: [],
  hint: null,
  ...more,
});

describe("the form of a step", () => {
  const dispatch = action("dispatch", {
    task_id: "t1",
    fields: [field("unit_id", "unit", true), field("assist_ids", "units", true), field("note", "text", true), field("photos", "photos", true)],
  });

  it("wants the declared fields and nothing else", () => {
    expect(missingFields(dispatch, { ...blankStep(), note: "  " }, 0)).toEqual(["unit_id", "assist_ids", "note", "photos"]);
    expect(missingFields(dispatch, { ...blankStep(), note: "好", unit_id: 1, assist_ids: [2] }, 1)).toEqual([]);
  });

  it("sends what was asked for and filled in, and whose task it is", () => {
    const form = { ...blankStep(), note: " 好 ", unit_id: 1, score: 5, kind: "leader" };
    expect(stepBody(dispatch, 3, form, [{ file_id: "f", slot: "after" }])).toEqual({
      verb: "dispatch",
      expected_version: 3,
      task_id: "t1",
      unit_id: 1,
      note: "好",
      photos: [{ file_id: "f", slot: "after" }],
    });
  });

  it("knows what the places in a phrase stand for", () => {
    const detail = { number: "N1", address: "文昌大道", unit: { id: 1, name: "水务局" }, category: label("井盖") } as unknown as CaseDetail;
    const places = placesOf(detail, action("take", { unit: { id: 2, name: "城管局" } }), (one) => one.zh);
    expect([places["number"], places["address"], places["unit"]]).toEqual(["N1", "文昌大道", "城管局"]);
  });
});

describe("the buttons", () => {
  const verbs = (list: CaseAction[]) => list.map((one) => one.verb);
  const many = [
    action("force_close", { style: "danger" }),
    action("ask_return", { group: "request" }),
    action("ask_extension", { group: "request" }),
    action("report_done", { style: "primary" }),
    action("send_back"),
    action("refuse", { style: "danger" }),
    action("urge", { group: "beside" }),
    action("supervise", { group: "beside" }),
  ];

  it("all stand on the bar while there is room, the main one last", () => {
    expect(arrange(many.slice(3, 6), 6)).toEqual({ bar: [many[5], many[4], many[3]], menu: [] });
  });

  it("leave the rare ones to the menu, section by section", () => {
    const { bar, menu } = arrange(many, 4);
    expect(verbs(bar)).toEqual(["refuse", "send_back", "report_done"]);
    expect(menu.map((section) => [section.key, verbs(section.actions)])).toEqual([
      ["step", ["force_close"]],
      ["request", ["ask_return", "ask_extension"]],
      ["beside", ["urge", "supervise"]],
    ]);
    expect(verbs(arrange(many, 2).bar)).toEqual(["report_done"]);
  });

  it("tell tasks of one verb apart by their unit", () => {
    const take = [action("take", { task_id: "1", unit: { id: 1, name: "水务局" } }), action("take", { task_id: "2", unit: { id: 2, name: "城管局" } })];
    expect(take.map((one) => unitOf(one, take))).toEqual(["水务局", "城管局"]);
    expect(unitOf(action("take", { unit: { id: 1, name: "水务局" } }), [])).toBe("");
    expect(new Set(take.map(actionKey)).size).toBe(2);
  });
});

describe("what a step has done", () => {
  const step = (data: Record<string, unknown>, at = "2026-07-12T01:00:00Z") => ({ at, data }) as Step;

  it("is told from its data, the unknown left out", () => {
    const facts = stepFacts(step({ unit: { name: "水务局" }, assisting: [{ name: "甲" }, { name: "乙" }], odd: 1, score: 4 }));
    expect(facts).toEqual([
      { key: "unit", names: "水务局" },
      { key: "assisting", names: "甲、乙" },
      { key: "score", n: 4 },
    ]);
    const late = { occurred_at: "2026-07-12T01:00:00Z", received_at: "2026-07-12T05:00:00Z" };
    expect(stepFacts(step({ late: { ...late, proof: "picture" } }))).toEqual([{ key: "late_proven", at: late.received_at }]);
    expect(stepFacts(step({ late: { ...late, proof: "none" } }))).toEqual([{ key: "late_unproven", at: late.occurred_at }]);
    expect(stepFacts(step({ request: { kind: "extension", level: 1, state: "pending" } }))).toEqual([{ key: "level", level: 1 }]);
  });

  const request = {
    state: "approved",
    level: 2,
    levels: [label("派遣员"), label("领导")],
    decided_at: "2026-07-12T02:00:00Z",
    decisions: [
      { level: 1, label: label("派遣员"), approved: true, by: "甲", at: "2026-07-12T01:30:00Z", note: "" },
      { level: 2, label: label("领导"), approved: true, by: "乙", at: "2026-07-12T02:00:00Z", note: "同意" },
    ],
  } as CaseRequest;

  it("shows the levels of a request, and what the last decision did to the clock", () => {
    expect(levelsOf(request).map((one) => [one.standing, one.by])).toEqual([["approved", "甲"], ["approved", "乙"]]);
    const waiting = { ...request, state: "pending", level: 1, decisions: request.decisions.slice(0, 1) };
    expect(levelsOf(waiting).map((one) => one.standing)).toEqual(["approved", "current"]);
    const timeline = [step({ request: {}, due_at: "2026-07-20T00:00:00Z" }, "2026-07-12T02:00:00+00:00")];
    expect(effectOf(request, timeline)).toEqual([{ key: "due_at", at: "2026-07-20T00:00:00Z" }]);
    expect(effectOf(waiting, timeline)).toEqual([]);
  });
});

describe("mentions", () => {
  it("are offered while a name is being typed", () => {
    expect(typedName("请 @li", 5)).toEqual({ from: 2, name: "li" });
    expect(typedName("请看@", 3)).toEqual({ from: 2, name: "" });
    expect(typedName("a@b", 3)).toBeNull();
    expect(typedName("@li 好", 5)).toBeNull();
    expect(withName("请 @li看", 5, "liqing")).toEqual({ text: "请 @liqing 看", at: 10 });
  });

  it("are shown by name, and only where they are somebody", () => {
    const comment = { text: "@liqing. 看 @nobody", mentions: [{ id: "1", username: "liqing", name: "李青" }] } as Comment;
    expect(partsOf(comment).map((part) => part.person || part.text)).toEqual(["李青", ". 看 ", "@nobody"]);
  });
});
