import { describe, expect, it } from "vitest";
import type { Area, Category, Unit } from "#shared/api/types.ts";
import { communitiesOf, streetsOf } from "./areas/tree.ts";
import { hoursOf, monthsOf, rangesOf, wrongSpan, type Exception } from "./calendars/year.ts";
import { formOf, groupsOf, isStricter, payloadOf, type Version } from "./categories/data.ts";
import { fieldWords } from "./categories/saying.ts";
import { choices, levelOf, sorted, type Policy } from "./duplicates/data.ts";
import { limitWords, sameLimit } from "./limits.ts";
import { daysBetween } from "./people/data.ts";
import { reordered, topicsOf, type Phrase } from "./phrases/data.ts";
import { dayAhead } from "./send.ts";
import { linesOf, subtree } from "./units/tree.ts";

const label = (zh: string) => ({ zh, en: zh });

describe("a year", () => {
  const off = (on: string, zh: string): Exception => ({ on, is_workday: false, kind: "public_holiday", name: label(zh), source: "", is_local: false });
  const worked: Exception = { ...off("2026-01-04", "元旦"), is_workday: true, kind: "adjusted_workday" };

  it("has every day once, Monday first, and leap years", () => {
    const months = monthsOf(2028, []);
    expect(months.flatMap((month) => month.days)).toHaveLength(366);
    expect(months[0]?.lead).toBe(5); // 1 January 2028 is a Saturday
  });

  it("counts by the weekday unless a day is stated", () => {
    const [january] = monthsOf(2026, [off("2026-01-01", "元旦"), off("2026-01-02", "元旦"), worked]);
    expect(january?.worked).toBe(22 - 2 + 1);
    expect(january?.days[3]).toMatchObject({ on: "2026-01-04", worked: true, weekend: true });
  });

  it("puts neighbouring days of one festival together", () => {
    const ranges = rangesOf([off("2026-01-02", "元旦"), off("2026-01-01", "元旦"), worked, off("2026-02-28", "元旦")]);
    expect(ranges.map((one) => [one.first, one.last, one.days])).toEqual([
      ["2026-01-01", "2026-01-02", 2],
      ["2026-01-04", "2026-01-04", 1],
      ["2026-02-28", "2026-02-28", 1],
    ]);
  });

  it("knows hours, midnight and spans that cannot be", () => {
    expect(hoursOf([["08:00", "12:00"], ["14:00", "17:30"]])).toBe(7.5);
    expect(hoursOf([["20:00", "00:00"]])).toBe(4);
    expect(wrongSpan([["08:00", "12:00"], ["12:00", "18:00"]])).toBeNull();
    expect(wrongSpan([["08:00", "12:00"], ["11:00", "18:00"]])).toBe(1);
    expect(wrongSpan([["12:00", "08:00"]])).toBe(0);
  });
});

describe("days", () => {
  it("are the district's, not this machine's", () => {
    expect(dayAhead(new Date("2026-11-22T15:59:00Z"), 0)).toBe("2026-11-22");
    expect(dayAhead(new Date("2026-11-22T16:01:00Z"), 0)).toBe("2026-11-23");
    expect(dayAhead(new Date("2026-12-31T10:00:00Z"), 1)).toBe("2027-01-01");
  });

  it("are counted with the first and the last", () => {
    expect(daysBetween("2026-11-22", "2026-11-22")).toBe(1);
    expect(daysBetween("2026-12-30", "2027-01-02")).toBe(4);
    expect(daysBetween("2026-11-23", "2026-11-22")).toBe(0);
  });
});

describe("limits", () => {
  it("are the same by value", () => {
    expect(sameLimit({ kind: "working_day", amount: "2.00" }, { kind: "working_day", amount: 2 })).toBe(true);
    expect(sameLimit({ kind: "working_day", amount: "2" }, null)).toBe(false);
    expect(sameLimit(null, undefined)).toBe(true);
  });

  it("are said in words", () => {
    expect(limitWords({ kind: "natural_day", amount: "3.00" })).toEqual(["admin.limit.words.natural_day", { n: 3 }]);
    expect(limitWords(null)[0]).toBe("admin.limit.none");
  });
});

describe("a local version of a class", () => {
  const version = {
    name: label("暴露垃圾"), usual_unit: "street", synonyms: ["垃圾"], active: true, version: 0,
    conditions: [{ id: 7, no: 1, text: label("一"), closing: label("清"), handling: label(""), limit: { kind: "working_hour", amount: "4.00" }, area_limits: { A: { kind: "working_hour", amount: "2" } }, source: "x", confidence: "" }],
    requests: { extension: { most: 1 } },
  } as unknown as Version;

  it("sends only limits that differ by area and rules that say something", () => {
    const form = formOf(version, "2026-12-01");
    const [row] = form.conditions;
    if (row !== undefined) row.area_limits = { ...row.area_limits, B: { kind: "working_hour", amount: "4" }, C: null };
    const sent = payloadOf(form, 3);
    expect(sent.expected_version).toBe(3);
    expect(sent.conditions[0]?.area_limits).toEqual({ A: { kind: "working_hour", amount: "2" } });
    expect(Object.keys(sent.requests ?? {})).toEqual(["extension"]);
    expect(sent.conditions[0]).not.toHaveProperty("id");
  });

  it("is stricter only when it says so", () => {
    const rule = { most: null, longest_days: null, evidence: false, before_due: false, also: [] };
    expect(isStricter(rule)).toBe(false);
    expect(isStricter({ ...rule, most: 0 })).toBe(true);
  });

  it("is compared field by field, by the condition's own words", () => {
    expect(fieldWords("usual_unit")[0]).toBe("admin.difference.field.usual_unit");
    expect(fieldWords("conditions.积存0.5立方米.以上.limit")).toEqual(["admin.difference.field.limit", { text: "积存0.5立方米.以上" }]);
  });
});

const category = (key: string, zh: string, major: string): Category =>
  ({ key, kind: key.split(".")[0], zh, en: zh, search: "", code: null, major: { code: major, ...label(`大类${major}`) } }) as Category;

describe("classes", () => {
  const all = [category("component.lamp", "路灯", "02"), category("event.waste", "暴露垃圾", "01"), category("event.noise", "噪音", "04")];

  it("stand below their major classes, events first, and are found by words", () => {
    expect(groupsOf(all, "", () => true).map((group) => group.key)).toEqual(["001", "004", "102"]);
    expect(groupsOf(all, "垃圾", () => true).flatMap((group) => group.items)).toHaveLength(1);
    expect(groupsOf(all, "", (one) => one.kind === "component")).toHaveLength(1);
  });

  it("have rules in the order in which the larger stands in for the smaller", () => {
    const policy = (asked: string) => ({ asked }) as Policy;
    expect(sorted(["component", "event.waste", "event.04", "event", "event.noise"].map(policy), all).map((row) => row.asked)).toEqual([
      "event", "event.waste", "event.04", "event.noise", "component",
    ]);
    expect([levelOf("event"), levelOf("event.04"), levelOf("event.noise")]).toEqual([0, 1, 2]);
    expect(choices(all, new Set(["event.01"])).map((row) => row.key)).not.toContain("event.01");
  });
});

describe("units", () => {
  const unit = (id: number, parent: number | null, name: string) => ({ id, parent_id: parent, name, name_en: "", short_name: name, code: `u${id}` }) as Unit;
  const all = [unit(1, null, "区政府"), unit(2, 1, "城管局"), unit(3, 2, "环卫所"), unit(4, 1, "水务局")];

  it("are an indented list that folds, and opens for what is looked for", () => {
    expect(linesOf(all, "", new Set()).map((line) => [line.unit.id, line.depth])).toEqual([[1, 0], [2, 1], [3, 2], [4, 1]]);
    expect(linesOf(all, "", new Set([2])).map((line) => line.unit.id)).toEqual([1, 2, 4]);
    expect(linesOf(all, "环卫", new Set([1])).map((line) => line.unit.id)).toEqual([1, 2, 3]);
  });

  it("cannot be moved below themselves", () => {
    expect([...subtree(all, 2)]).toEqual([2, 3]);
  });
});

describe("areas", () => {
  const area = (code: string, parent: string | null, level: string, name: string) => ({ code, parent, level, name, name_en: "" }) as Area;
  const all = [area("420117", null, "district", "新洲区"), area("420117001", "420117", "street", "邾城街"), area("420117001001", "420117001", "community", "齐安社区")];

  it("show the street of a community that is looked for, and a street with all its communities", () => {
    expect(streetsOf(all, "齐安").map((row) => row.name)).toEqual(["邾城街"]);
    expect(communitiesOf(all, "420117001", "邾城")).toHaveLength(1);
    expect(streetsOf(all, "没有")).toEqual([]);
  });
});

describe("phrases", () => {
  const phrase = (id: number, order: number) => ({ id, order, topic: "case.accept" }) as Phrase;

  it("move one place with as few changes as need be", () => {
    const rows = [phrase(1, 10), phrase(2, 20), phrase(3, 30)];
    expect(reordered(rows, 0, 1).map((one) => [one.phrase.id, one.order])).toEqual([[2, 10], [1, 20]]);
    expect(reordered(rows, 0, -1)).toEqual([]);
  });

  it("stand below the steps in the table's order, unknown topics last", () => {
    const lifecycle = { transitions: [{ verb: "accept", label: label("受理") }, { verb: "accept", label: label("受理") }] } as never;
    expect(topicsOf(lifecycle, [{ ...phrase(1, 1), topic: "case.other" }]).map((topic) => topic.key)).toEqual(["case.accept", "case.other"]);
  });
});
