/** Times and durations in words. Stored in UTC, shown in the district's own time. */
import type { Language } from "./index.ts";

export const ZONE = "Asia/Shanghai";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface DurationPart {
  amount: number;
  unit: "day" | "hour" | "minute";
}

/** A span as at most two neighbouring units, rounded down; under a minute counts as one minute. */
export function durationParts(ms: number): DurationPart[] {
  const span = Math.max(MINUTE, Math.abs(ms));
  const all: DurationPart[] = [
    { amount: Math.floor(span / DAY), unit: "day" },
    { amount: Math.floor((span % DAY) / HOUR), unit: "hour" },
    { amount: Math.floor((span % HOUR) / MINUTE), unit: "minute" },
  ];
  const first = all.findIndex((part) => part.amount > 0);
  return all.slice(first, first + 2).filter((part) => part.amount > 0);
}

const UNITS = {
  "zh-CN": { day: "天", hour: "小时", minute: "分钟" },
  en: { day: " d", hour: " h", minute: " min" },
} as const;

export function duration(ms: number, language: Language): string {
  const units = UNITS[language];
  const joint = language === "en" ? " " : "";
  return durationParts(ms)
    .map((part) => `${part.amount}${units[part.unit]}`)
    .join(joint);
}

interface Fields {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
}

const FIELDS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

function fields(at: Date): Fields {
  const found: Fields = { year: "", month: "", day: "", hour: "", minute: "" };
  for (const part of FIELDS.formatToParts(at)) {
    if (part.type in found) found[part.type as keyof Fields] = part.value;
  }
  return found;
}

/** "2026-07-12" of the district's calendar. */
export function dayOf(at: Date): string {
  const { year, month, day } = fields(at);
  return `${year}-${month}-${day}`;
}

/** "2026-07-12 14:30", the whole of it, for facts and tooltips. */
export function fullTime(iso: string): string {
  const { hour, minute } = fields(new Date(iso));
  return `${dayOf(new Date(iso))} ${hour}:${minute}`;
}

const NEAR_DAYS = {
  "zh-CN": { "-1": "昨天", "0": "今天", "1": "明天" },
  en: { "-1": "Yesterday", "0": "Today", "1": "Tomorrow" },
} as const;

/** "今天 14:30", "07-12 14:30" or, from another year, "2025-07-12 14:30". */
export function shortTime(iso: string, now: Date, language: Language): string {
  const at = new Date(iso);
  const { year, month, day, hour, minute } = fields(at);
  const apart = Math.round((Date.parse(dayOf(at)) - Date.parse(dayOf(now))) / DAY);
  const near = NEAR_DAYS[language][String(apart) as "-1" | "0" | "1"];
  const date = near ?? (year === fields(now).year ? `${month}-${day}` : `${year}-${month}-${day}`);
  return `${date} ${hour}:${minute}`;
}

/** "3 分钟前", "昨天", "5 天前": how long ago in round words. */
export function ago(iso: string, now: Date, language: Language): string {
  const past = now.getTime() - Date.parse(iso);
  if (past < MINUTE) return language === "en" ? "just now" : "刚刚";
  const [largest] = durationParts(past);
  if (largest === undefined) return "";
  const units = UNITS[language];
  const text = `${largest.amount}${units[largest.unit]}`;
  return language === "en" ? `${text} ago` : `${text}前`;
}

export interface TimeLeft {
  overdue: boolean;
  /** Milliseconds to the deadline, or past it. */
  ms: number;
}

export function timeLeft(dueAt: string, now: Date): TimeLeft {
  const ms = Date.parse(dueAt) - now.getTime();
  return { overdue: ms < 0, ms: Math.abs(ms) };
}
