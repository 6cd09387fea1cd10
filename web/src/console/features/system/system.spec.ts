import { describe, expect, it } from "vitest";
import { bytes, percent, type LongJob, type RouteFigures } from "./data.ts";
import { difference } from "./difference.ts";
import { pageOf, refOf, refsIn } from "./journal.ts";
import { put, step } from "./order.ts";
import { placeOf } from "./places.ts";
import { hoursOfDay, ms, standingOf } from "./figures.ts";

describe("figures", () => {
  it("have units that fit their size", () => {
    expect([0, 1023, 1536, 200 * 1024 ** 2, 3 * 1024 ** 4].map(bytes)).toEqual(["0 B", "1023 B", "1.5 KB", "200 MB", "3.0 TB"]);
    expect([0.4, 840, 1234].map(ms)).toEqual(["0 ms", "840 ms", "1.2 s"]);
  });

  it("show every hour of the day, asked or not", () => {
    const now = new Date("2026-11-22T13:40:00Z");
    const bars = hoursOfDay([{ hour: "2026-11-22T13:00:00Z", count: 5, errors: 1, p95_ms: 20 }], now);
    expect(bars).toHaveLength(24);
    expect(bars.at(-1)).toMatchObject({ count: 5, errors: 1 });
    expect(bars[0]?.label).toBe("22:00");
    expect(bars.filter((bar) => bar.count > 0)).toHaveLength(1);
  });

  it("call a route slow only after enough requests, and one that fails wrong at once", () => {
    const route = (count: number, p95_ms: number, errors = 0) => ({ route: "GET /x", count, errors, p50_ms: 1, p95_ms, p99_ms: p95_ms }) as RouteFigures;
    expect([route(3, 9000), route(30, 1500), route(30, 9000), route(3, 5, 1)].map(standingOf)).toEqual(["well", "attention", "wrong", "wrong"]);
  });
});

describe("signs", () => {
  it("lead to the view that shows what they count", () => {
    const shown = ["dead_letters", "dead_deliveries", "stuck_marks", "backup"].map((sign) => placeOf(sign, () => true));
    expect(shown).toEqual([...["open", "deliveries", "marks"].map((show) => ({ name: "system.dead-letters", query: { show } })), { name: "system.backups" }]);
    expect(placeOf("dead_letters", () => false)).toBeNull();
  });
});

describe("long work", () => {
  it("knows its share only where there is a whole", () => {
    const job = (done: number, total: number) => ({ done, total }) as LongJob;
    expect([percent(job(5, 0)), percent(job(1, 3)), percent(job(9, 3))]).toEqual([null, 33, 100]);
  });
});

describe("before and after", () => {
  it("are told leaf by leaf, what changed first", () => {
    const lines = difference({ name: "a", at: { x: 1 }, tags: [1, 2] }, { name: "a", at: { x: 2 }, tags: [1, 2], more: null });
    expect(lines.map((line) => [line.path, line.before, line.after, line.changed])).toEqual([
      ["at.x", 1, 2, true],
      ["more", undefined, null, true],
      ["name", "a", "a", false],
      ["tags", [1, 2], [1, 2], false],
    ]);
    expect(lines.map((line) => line.was)).toEqual([true, false, true, true]);
    const label = { zh: "甲", en: "A" };
    expect(difference(null, { text: label }).map((line) => [line.path, line.after])).toEqual([["text", label]]);
    expect(difference(null, null)).toEqual([]);
  });
});

describe("what an entry refers to", () => {
  it("is asked for by kind and id, as far as it has a name", () => {
    expect(refsIn("user", "u1")).toEqual(["user:u1"]);
    expect(refsIn("request.unit", 5)).toEqual(["unit:5"]);
    expect(refsIn("areas", ["1", "2"])).toEqual(["area:1", "area:2"]);
    expect([refsIn("note", "u1"), refsIn("into", null), refOf("job", "7")]).toEqual([[], [], []]);
    expect(pageOf("code", "sources:web")).toEqual({ name: "system.dictionaries", query: { table: "sources" } });
    expect(pageOf("session", "x")).toBeNull();
  });
});

describe("values of a dictionary", () => {
  const items = ["a", "b", "b1", "b2", "c"].map((code) => ({ code, parent: code.length > 1 ? code.charAt(0) : null }));
  const codes = (rows: typeof items) => rows.map((one) => one.code).join(" ");
  it("move among those beside them, with what stands below", () => {
    expect(codes(step(items, "b", -1))).toBe("b b1 b2 a c");
    expect(codes(step(items, "b", 1))).toBe("a c b b1 b2");
    expect(codes(step(items, "b2", -1))).toBe("a b b2 b1 c");
    expect(codes(put(items, "c", "a"))).toBe("c a b b1 b2");
  });
  it("stay where they are at the ends and under another heading", () => {
    expect([codes(step(items, "a", -1)), codes(step(items, "b1", -1)), codes(put(items, "b1", "a"))]).toEqual(Array(3).fill(codes(items)));
  });
});
