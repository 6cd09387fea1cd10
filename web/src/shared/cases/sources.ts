/** Which sources a person can report under, and whether somebody outside told us. */
import type { Code } from "#shared/api/types.ts";

export const PATROL = "collector_patrol";
export const USUAL_CALL = "hotline_12345";

const FROM_PEOPLE = ["hotline", "public", "media"];

/** A person who takes calls may use every source but the patrol, which belongs to grid officers. */
export function openSources(codes: Code[], can: (permission: string) => boolean): Code[] {
  const parents = new Set(codes.map((code) => code.parent));
  const leaves = codes.filter((code) => code.active && !parents.has(code.code));
  const calls = can("cases.take_call") ? leaves.filter((code) => code.code !== PATROL) : [];
  const patrol = can("cases.report_case") ? leaves.filter((code) => code.code === PATROL) : [];
  return [...calls, ...patrol];
}

export function hasReporter(source: string, codes: Code[]): boolean {
  const parent = codes.find((code) => code.code === source)?.parent;
  return FROM_PEOPLE.includes(source) || (parent != null && FROM_PEOPLE.includes(parent));
}
