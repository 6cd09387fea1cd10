/** What a step has done beside its words, told from the data that the server keeps with it. */
import type { CaseDetail, CaseRequest, Label, Limit, Photo, Step, Task } from "#shared/api/types.ts";
import { listed } from "#shared/i18n/index.ts";

export type Fact =
  | { key: "unit" | "assisting" | "signing" | "person"; names: string }
  | { key: "due_at" | "until"; at: string }
  | { key: "until_day"; day: string }
  | { key: "late_proven" | "late_unproven"; at: string }
  | { key: "limit"; limit: Limit }
  | { key: "score"; n: number }
  | { key: "supervision"; kind: string }
  | { key: "level"; level: number };

interface Named {
  name?: unknown;
}

interface Data {
  unit?: Named;
  assisting?: Named[];
  units?: Named[];
  person?: unknown;
  due_at?: unknown;
  until?: unknown;
  score?: unknown;
  kind?: unknown;
  late?: { occurred_at?: unknown; received_at?: unknown; proof?: unknown };
  condition?: { limit?: Limit };
  request?: { level?: unknown; state?: unknown; until?: unknown };
}

function names(list: Named[] | undefined): string {
  return listed((list ?? []).flatMap((one) => (typeof one.name === "string" ? [one.name] : [])));
}

/** In the order in which they are read. What this page does not know is left out. */
export function stepFacts(step: Pick<Step, "data">): Fact[] {
  const data = step.data as Data;
  const facts: Fact[] = [];
  const say = (key: "unit" | "assisting" | "signing" | "person", text: string) => {
    if (text !== "") facts.push({ key, names: text });
  };
  say("unit", data.unit === undefined ? "" : names([data.unit]));
  say("assisting", names(data.assisting));
  say("signing", names(data.units));
  say("person", typeof data.person === "string" ? data.person : "");
  if (data.condition?.limit !== undefined) facts.push({ key: "limit", limit: data.condition.limit });
  const { occurred_at: taken, received_at: received, proof } = data.late ?? {};
  if (proof === "picture" && typeof received === "string") facts.push({ key: "late_proven", at: received });
  if (proof === "none" && typeof taken === "string") facts.push({ key: "late_unproven", at: taken });
  if (typeof data.due_at === "string") facts.push({ key: "due_at", at: data.due_at });
  if (typeof data.until === "string") facts.push({ key: "until", at: data.until });
  if (typeof data.request?.until === "string") facts.push({ key: "until_day", day: data.request.until });
  if (typeof data.score === "number") facts.push({ key: "score", n: data.score });
  if (typeof data.kind === "string") facts.push({ key: "supervision", kind: data.kind });
  const { level, state } = data.request ?? {};
  if (typeof level === "number" && level > 0 && state === "pending") facts.push({ key: "level", level });
  return facts;
}

/** What the last decision on a request did to the clock. */
export function effectOf(request: CaseRequest, timeline: Step[]): Fact[] {
  if (request.state !== "approved" || request.decided_at === null) return [];
  const decided = Date.parse(request.decided_at);
  const step = timeline.find((one) => Date.parse(one.at) === decided && "request" in one.data);
  return step === undefined ? [] : stepFacts(step).filter((fact) => fact.key === "due_at" || fact.key === "until");
}

export interface Level {
  label: Label;
  standing: "approved" | "refused" | "current" | "ahead";
  by: string;
  at: string | null;
  note: string;
}

/** The approvals of a request, those that are still to come included. */
export function levelsOf(request: CaseRequest): Level[] {
  return request.levels.map((label, index): Level => {
    const made = request.decisions.find((one) => one.level === index + 1);
    if (made !== undefined) {
      return { label, standing: made.approved ? "approved" : "refused", by: made.by, at: made.at, note: made.note };
    }
    const current = request.state === "pending" && index === request.level;
    return { label, standing: current ? "current" : "ahead", by: "", at: null, note: "" };
  });
}

export function openTasks(detail: Pick<CaseDetail, "tasks">): Task[] {
  const open = detail.tasks.filter((task) => task.ended_at === null);
  return open.sort((a, b) => Number(b.is_main) - Number(a.is_main));
}

export function endedTasks(detail: Pick<CaseDetail, "tasks">): Task[] {
  return detail.tasks.filter((task) => task.ended_at !== null);
}

/** A document or a film has no picture to show. */
export function isPicture(photo: Photo): boolean {
  return photo.thumbnail_url !== null;
}
