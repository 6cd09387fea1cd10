/** Versions of the lifecycle, drafts, and the words of everything that a table may name. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import { word } from "#shared/i18n/index.ts";
import type { Doc } from "./doc.ts";

type Schemas = components["schemas"];
export type VersionRow = Schemas["LifecycleVersion"];
export type Vocabulary = Schemas["Vocabulary"];
export type Named = Schemas["Named"];

const LONG_MS = 30 * 60_000;

export const useVersions = () =>
  useQuery({ key: ["admin", "lifecycles"], query: () => take(api.GET("/api/v1/lifecycles")) });

export const useVocabulary = () =>
  useQuery({
    key: ["admin", "vocabulary"],
    query: () => take(api.GET("/api/v1/lifecycles/vocabulary")),
    staleTime: LONG_MS,
  });

export async function loadVersion(version: number): Promise<VersionRow & { doc: Doc }> {
  const found = await take(api.GET("/api/v1/lifecycles/{version}", { params: { path: { version } } }));
  return { ...found, doc: found.table as unknown as Doc };
}

/** A published version never changes; what it runs and whether it is in force does. */
export const useVersion = (version: () => number | null) =>
  useQuery({
    key: () => ["admin", "lifecycle", version() ?? 0],
    query: () => loadVersion(version() ?? 0),
    enabled: () => version() !== null,
  });

export function labelOf(list: Named[] | undefined, name: string): string {
  const found = list?.find((item) => item.name === name);
  return found === undefined ? name : word(found.label);
}
