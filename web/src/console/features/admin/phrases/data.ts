/** Phrases by topic: what to say with a step of a case. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import type { Lifecycle } from "#shared/api/types.ts";

export type Phrase = components["schemas"]["PhraseOut"];

export const usePhrases = () =>
  useQuery({ key: ["admin", "phrases"], query: async () => (await take(api.GET("/api/v1/phrases"))).items });

export interface Topic {
  key: string;
  label: { zh: string; en: string };
}

/** A topic for every step that takes a note, in the table's order; those that only phrases know come last. */
export function topicsOf(lifecycle: Lifecycle | undefined, phrases: Phrase[]): Topic[] {
  const topics = new Map<string, Topic>();
  for (const row of lifecycle?.transitions ?? []) {
    const key = `case.${row.verb}`;
    if (!topics.has(key)) topics.set(key, { key, label: row.label });
  }
  for (const { topic } of phrases) {
    if (!topics.has(topic)) topics.set(topic, { key: topic, label: { zh: topic, en: topic } });
  }
  return [...topics.values()];
}

/** Where a phrase stands after it moved one place: orders in tens, only those that change. */
export function reordered(rows: Phrase[], from: number, step: number): { phrase: Phrase; order: number }[] {
  const next = [...rows];
  const [moved] = next.splice(from, 1);
  if (moved === undefined || from + step < 0 || from + step > next.length) return [];
  next.splice(from + step, 0, moved);
  return next.map((phrase, index) => ({ phrase, order: (index + 1) * 10 })).filter((one) => one.phrase.order !== one.order);
}
