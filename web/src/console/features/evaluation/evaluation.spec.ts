import { describe, expect, it } from "vitest";
import { amount, buckets, change, shown, ticks, type Board, type Indicator } from "./figures.ts";
import { daysOf, filtersFrom, presetOf, queryOf, serverQuery } from "./filters.ts";

const one = (kind: Indicator["kind"], better: Indicator["better"] = ""): Indicator => ({
  key: "x",
  name: { zh: "甲", en: "A" },
  formula: { zh: "乙", en: "B" },
  kind,
  subject: "case",
  better,
  by_day: true,
});

describe("figures", () => {
  it("are rounded half up where they are shown, and only there", () => {
    expect(shown("rate", { value: 1, of: 3 })).toBe("33.3%");
    expect(shown("rate", { value: 2, of: 3 })).toBe("66.7%");
    expect(shown("rate", { value: 1, of: 2000 })).toBe("0.1%");
    expect(shown("rate", { value: 1999, of: 2000 })).toBe("100.0%");
    expect(shown("rate", { value: 9990, of: 10_000 })).toBe("99.9%");
    expect(shown("mean_time", { value: 3600 * 5 + 180, of: 2 })).toBe("2.5");
    expect(shown("mean_time", { value: 3600 * 3000, of: 2 })).toBe("1,500.0");
    expect(shown("count", { value: 12_345, of: null })).toBe("12,345");
  });

  it("say nothing where nothing was due", () => {
    expect(shown("rate", { value: 0, of: 0 })).toBe("–");
    expect(amount("rate", { value: 0, of: 0 })).toBeNull();
    expect(change(one("rate"), { value: 1, of: 2 }, { value: 0, of: 0 })).toBeNull();
    expect(change(one("mean_time"), { value: 5, of: 1 }, { value: 0, of: 1 })).toBeNull();
  });

  it("stand beside the period before in points or per cent, good or bad by what is better", () => {
    expect(change(one("rate", "more"), { value: 9, of: 10 }, { value: 8, of: 10 })).toEqual({ text: "10.0", unit: "points", direction: "up", tone: "good" });
    expect(change(one("rate", "less"), { value: 9, of: 10 }, { value: 8, of: 10 })?.tone).toBe("bad");
    expect(change(one("count"), { value: 50, of: null }, { value: 100, of: null })).toEqual({ text: "50.0", unit: "percent", direction: "down", tone: "plain" });
    expect(change(one("count", "less"), { value: 17, of: null }, { value: 1, of: null })).toEqual({ text: "16", unit: "number", direction: "up", tone: "bad" });
    expect(change(one("rate", "more"), { value: 1, of: 3 }, { value: 2, of: 6 })?.direction).toBe("same");
  });
});

describe("buckets", () => {
  const board = (first: string, last: string): Board =>
    ({ period: { first, last }, days: [{ day: "2026-03-02", figures: { x: { value: 2, of: 4 } } }, { day: "2026-03-09", figures: { x: { value: 1, of: 1 } } }] }) as unknown as Board;

  it("are the days of a short period, those without anything too", () => {
    const found = buckets(board("2026-02-27", "2026-03-10"));
    expect(found).toHaveLength(12);
    expect(found[3]).toEqual({ key: "2026-03-02", figures: { x: { value: 2, of: 4 } } });
  });

  it("are the months of a long one, fractions added as fractions", () => {
    const found = buckets(board("2026-01-01", "2026-12-31"));
    expect(found).toHaveLength(12);
    expect(found[2]).toEqual({ key: "2026-03-01", figures: { x: { value: 3, of: 5 } } });
  });
});

it("an axis has few round steps that reach over everything", () => {
  for (const most of [1, 3, 7, 10, 11, 99, 480, 12_345]) {
    const steps = ticks(most);
    expect(steps.at(-1)).toBeGreaterThanOrEqual(most);
    expect(steps.length).toBeLessThan(7);
  }
  expect(ticks(0)).toEqual([0, 1]);
});

describe("filters", () => {
  const today = "2026-11-22"; // a Sunday

  it("know the days of each preset", () => {
    expect(daysOf("week", today)).toEqual(["2026-11-16", today]);
    expect(daysOf("last_month", today)).toEqual(["2026-10-01", "2026-10-31"]);
    expect(daysOf("last_month", "2026-03-01")).toEqual(["2026-02-01", "2026-02-28"]);
    expect(daysOf("days30", today)).toEqual(["2026-10-24", today]);
  });

  it("go through the address bar and back", () => {
    const filters = filtersFrom({ from: "2026-01-01", to: "2026-02-01", unit: "7", area: "420117001", category: "event.01", source: "x" }, today);
    expect(filtersFrom(queryOf(filters) as Record<string, string>, today)).toEqual(filters);
    expect(presetOf(filters, today)).toBe("");
    expect(serverQuery(filtersFrom({ unit: "none" }, today))).toEqual({ from: "2026-10-24", to: today, no_unit: true });
  });

  it("leave out what makes no sense", () => {
    expect(filtersFrom({ from: "yesterday", to: "2026-02-01", unit: "-3", area: "x" }, today)).toMatchObject({ from: "2026-10-24", unit: null, area: "" });
    expect(presetOf(filtersFrom({}, today), today)).toBe("days30");
  });
});
