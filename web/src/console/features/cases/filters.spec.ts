import { describe, expect, it } from "vitest";
import { filtersFrom, noFilters, queryOf, serverQuery, setCount, tabsFor, type CaseFilters } from "./filters.ts";

const full: CaseFilters = {
  tab: "closed",
  states: ["closed"],
  category: "event.small_ads",
  area: "420117001",
  source: "hotline_12345",
  unit: 12,
  q: "文昌 井盖",
  from: "2026-07-01",
  to: "2026-07-12",
  sort: "number",
};

describe("the address bar", () => {
  it("holds the filters and gives them back", () => {
    expect(filtersFrom(queryOf(full) as never)).toEqual(full);
  });

  it("stays empty for the plain list", () => {
    expect(queryOf(noFilters())).toEqual({});
    expect(filtersFrom({})).toEqual(noFilters());
  });

  it("may say nonsense without harm", () => {
    const filters = filtersFrom({ tab: "x", sort: "name", unit: "-3", from: "12/07", area: "12' or", state: ["a"] });
    expect(filters).toEqual(noFilters());
  });
});

describe("the server", () => {
  it("is asked for days of the district, the last one included", () => {
    const query = serverQuery(full);
    expect(query.reported_from).toBe("2026-06-30T16:00:00.000Z");
    expect(query.reported_to).toBe("2026-07-12T16:00:00.000Z");
    expect(query).toMatchObject({ group: "closed", state: "closed", unit: 12, sort: "number", area: "420117001" });
  });

  it("hears only what is set", () => {
    expect(serverQuery(noFilters("mine"))).toEqual({ work: "mine", sort: "-reported_at" });
    expect(serverQuery(noFilters("decide"))).toEqual({ requests: "mine", sort: "-reported_at" });
    expect(serverQuery(noFilters("asked"))).toEqual({ requests: "pending", sort: "-reported_at" });
    expect(serverQuery(noFilters("overdue"))).toEqual({ due: "overdue", sort: "-reported_at" });
  });
});

it("lists decisions for those who make them, and answers for those who call back", () => {
  expect(tabsFor(() => false, false)).not.toContain("decide");
  expect(tabsFor(() => false, true)).toContain("decide");
  expect(tabsFor(() => true, false)).toContain("answer");
});

it("counts the filters that are set beside the tab", () => {
  expect(setCount(noFilters("mine"))).toBe(0);
  expect(setCount(full)).toBe(7);
});
