import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { differences, matchSteps } from "./difference.ts";
import { endsOf, faultsOf, outcomesOf, placeOf, type Doc, type Fault } from "./doc.ts";
import { addedStates, freshKey, gaps, percentOf, shareOf, stepAt, withField, withMarks, withRequest, withStageLimit, withState, withStep } from "./edit.ts";
import { backbone, layOut, NODE } from "./layout.ts";

const shipped = JSON.parse(
  readFileSync(new URL("../../../../../../src/yiwang/operations/cases/editions/lifecycle_2.json", import.meta.url), "utf8"),
) as Doc;
const indexOf = (verb: string) => shipped.transitions.findIndex((row) => row.verb === verb);
const said = (fresh: Doc) => differences(shipped, fresh).map((one) => one.key);

describe("the picture of the shipped table", () => {
  const layout = layOut(shipped);

  it("runs from the report to the closing", () => {
    expect(backbone(shipped)).toEqual(
      ["reported", "pending_registration", "pending_dispatch", "pending_handle", "handling", "pending_check", "pending_close", "closed"],
    );
  });

  it("shows each state once, none over another, all inside", () => {
    expect(layout.nodes.map((node) => node.state.key)).toEqual(shipped.states.map((row) => row.key));
    for (const [at, one] of layout.nodes.entries()) {
      expect(one.x + NODE.width).toBeLessThanOrEqual(layout.width);
      expect(one.y + NODE.height).toBeLessThanOrEqual(layout.height);
      for (const other of layout.nodes.slice(at + 1)) {
        expect(Math.abs(one.x - other.x) >= NODE.width || Math.abs(one.y - other.y) >= NODE.height).toBe(true);
      }
    }
  });

  it("tells every step that leads on: as an edge, as a way in, or on the state that many lead to", () => {
    const told = new Set([
      ...layout.edges.flatMap((edge) => edge.steps),
      ...layout.nodes.flatMap((node) => [...node.opening, ...node.fromMany.map((one) => one.index)]),
    ]);
    const silent = shipped.transitions
      .map((row, index) => ({ row, index }))
      .filter(({ row, index }) => !told.has(index) && endsOf(row).some((to) => !row.from.includes(to)));
    expect(silent.map(({ row }) => row.verb)).toEqual([]);
  });
});

describe("changing a table", () => {
  it("leaves the given one as it is", () => {
    const before = JSON.stringify(shipped);
    const limit = { kind: "working_day", amount: "2" } as const;
    withState(shipped, "pending_check", { limit });
    withField(shipped, indexOf("close"), "note", { required: true });
    withRequest(shipped, "extension", { most: 1 });
    expect(JSON.stringify(shipped)).toBe(before);
  });

  it("knows where something can be put in between, and by which steps", () => {
    const found = gaps(shipped).find((gap) => gap.from === "pending_check" && gap.to === "pending_close");
    expect(found?.steps.map((index) => stepAt(shipped, index))).toEqual([{ verb: "pass_check", start: "pending_check" }]);
    expect(gaps(shipped).some((gap) => gap.from === "" && gap.to === "reported")).toBe(true);
    expect(gaps(shipped).every((gap) => gap.steps.every((index) => shipped.transitions[index]?.decision == null))).toBe(true);
  });

  it("makes keys of English names, apart from each other", () => {
    expect(freshKey([], "Leader's review")).toBe("local_leader_s_review");
    expect(freshKey(["local_leader_s_review"], "Leader's review")).toBe("local_leader_s_review_2");
    expect(freshKey([], "领导审核")).toMatch(/^local_+1$/);
    expect(freshKey([], "A very long name of a step that nobody would read").length).toBeLessThanOrEqual(25);
  });

  it.each([["4/5", 80], ["1", 100], ["2", 200], ["1/3", 33.3]])("says the share %s as %d per cent", (share, percent) => {
    expect(percentOf(share)).toBe(percent);
  });

  it.each([[80, "4/5"], [100, "1"], [200, "2"], [12.5, "1/8"]])("writes %d per cent as %s", (percent, share) => {
    expect(shareOf(percent)).toBe(share);
  });
});

describe("the difference in words", () => {
  it("is none between a table and its copy", () => {
    expect(said(JSON.parse(JSON.stringify(shipped)) as Doc)).toEqual([]);
  });

  it("does not take 1 and 1.00 for a change", () => {
    expect(said(withState(shipped, "reported", { limit: { kind: "working_hour", amount: "1.00" } }))).toEqual([]);
  });

  it("names each kind of change once, with the place it leads to", () => {
    const index = indexOf("close");
    const limit = { kind: "working_day", amount: "3" } as const;
    expect(differences(shipped, withState(shipped, "pending_check", { limit }))).toEqual([
      expect.objectContaining({ key: "state_limit", place: { kind: "state", key: "pending_check" } }),
    ]);
    expect(said(withField(shipped, index, "note", { required: true }))).toEqual(["field_required"]);
    expect(said(withStep(shipped, index, { permission: "cases.force_close" }))).toEqual(["step_who"]);
    expect(said(withRequest(shipped, "extension", { most: 1, evidence: false, longest_days: 10 }))).toEqual(
      ["request_most", "request_longest_days", "request_evidence_off"],
    );
    expect(said(withMarks(shipped, "pending_check", { warn: "1/2" }))).toEqual(["mark_added"]);
    expect(said(withStageLimit(shipped, "sign", limit))).toEqual(["stage_limit"]);
  });

  it("says what a state put in between brings, and matches the steps that only moved", () => {
    const at = indexOf("pass_check");
    const label = { zh: "领导审核", en: "Review" };
    const fresh = withStep(shipped, at, { to: "local_review" });
    fresh.states = [...fresh.states, { key: "local_review", label, group: "open", limit: null }];
    fresh.transitions = [{ verb: "local_pass", label, from: ["local_review"], to: "pending_close", reach: "area", style: "primary" }, ...fresh.transitions];
    expect(said(fresh).sort()).toEqual(["state_added", "step_added", "step_to"]);
    expect(matchSteps(shipped, fresh).size).toBe(shipped.transitions.length);
    expect(addedStates(fresh, shipped)).toEqual(["local_review"]);
  });
});

it("steps that became possible in one state are told in one sentence", () => {
  const everywhere = shipped.transitions.map((row, index) => (row.from.length > 5 ? index : -1)).filter((index) => index >= 0);
  const fresh = everywhere.reduce((doc, index) => withStep(doc, index, { from: [...(doc.transitions[index]?.from ?? []), "archived"] }), shipped);
  expect(everywhere.length).toBeGreaterThan(2);
  expect(said(fresh)).toEqual(["steps_from_more"]);
});

describe("a fault", () => {
  const fault = (path: string): Fault => ({ path, row: "", field: "", code: "", message: { zh: "", en: "" }, level: "error" });

  it("leads to its row", () => {
    expect(placeOf(shipped, "transitions.3.permission")).toEqual({ kind: "step", index: 3 });
    expect(placeOf(shipped, "states.0.key")).toEqual({ kind: "state", key: "reported" });
    expect(placeOf(shipped, "requests.extension.evidence")).toEqual({ kind: "request", key: "extension" });
    expect(placeOf(shipped, "marks.default.warn")).toEqual({ kind: "marks" });
    expect(placeOf(shipped, "transitions")).toBeNull();
    expect(placeOf(shipped, "states.999.key")).toBeNull();
  });

  it("belongs to one row, not to those whose number begins alike", () => {
    expect(faultsOf([fault("transitions.12.verb"), fault("transitions.1")], "transitions.1")).toHaveLength(1);
  });
});

it("an outcome is read in each of its forms", () => {
  const row = { verb: "x", label: { zh: "", en: "" }, from: ["reported"], reach: "area" };
  expect(outcomesOf({ ...row, to: null })).toEqual([]);
  expect(outcomesOf({ ...row, to: "closed" })).toEqual([{ state: "closed" }]);
  expect(endsOf({ ...row, to: "@chosen", fields: [{ name: "to_state", required: true, label: { zh: "", en: "" }, options: [{ value: "reported", label: { zh: "", en: "" } }] }] })).toEqual(["reported"]);
});
