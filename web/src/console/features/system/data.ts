/** The running platform: what the server tells of it, and long work followed until its end. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import { asProblem } from "#shared/api/problem.ts";
import { wordProblem } from "#shared/i18n/problem-words.ts";
import { tell } from "#shared/ui/tell.ts";

type Schemas = components["schemas"];
export type LongJob = Schemas["LongJobOut"];
export type Backup = Schemas["BackupOut"];
export type Backups = Schemas["Backups"];
export type Job = Schemas["JobOut"];
export type DeadLetter = Schemas["DeadLetterOut"];
export type StuckMark = Schemas["StuckMarkOut"];
export type DeadReason = Schemas["DeadReason"];
export type WhichDeliveries = Schemas["WhichDeliveries"];
export type ImportRun = Schemas["RunOut"];
export type ImportFault = Schemas["FaultOut"];
export type ImportMapping = Schemas["MappingOut"];
export type Entry = Schemas["EntryOut"];
export type EntryDetail = Schemas["EntryDetail"];
export type Chain = Schemas["ChainOut"];
export type Health = Schemas["HealthOut"];
export type Sign = Schemas["SignOut"];
export type RouteFigures = Schemas["RouteOut"];
export type HourFigures = Schemas["HourOut"];
export type Parameter = Schemas["ParameterOut"];

export const useBackups = () => useQuery({ key: ["system", "backups"], query: () => take(api.GET("/api/v1/system/backups")) });

export const useHealth = () => useQuery({ key: ["system", "health"], query: () => take(api.GET("/api/v1/system/health")) });

export const useParameters = () => useQuery({ key: ["system", "parameters"], query: async () => (await take(api.GET("/api/v1/parameters"))).items });

/** Does something and says what it was that did not go. */
export async function tried(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    tell.failed(wordProblem(asProblem(error)));
    return false;
  }
}

export const isOpen = (job: LongJob) => job.state === "waiting" || job.state === "running";

/** 0 to 100; null while nobody knows. */
export function percent(job: LongJob): number | null {
  return job.total > 0 ? Math.min(100, Math.floor((job.done / job.total) * 100)) : null;
}

const STEPS: [number, string][] = [
  [1024 ** 4, "TB"],
  [1024 ** 3, "GB"],
  [1024 ** 2, "MB"],
  [1024, "KB"],
];

/** "1.4 GB". */
export function bytes(value: number): string {
  const [step, unit] = STEPS.find(([size]) => value >= size) ?? [1, "B"];
  const shown = value / step;
  return `${shown >= 100 || step === 1 ? Math.round(shown) : shown.toFixed(1)} ${unit}`;
}
