/** Exact figures in words: fractions stay fractions, and are rounded half up only where they are shown. */
import type { components, operations } from "#shared/api/schema.d.ts";
import { count } from "#shared/i18n/numbers.ts";

export type Board = components["schemas"]["BoardOut"];
export type Figure = components["schemas"]["FigureOut"];
export type Indicator = components["schemas"]["IndicatorOut"];
export type CountedRow = components["schemas"]["CountedRow"];
export type CountedQuery = operations["list_counted_cases"]["parameters"]["query"];
export type Figures = Record<string, Figure>;

/** What a table has a line of. */
export interface Part {
  key: string;
  name: string;
  figures: Figures;
  query: Record<string, string>;
}

/** What a figure without any fact says: nothing was due. */
export const NOTHING = "–";
const HOUR_S = 3600;

/** value × scale ÷ of to one decimal, half up; whole numbers all the way. */
function tenths(value: number, of: number, scale: number): number {
  return Math.floor((2 * 10 * scale * value + of) / (2 * of));
}

const decimal = (tenth: number): string => `${Math.trunc(tenth / 10).toLocaleString("en-US")}.${Math.abs(tenth % 10)}`;

export function shown(kind: Indicator["kind"], figure: Figure): string {
  if (kind === "count") return count(figure.value);
  if (figure.of === null || figure.of === 0) return NOTHING;
  return kind === "rate" ? `${decimal(tenths(figure.value, figure.of, 100))}%` : decimal(tenths(figure.value, figure.of * HOUR_S, 1));
}

/** As a number to sort and to draw by; null where there is none. A rate is a share from 0 to 1, a time is in hours. */
export function amount(kind: Indicator["kind"], figure: Figure): number | null {
  if (kind === "count") return figure.value;
  if (figure.of === null || figure.of === 0) return null;
  return figure.value / figure.of / (kind === "rate" ? 1 : HOUR_S);
}

export interface Change {
  text: string;
  unit: "points" | "percent" | "number";
  direction: "up" | "down" | "same";
  tone: "good" | "bad" | "plain";
}

/** Below this many a per cent says too much. */
const FEW = 20;

/** How a figure stands beside the one before: points for rates, per cent for counts and times, so many for a few; null where one of
 * them says nothing. */
export function change(indicator: Indicator, now: Figure, before: Figure): Change | null {
  const [a, b] = [amount(indicator.kind, now), amount(indicator.kind, before)];
  if (a === null || b === null || (indicator.kind === "mean_time" && b === 0)) return null;
  const unit = indicator.kind === "rate" ? "points" : indicator.kind === "count" && b < FEW ? "number" : "percent";
  const by = unit === "number" ? a - b : unit === "points" ? (a - b) * 100 : ((a - b) / b) * 100;
  const rounded = Math.round(Math.abs(by) * 10 + 1e-9) / 10;
  const direction = rounded === 0 ? "same" : by > 0 ? "up" : "down";
  const wanted = indicator.better === "more" ? "up" : "down";
  const tone = direction === "same" || indicator.better === "" ? "plain" : direction === wanted ? "good" : "bad";
  return { text: unit === "number" ? String(rounded) : rounded.toFixed(1), unit, direction, tone };
}

export interface Bucket {
  /** A day, or the first of a month. */
  key: string;
  figures: Figures;
}

const MOST_DAYS = 92;

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

/** One bucket for each day of the period, or for each month of a long one; what has no facts is 0. */
export function buckets(board: Board): Bucket[] {
  const days: string[] = [];
  for (let day = board.period.first; day <= board.period.last; day = nextDay(day)) days.push(day);
  const keyOf = (day: string) => (days.length > MOST_DAYS ? `${day.slice(0, 7)}-01` : day);
  const found = new Map<string, Bucket>(days.map((day) => [keyOf(day), { key: keyOf(day), figures: {} }]));
  for (const { day, figures } of board.days) {
    const bucket = found.get(keyOf(day));
    if (bucket === undefined) continue;
    for (const [key, figure] of Object.entries(figures)) bucket.figures[key] = plus(bucket.figures[key], figure);
  }
  return [...found.values()];
}

function plus(one: Figure | undefined, other: Figure): Figure {
  if (one === undefined) return other;
  return { value: one.value + other.value, of: one.of === null || other.of === null ? null : one.of + other.of };
}

/** Steps of an axis from 0: few and round. */
export function ticks(most: number): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? power * 10;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, n) => n * step);
}
