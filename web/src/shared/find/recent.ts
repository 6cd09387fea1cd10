/** What a person looked at last on this machine: kept by kind and id, the newest first. */
import { shallowRef } from "vue";

export interface Seen {
  kind: string;
  id: string;
  title: string;
}

export const MOST_SEEN = 12;

const name = (person: string) => `yiwang.seen.${person}`;

export function added(seen: readonly Seen[], one: Seen): Seen[] {
  return [one, ...seen.filter((other) => other.kind !== one.kind || other.id !== one.id)].slice(0, MOST_SEEN);
}

export function readSeen(person: string): Seen[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name(person)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one): one is Seen => typeof (one as Seen | null)?.id === "string") : [];
  } catch {
    return [];
  }
}

/** Rises with every change, so that what shows the list reads it again. */
export const seenChanges = shallowRef(0);

export function noteSeen(person: string, one: Seen): void {
  try {
    localStorage.setItem(name(person), JSON.stringify(added(readSeen(person), one)));
  } catch {
    // Without storage nothing is remembered.
  }
  seenChanges.value += 1;
}
