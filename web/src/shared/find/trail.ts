/** The list that one came from: the case before and the one after, without going back. */
import { shallowRef } from "vue";

const trail = shallowRef<readonly string[]>([]);

/** The rows that are shown now, in their order. */
export function layTrail(ids: readonly string[]): void {
  trail.value = ids;
}

export interface Around {
  before: string | null;
  after: string | null;
  /** From 1. */
  place: number;
  length: number;
}

/** Null for what is not in the list. */
export function aroundOf(id: string, ids: readonly string[] = trail.value): Around | null {
  const at = ids.indexOf(id);
  if (at < 0) return null;
  return { before: ids[at - 1] ?? null, after: ids[at + 1] ?? null, place: at + 1, length: ids.length };
}
