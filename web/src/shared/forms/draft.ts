/** Something half written, kept on this machine until it is sent. */

interface Kept<T> {
  at: number;
  value: T;
}

const OLDEST_MS = 7 * 24 * 3600 * 1000;

/** A draft belongs to a person and a form; another person at the same machine does not see it. */
export function draftKey(form: string, userId: string): string {
  return `yiwang.draft.${form}.${userId}`;
}

export function readDraft<T>(key: string, now: number = Date.now()): T | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Kept<T> | null;
    return kept !== null && now - kept.at < OLDEST_MS ? kept.value : null;
  } catch {
    return null;
  }
}

/** Full or forbidden storage loses the draft, never the work on screen. */
export function writeDraft(key: string, value: unknown, now: number = Date.now()): void {
  try {
    localStorage.setItem(key, JSON.stringify({ at: now, value }));
  } catch {
    localStorage.removeItem(key);
  }
}

export function dropDraft(key: string): void {
  localStorage.removeItem(key);
}
