/** What this feature asks the server for, and how it looks. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";

type Schemas = components["schemas"];
export type TaskRow = Schemas["PatrolTaskRow"];
export type Task = Schemas["PatrolTaskOut"];
export type Point = Schemas["PatrolPoint"];
export type BoardRow = Schemas["BoardRow"];
export type PlanRow = Schemas["PlanRow"];
export type Plan = Schemas["PlanOut"];
export type PlanIn = Schemas["PlanIn"];
export type TargetIn = Schemas["TargetIn"];
export type Frequency = Schemas["FrequencyShape"];
export type Visits = Schemas["VisitsOut"];
export type InspectionRow = Schemas["InspectionRow"];
export type Inspection = Schemas["InspectionOut"];
export type Result = Schemas["InspectionResult"];
export type Figures = Schemas["InspectionFigures"];
export type Rectification = Schemas["RectificationOut"];
export type HandOver = Schemas["HandOverOut"];
export type Call = Schemas["CallOut"];
export type Called = Schemas["CalledOut"];
export type Nearby = Schemas["NearbyPerson"];
export type Shape = Schemas["PatrolShape"];

export type Tone = "brand" | "green" | "yellow" | "red" | "plain";

export const TASK_TONES: Record<TaskRow["state"], Tone> = { planned: "plain", under_way: "brand", done: "green", missed: "red", handed_over: "yellow", cancelled: "plain" };
export const PLAN_TONES: Record<PlanRow["state"], Tone> = { active: "green", paused: "yellow", ended: "plain" };
export const INSPECTION_TONES: Record<InspectionRow["state"], Tone> = { draft: "plain", sampled: "yellow", running: "brand", reported: "green", cancelled: "plain" };
export const ORDER_TONES: Record<Rectification["state"], Tone> = { ordered: "yellow", reported: "brand", passed: "green", failed: "red" };
export const CALLED_TONES: Record<Called["state"], Tone> = { waiting: "yellow", accepted: "brand", declined: "plain", arrived: "green" };
/** The colour of a tone on a map. */
export const TONE_COLORS: Record<Tone, string> = { brand: "--yw-brand", green: "--yw-green", yellow: "--yw-yellow-fill", red: "--yw-red", plain: "--yw-stage-1" };
export const GRADES = ["A", "B", "C"] as const;

/** Forms that hold today, for choosing and naming one. */
export const useForms = () =>
  useQuery({ key: ["reference", "forms"], query: async () => (await take(api.GET("/api/v1/forms"))).items, staleTime: 30 * 60_000 });

/** A share as whole percent; null where there is nothing to share. */
export function percent(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((100 * part) / whole) : null;
}

/** "800 m" below a kilometre, "2.4 km" above. */
export function metres(value: number): string {
  return value < 1000 ? `${Math.round(value)} m` : `${(value / 1000).toFixed(1)} km`;
}

/** An exact fraction "200/3" rounded to one decimal for display. */
export function fraction(text: string | null): string {
  if (text === null) return "—";
  const [top = 0, bottom = 1] = text.split("/").map(Number);
  return (Math.round((top / bottom) * 10) / 10).toFixed(1);
}

/** How a task stands in time: a planned one whose time has come is due. */
export function toneOfTask(task: Pick<TaskRow, "state">): Tone {
  return TASK_TONES[task.state];
}

export function toneOfVisits(one: Pick<Visits, "due" | "made">): Tone {
  if (one.due === 0) return "plain";
  if (one.made === 0) return "red";
  return one.made < one.due ? "yellow" : "green";
}

export const toneOfPoint = (point: Point): Tone => (point.passed === false ? "red" : point.done ? "green" : point.within === false ? "yellow" : "plain");
