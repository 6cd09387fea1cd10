/** A year of a working calendar as months of days; a day without an entry counts by its weekday. Pure. */
import type { Label } from "#shared/api/types.ts";

export interface Exception {
  on: string;
  is_workday: boolean;
  kind: string;
  name: Label;
  source: string;
  is_local: boolean;
}

export interface Day {
  on: string;
  /** 1 to 31. */
  day: number;
  worked: boolean;
  weekend: boolean;
  exception: Exception | null;
}

export interface Month {
  month: number;
  /** Empty places before the first, Monday being the first day of a week. */
  lead: number;
  days: Day[];
  worked: number;
}

const two = (value: number) => String(value).padStart(2, "0");

export function monthsOf(year: number, exceptions: Exception[]): Month[] {
  const by = new Map(exceptions.map((one) => [one.on, one]));
  return Array.from({ length: 12 }, (_, index) => {
    const count = new Date(Date.UTC(year, index + 1, 0)).getUTCDate();
    const days = Array.from({ length: count }, (_none, at): Day => {
      const on = `${year}-${two(index + 1)}-${two(at + 1)}`;
      const weekday = (new Date(Date.UTC(year, index, at + 1)).getUTCDay() + 6) % 7;
      const exception = by.get(on) ?? null;
      return { on, day: at + 1, weekend: weekday >= 5, worked: exception?.is_workday ?? weekday < 5, exception };
    });
    const lead = (new Date(Date.UTC(year, index, 1)).getUTCDay() + 6) % 7;
    return { month: index + 1, lead, days, worked: days.filter((day) => day.worked).length };
  });
}

export type Span = [string, string];

/** Minutes since midnight; "00:00" as an end is midnight after the day. */
export function minutes(clock: string, isEnd = false): number {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  const value = hour * 60 + minute;
  return isEnd && value === 0 ? 24 * 60 : value;
}

export function hoursOf(spans: Span[]): number {
  const total = spans.reduce((sum, [start, end]) => sum + minutes(end, true) - minutes(start), 0);
  return Math.round((total / 60) * 100) / 100;
}

/** The place in the list of the first span that is empty, backwards, or begins before the one before ended. */
export function wrongSpan(spans: Span[]): number | null {
  const at = spans.findIndex(([start, end], index) => {
    const before = spans[index - 1];
    return minutes(start) >= minutes(end, true) || (before !== undefined && minutes(start) < minutes(before[1], true));
  });
  return at < 0 ? null : at;
}

/** Neighbouring days of one kind and name as ranges, for a list of a year's holidays. */
export interface Range {
  first: string;
  last: string;
  days: number;
  exception: Exception;
}

export function rangesOf(exceptions: Exception[]): Range[] {
  const ranges: Range[] = [];
  for (const one of [...exceptions].sort((a, b) => a.on.localeCompare(b.on))) {
    const open = ranges.at(-1);
    const next = open === undefined ? "" : new Date(Date.parse(open.last) + 86_400_000).toISOString().slice(0, 10);
    const same = open?.exception.kind === one.kind && open.exception.name.zh === one.name.zh && open.exception.is_local === one.is_local;
    if (open !== undefined && next === one.on && same) {
      open.last = one.on;
      open.days += 1;
    } else ranges.push({ first: one.on, last: one.on, days: 1, exception: one });
  }
  return ranges;
}
