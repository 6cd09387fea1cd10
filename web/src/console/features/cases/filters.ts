/** The filters of the case list, as one value that goes to and comes from the address bar and the server. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";
import type { CaseQuery } from "#shared/api/types.ts";
import { sortOf, waysOf } from "#shared/lists/sorting.ts";
import { SORTABLE } from "./data.ts";

export type Tab = "mine" | "decide" | "answer" | "open" | "asked" | "overdue" | "soon" | "closed" | "refused" | "merged" | "all";

export const TABS: Tab[] = ["mine", "decide", "answer", "open", "asked", "overdue", "soon", "closed", "refused", "merged", "all"];

/** Who calls reporters back has a list of those to call. */
export const ANSWERING = "cases.visit_case";

/** Who decides on requests has a list of those that wait for them. */
export function tabsFor(can: (permission: string) => boolean, decides: boolean): Tab[] {
  return TABS.filter((tab) => (tab !== "answer" || can(ANSWERING)) && (tab !== "decide" || decides));
}

export const NEWEST_FIRST = "-reported_at";

export interface CaseFilters {
  tab: Tab;
  states: string[];
  category: string;
  area: string;
  source: string;
  unit: number | null;
  q: string;
  /** Days of the district's calendar, both included. */
  from: string;
  to: string;
  /** Up to three columns: `street,-due_at`. */
  sort: string;
}

export function noFilters(tab: Tab = "open"): CaseFilters {
  return { tab, states: [], category: "", area: "", source: "", unit: null, q: "", from: "", to: "", sort: NEWEST_FIRST };
}

function one(query: LocationQuery, name: string): string {
  const value = query[name];
  return typeof value === "string" ? value : "";
}

function day(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : "";
}

/** Reads the address bar; what makes no sense is left out. */
export function filtersFrom(query: LocationQuery): CaseFilters {
  const tab = one(query, "tab") as Tab;
  const unit = Number.parseInt(one(query, "unit"), 10);
  return {
    tab: TABS.includes(tab) ? tab : "open",
    states: one(query, "state").split(",").filter(Boolean),
    category: one(query, "category"),
    area: /^\d{0,15}$/.test(one(query, "area")) ? one(query, "area") : "",
    source: one(query, "source"),
    unit: unit > 0 ? unit : null,
    q: one(query, "q"),
    from: day(one(query, "from")),
    to: day(one(query, "to")),
    sort: sortOf(waysOf(one(query, "sort"), SORTABLE)) || NEWEST_FIRST,
  };
}

/** Only what differs from the plain list stands in the address bar. */
export function queryOf(filters: CaseFilters): LocationQueryRaw {
  const query: LocationQueryRaw = {};
  if (filters.tab !== "open") query["tab"] = filters.tab;
  if (filters.states.length > 0) query["state"] = filters.states.join(",");
  for (const name of ["category", "area", "source", "q", "from", "to"] as const) {
    if (filters[name] !== "") query[name] = filters[name];
  }
  if (filters.unit !== null) query["unit"] = String(filters.unit);
  if (filters.sort !== NEWEST_FIRST) query["sort"] = filters.sort;
  return query;
}

const TAB_QUERY: Record<Tab, Partial<CaseQuery>> = {
  mine: { work: "mine" },
  decide: { requests: "mine" },
  answer: { answers: "open" },
  open: { group: "open" },
  asked: { requests: "pending" },
  overdue: { due: "overdue" },
  soon: { due: "soon" },
  closed: { group: "closed" },
  refused: { group: "refused" },
  merged: { group: "merged" },
  all: {},
};

/** Midnight in the district at the beginning of a day, or of the day after. */
function midnight(dayText: string, after = 0): string {
  const at = new Date(`${dayText}T00:00:00+08:00`);
  at.setUTCDate(at.getUTCDate() + after);
  return at.toISOString();
}

/** Which cases the server is asked for. */
export function filterQuery(filters: CaseFilters): CaseQuery {
  return {
    ...TAB_QUERY[filters.tab],
    ...(filters.states.length > 0 && { state: filters.states.join(",") }),
    ...(filters.category !== "" && { category: filters.category }),
    ...(filters.area !== "" && { area: filters.area }),
    ...(filters.source !== "" && { source: filters.source }),
    ...(filters.unit !== null && { unit: filters.unit }),
    ...(filters.q.trim() !== "" && { q: filters.q.trim() }),
    ...(filters.from !== "" && { reported_from: midnight(filters.from) }),
    ...(filters.to !== "" && { reported_to: midnight(filters.to, 1) }),
  };
}

/** Which, and in which order. */
export const serverQuery = (filters: CaseFilters): CaseQuery => ({ ...filterQuery(filters), sort: filters.sort });

/** How many filters beside the tab are set: shown on the phone's filter button. */
export function setCount(filters: CaseFilters): number {
  const texts = [filters.category, filters.area, filters.source, filters.q, filters.from || filters.to];
  return texts.filter((text) => text !== "").length + Number(filters.unit !== null) + Number(filters.states.length > 0);
}
