/** Colleagues and absences. */
import { useQuery } from "@pinia/colada";
import { ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";

export type Absence = components["schemas"]["AbsenceOut"];
export type Colleague = components["schemas"]["Colleague"];
export const REASONS = ["leave", "sick", "trip", "training", "other"] as const;

export async function findPeople(q: string): Promise<Colleague[]> {
  return (await take(api.GET("/api/v1/people", { params: { query: { q, limit: 50 } } }))).items;
}

/** Absences that one may see, and whether another one is being entered. */
export function useAbsences(open: () => boolean) {
  const absences = useQuery({
    key: () => ["admin", "absences", open()],
    query: () => take(api.GET("/api/v1/absences", { params: { query: { open: open(), limit: 100 } } })),
  });
  const entering = ref(false);
  async function entered(): Promise<void> {
    entering.value = false;
    await absences.refetch();
  }
  return { absences, entering, entered };
}

/** How many days from the first to the last, both counted; 0 when they are the wrong way round. */
export function daysBetween(first: string, last: string): number {
  return Math.max(0, Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1);
}
