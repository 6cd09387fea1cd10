/** Figures of requests, made ready for the eye. */
import type { HourFigures, RouteFigures } from "./data.ts";

const HOUR_MS = 3_600_000;

/** "840 ms", "1.2 s". */
export function ms(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

/** The last 24 hours, those without requests too; every sixth has its time below it. */
export function hoursOfDay(hours: HourFigures[], now: Date) {
  const known = new Map(hours.map((one) => [Date.parse(one.hour), one]));
  const last = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  return Array.from({ length: 24 }, (_, index) => {
    const at = last - (23 - index) * HOUR_MS;
    const found = known.get(at);
    const local = new Date(at + 8 * HOUR_MS).toISOString().slice(11, 16);
    return {
      at: new Date(at).toISOString(),
      label: index % 6 === 0 ? local : "",
      count: found?.count ?? 0,
      errors: found?.errors ?? 0,
      p95_ms: found?.p95_ms ?? 0,
    };
  });
}

export const SLOW_MS = 1000;
export const VERY_SLOW_MS = 5000;
/** Of fewer requests one slow start makes a whole percentile. */
export const ENOUGH = 20;

export function standingOf(route: RouteFigures): "well" | "attention" | "wrong" {
  if (route.errors > 0) return "wrong";
  if (route.count < ENOUGH) return "well";
  if (route.p95_ms >= VERY_SLOW_MS) return "wrong";
  return route.p95_ms >= SLOW_MS ? "attention" : "well";
}
