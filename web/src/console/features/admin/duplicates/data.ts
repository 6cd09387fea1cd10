/** When reports are proposed as repeats: policies by class, larger classes standing in for smaller ones. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import type { Category, Label } from "#shared/api/types.ts";

export type Policy = components["schemas"]["PolicyOut"];
export type PolicyIn = components["schemas"]["PolicyIn"];

export const usePolicies = () =>
  useQuery({ key: ["admin", "policies"], query: async () => (await take(api.GET("/api/v1/duplicates/policies"))).items });

/** 0: a kind ("event"), 1: a major class ("event.03"), 2: a class. */
export function levelOf(key: string): 0 | 1 | 2 {
  const rest = key.split(".")[1];
  if (rest === undefined) return 0;
  return /^\d\d$/.test(rest) ? 1 : 2;
}

/** Kinds first, each followed by its major classes and classes. */
export function sorted(policies: Policy[], categories: Category[]): Policy[] {
  const majors = new Map(categories.map((row) => [row.key, row.major.code]));
  const place = (key: string) => {
    const kind = key.startsWith("event") ? "0" : "1";
    if (levelOf(key) === 0) return kind;
    return levelOf(key) === 1 ? `${kind}.${key.split(".")[1]}` : `${kind}.${majors.get(key) ?? "99"}.${key}`;
  };
  return [...policies].sort((a, b) => place(a.asked).localeCompare(place(b.asked)));
}

export interface Choice {
  key: string;
  label: Label;
  kind: string;
}

/** Major classes and classes for which a rule of their own can be made. */
export function choices(categories: Category[], taken: Set<string>): Choice[] {
  const majors = new Map<string, Choice>();
  for (const row of categories) {
    const key = `${row.kind}.${row.major.code}`;
    if (!majors.has(key)) majors.set(key, { key, label: row.major, kind: row.kind });
  }
  const minors = categories.map((row) => ({ key: row.key, label: { zh: row.zh, en: row.en }, kind: row.kind }));
  return [...majors.values(), ...minors].filter((row) => !taken.has(row.key));
}
