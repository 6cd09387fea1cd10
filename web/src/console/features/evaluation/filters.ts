/** What the board is asked, as the address bar keeps it. */
import type { LocationQuery, LocationQueryRaw } from "vue-router";

export interface Filters {
  from: string;
  to: string;
  area: string;
  unit: number | null;
  noUnit: boolean;
  category: string;
  source: string;
}

export const PRESETS = ["today", "week", "days30", "month", "last_month", "year"] as const;
export type Preset = (typeof PRESETS)[number];

const DAY_MS = 86_400_000;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The days of a preset; `today` is "2026-11-22" of the district. */
export function daysOf(preset: Preset, today: string): [string, string] {
  const at = Date.parse(today);
  const month = `${today.slice(0, 7)}-01`;
  const lastOfMonthBefore = day(Date.parse(month) - DAY_MS);
  const weekday = (new Date(at).getUTCDay() + 6) % 7;
  const firsts: Record<Preset, string> = {
    today,
    week: day(at - weekday * DAY_MS),
    days30: day(at - 29 * DAY_MS),
    month,
    last_month: `${lastOfMonthBefore.slice(0, 7)}-01`,
    year: `${today.slice(0, 4)}-01-01`,
  };
  return [firsts[preset], preset === "last_month" ? lastOfMonthBefore : today];
}

export function presetOf(filters: Filters, today: string): Preset | "" {
  const days = [filters.from, filters.to].join();
  // On the first of a month several are the same days: the one that was meant is not known, the first will do.
  return PRESETS.find((preset) => daysOf(preset, today).join() === days) ?? "";
}

const one = (query: LocationQuery, name: string): string => (typeof query[name] === "string" ? query[name] : "");
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** Reads the address bar; what makes no sense is left out. Without days: the last thirty. */
export function filtersFrom(query: LocationQuery, today: string): Filters {
  const [first, last] = daysOf("days30", today);
  const [from, to] = [one(query, "from"), one(query, "to")];
  const both = isDay(from) && isDay(to);
  const unit = Number.parseInt(one(query, "unit"), 10);
  return {
    from: both ? from : first,
    to: both ? to : last,
    area: /^\d{0,15}$/.test(one(query, "area")) ? one(query, "area") : "",
    unit: unit > 0 ? unit : null,
    noUnit: one(query, "unit") === "none",
    category: one(query, "category"),
    source: one(query, "source"),
  };
}

/** The address that shows the same again, on whatever day it is opened. */
export function queryOf(filters: Filters): LocationQueryRaw {
  const query: LocationQueryRaw = { from: filters.from, to: filters.to };
  for (const name of ["area", "category", "source"] as const) if (filters[name] !== "") query[name] = filters[name];
  if (filters.noUnit) query["unit"] = "none";
  else if (filters.unit !== null) query["unit"] = String(filters.unit);
  return query;
}

/** What the server is asked. */
export function serverQuery(filters: Filters) {
  return {
    from: filters.from,
    to: filters.to,
    ...(filters.area !== "" && { area: filters.area }),
    ...(filters.unit !== null && { unit: filters.unit }),
    ...(filters.noUnit && { no_unit: true }),
    ...(filters.category !== "" && { category: filters.category }),
    ...(filters.source !== "" && { source: filters.source }),
  };
}
