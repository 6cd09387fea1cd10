/** Who was signed in here last: with it the phone opens where there is no network. */
import type { Session } from "#shared/api/types.ts";

const KEY = "yiwang.phone.session";
/** So long a phone opens without having reached the server. */
export const OPENS_FOR_MS = 3 * 24 * 3_600_000;

interface Kept {
  session: Session;
  at: number;
}

export function keepSession(session: Session, now: number = Date.now()): void {
  localStorage.setItem(KEY, JSON.stringify({ session, at: now } satisfies Kept));
}

export function forgetSession(): void {
  localStorage.removeItem(KEY);
}

/** Null when nobody was here, or too long ago. A clock set back does not make it last longer than it reads. */
export function keptSession(now: number = Date.now()): Session | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as Kept | null;
    return kept !== null && now - kept.at < OPENS_FOR_MS ? kept.session : null;
  } catch {
    return null;
  }
}
