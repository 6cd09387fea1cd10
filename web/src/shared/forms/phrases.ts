/** Phrases for answers: their places are filled here, because only the page knows what it is about. */
import { useQuery } from "@pinia/colada";
import { toValue, type MaybeRefOrGetter } from "vue";
import { api, take } from "#shared/api/client.ts";

const BLANK = "____";

/** `{number}` becomes the number; what is not known here becomes a blank to fill in by hand. */
export function fillPlaces(text: string, values: Record<string, string>): string {
  return text.replace(/\{([a-z_]+)\}/g, (_place, name: string) => {
    const value = values[name];
    return value === undefined || value === "" ? BLANK : value;
  });
}

/** Puts a phrase at the cursor; two sentences do not run together. Gives the text and where the cursor goes. */
export function insertAt(text: string, phrase: string, start: number, end: number): { text: string; at: number } {
  const before = text.slice(0, start);
  const after = text.slice(end);
  const gap = before !== "" && !/[\s，。；：！？,.;:!?]$/.test(before) ? " " : "";
  return { text: `${before}${gap}${phrase}${after}`, at: before.length + gap.length + phrase.length };
}

export const usePhrases = (topic: MaybeRefOrGetter<string>) =>
  useQuery({
    key: () => ["phrases", toValue(topic)],
    query: async () => (await take(api.GET("/api/v1/phrases", { params: { query: { topic: toValue(topic) } } }))).items,
    staleTime: 5 * 60_000,
  });
