import { describe, expect, it } from "vitest";
import type { CaseDetail, CaseRow, Code, Label, Lifecycle, Photo, Unit } from "#shared/api/types.ts";
import { caseOf } from "./composables/useCaseEvents.ts";
import { blankReport, missingIn, reportBody } from "./composables/useReport.ts";
import { parseLonLat } from "./lon-lat.ts";
import { limitWords } from "./limits.ts";
import { groupByStep, kindToDecide, nextStep } from "./next-step.ts";
import { beforeAndAfter } from "./photos.ts";
import { placeFacts } from "./place.ts";
import { stagesOf } from "./progress.ts";
import { proposals } from "./proposals.ts";
import { hasReporter, openSources, PATROL } from "#shared/cases/sources.ts";

const label = (text: string): Label => ({ zh: text, en: text });
const plain = { request: "", decision: null };
const lifecycle: Lifecycle = {
  version: 1,
  edition: "x",
  states: [
    { key: "reported", label: label("已上报"), group: "open" },
    { key: "handling", label: label("处置中"), group: "open" },
    { key: "suspended", label: label("挂账"), group: "open" },
    { key: "closed", label: label("已结案"), group: "closed" },
    { key: "not_accepted", label: label("不予受理"), group: "refused" },
  ],
  transitions: [
    { verb: "report", label: label("上报"), start: [], ends: ["reported"], permission: "p.report", style: "primary", ...plain },
    { verb: "refuse", label: label("不予受理"), start: ["reported"], ends: ["not_accepted"], permission: "p.accept", style: "danger", ...plain },
    { verb: "accept", label: label("受理"), start: ["reported"], ends: ["handling"], permission: "p.accept", style: "primary", ...plain },
    { verb: "take", label: label("接单"), start: ["handling"], ends: ["handling"], permission: "p.handle", style: "primary", ...plain },
    { verb: "report_done", label: label("反馈"), start: ["handling"], ends: ["closed"], permission: "p.handle", style: "primary", ...plain },
    { verb: "approve_return", label: label("同意回退"), start: ["handling"], ends: ["reported"], permission: "", style: "primary", request: "return", decision: "approve" },
    { verb: "approve_suspension", label: label("同意挂账"), start: ["handling"], ends: ["suspended"], permission: "", style: "primary", request: "suspension", decision: "approve" },
  ],
  requests: [],
};
const anything = () => true;
const row = (state: string, pending = "", mine = ""): CaseRow =>
  ({ id: state + pending, state, state_label: label(state), pending_request: pending, to_decide: mine }) as CaseRow;

describe("what to do next", () => {
  it("is the main step that the person may take", () => {
    expect(nextStep(row("reported"), lifecycle, anything)?.verb).toBe("accept");
    expect(nextStep(row("reported"), lifecycle, (permission) => permission === "p.handle")).toBeNull();
    expect(nextStep(row("closed"), lifecycle, anything)).toBeNull();
  });

  it("is the decision while a request is pending, for those whose decision it waits for", () => {
    expect(nextStep(row("handling", "return", "return"), lifecycle, anything)?.verb).toBe("approve_return");
    expect(nextStep(row("handling", "suspension", "return"), lifecycle, anything)?.verb).toBe("approve_return");
    expect(nextStep(row("handling", "return"), lifecycle, anything)?.verb).toBe("report_done");
    expect(nextStep(row("handling"), lifecycle, anything)?.verb).toBe("report_done");
  });

  it("groups tasks in the order of their nearest deadline, decisions first", () => {
    const groups = groupByStep([row("handling"), row("reported"), row("handling", "suspension", "return"), row("handling")], lifecycle, anything);
    expect(groups.map((group) => [group.key, group.rows.length])).toEqual([
      ["approve_return", 1],
      ["report_done", 2],
      ["accept", 1],
    ]);
    expect(groups.map(kindToDecide)).toEqual(["return", "", ""]);
  });

  it("falls back to the state before the table is known", () => {
    expect(groupByStep([row("reported")], undefined, anything)[0]).toMatchObject({ key: "reported", step: null });
  });
});

describe("the progress strip", () => {
  const at = (state: string, group: string, ...visited: string[]) =>
    ({
      state,
      state_label: label(state),
      group,
      timeline: visited.map((to_state, index) => ({ to_state, at: `2026-07-1${index}T00:00:00Z` })),
    }) as CaseDetail;

  it("shows passed, current and coming states with the time of arrival", () => {
    const stages = stagesOf(at("handling", "open", "reported", "handling"), lifecycle);
    expect(stages.map((stage) => stage.standing)).toEqual(["passed", "current", "ahead"]);
    expect(stages[1]?.at).toBe("2026-07-11T00:00:00Z");
    expect(stages[2]?.at).toBeNull();
  });

  it("keeps the time of arrival when a step leaves the case where it is", () => {
    const detail = at("handling", "open", "reported", "handling");
    const beside = { from_state: "handling", to_state: "handling", at: "2026-07-19T00:00:00Z" };
    const stages = stagesOf({ ...detail, timeline: [...detail.timeline, beside] } as CaseDetail, lifecycle);
    expect(stages[1]?.at).toBe("2026-07-11T00:00:00Z");
  });

  it("leaves out what a case never passed, and shows a state beside the way only while it stands there", () => {
    const keys = (detail: CaseDetail) => stagesOf(detail, lifecycle).map((stage) => `${stage.key} ${stage.standing}`);
    expect(keys(at("handling", "open", "handling"))).toEqual(["handling current", "closed ahead"]);
    expect(keys(at("suspended", "open", "reported", "handling", "suspended"))).toEqual([
      "reported passed",
      "handling passed",
      "suspended current",
      "closed ahead",
    ]);
    expect(keys(at("merged", "merged", "reported", "merged"))).toEqual(["reported passed", "merged current"]);
  });

  it("ends early for a refused case", () => {
    const stages = stagesOf(at("not_accepted", "refused", "reported", "not_accepted"), lifecycle);
    expect(stages.map((stage) => stage.key)).toEqual(["reported", "not_accepted"]);
    expect(stages[1]?.standing).toBe("current");
  });
});

describe("the report", () => {
  const form = { ...blankReport("hotline_12345"), category: "c", description: " 井盖破损 ", point: { lon: 114.8, lat: 30.8 } };

  it("says what is still missing", () => {
    expect(missingIn(blankReport(), false, [])).toEqual(["place", "category", "description", "source"]);
    expect(missingIn(form, false, [])).toEqual(["place"]);
    expect(missingIn(form, true, [])).toEqual([]);
    expect(missingIn({ ...form, source: PATROL }, true, [])).toEqual(["photos"]);
    expect(missingIn({ ...form, source: PATROL }, true, ["near"])).toEqual([]);
  });

  it("wants both sides of what was mended on the spot, and says so to the server for a patrol only", () => {
    const mended = { ...form, source: PATROL, verb: "self_handle" as const };
    expect(missingIn(mended, true, ["before"])).toEqual(["photos"]);
    expect(missingIn(mended, true, ["before", "after"])).toEqual([]);
    expect(reportBody(mended, [], false).verb).toBe("self_handle");
    expect(reportBody({ ...mended, source: "hotline_12345" }, [], false).verb).toBe("");
  });

  it("keeps its identity from draft to sending, and sends a reporter only where there is one", () => {
    expect(reportBody(form, [], true)).toMatchObject({ id: form.id, description: "井盖破损", lon: 114.8 });
    expect(reportBody(form, [], true)).not.toHaveProperty("reporter");
    const told = { ...form, name: "李", phone: "138" };
    expect(reportBody(told, [], true).reporter).toEqual({ name: "李", phone: "138" });
    expect(reportBody(told, [], false)).not.toHaveProperty("reporter");
  });
});

describe("sources", () => {
  const code = (key: string, parent: string | null = null, active = true) => ({ code: key, parent, active }) as Code;
  const codes = [code(PATROL), code("hotline"), code("hotline_12345", "hotline"), code("iot_alarm"), code("old", null, false)];

  it("are those of the person's own work", () => {
    const open = (...held: string[]) => openSources(codes, (permission) => held.includes(permission)).map((one) => one.code);
    expect(open("cases.report_case")).toEqual([PATROL]);
    expect(open("cases.take_call")).toEqual(["hotline_12345", "iot_alarm"]);
    expect(open()).toEqual([]);
  });

  it("have a reporter when somebody outside told us", () => {
    expect(hasReporter("hotline_12345", codes)).toBe(true);
    expect(hasReporter("hotline", codes)).toBe(true);
    expect(hasReporter("iot_alarm", codes)).toBe(false);
    expect(hasReporter(PATROL, codes)).toBe(false);
  });
});

describe("proposals", () => {
  const unit = (id: number, code: string, area: string, handles = true) =>
    ({ id, code, area_code: area, handles_cases: handles }) as Unit;
  const units = [unit(1, "water", "420117"), unit(2, "zhucheng", "420117001"), unit(3, "command", "420117", false)];

  it("name the unit whose duty it is, then the street's own, each once", () => {
    expect(proposals(units, "water", "420117001").map((one) => [one.unit.id, one.reason])).toEqual([
      [1, "duty"],
      [2, "street"],
    ]);
    expect(proposals(units, "zhucheng", "420117001")).toHaveLength(1);
    expect(proposals(units, "command", "")).toEqual([]);
  });
});

describe("written coordinates", () => {
  it("are taken in either order, with whatever stands between", () => {
    const point = { lon: 114.80123, lat: 30.84567 };
    expect(parseLonLat("114.80123, 30.84567")).toEqual(point);
    expect(parseLonLat("纬度30.84567 经度114.80123")).toEqual(point);
    expect(parseLonLat("114.80123，30.84567")).toEqual(point);
  });

  it("are refused when they are none", () => {
    for (const text of ["", "文昌大道", "114.8", "1 2 3", "12, 13", "214.8, 30.8"]) expect(parseLonLat(text)).toBeNull();
  });
});

describe("small things", () => {
  it("tells photos of before from those since", () => {
    const photos = ["near", "after", "evidence", "before", "check"].map((slot) => ({ slot }) as Photo);
    const sides = beforeAndAfter(photos);
    expect(sides.before.map((photo) => photo.slot)).toEqual(["near", "before"]);
    expect(sides.after.map((photo) => photo.slot)).toEqual(["after", "check"]);
  });

  it("reads a place whatever is missing in it", () => {
    const place = { street: { name: "邾城街道" }, unit_grid: "420117001500002", duty_person: { name: "姜", post: "监督员" } };
    expect(placeFacts(place).map((fact) => fact.value)).toEqual(["邾城街道", "420117001500002", "姜（监督员）"]);
    expect(placeFacts({ street: 3, managing_body: null })).toEqual([]);
  });

  it("words a limit by its kind", () => {
    expect(limitWords({ kind: "working_day", amount: "2.50" })).toEqual(["cases.limit.working_day", { n: 2.5 }]);
  });

  it("knows which case a change is about", () => {
    expect(caseOf({ type: "case.opened", aggregate: "case:12", version: 1 })).toBe("12");
    expect(caseOf({ type: "notice.created", aggregate: "notice:12", version: 1 })).toBeNull();
  });
});
