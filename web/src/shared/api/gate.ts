/**
 * Where calls wait while a person signs in again.
 *
 * When a session ends in the middle of work, the call that found out waits here, the page below stays as it is,
 * and after signing in the same call is sent once more.
 */
import { ref } from "vue";

export const sessionEnded = ref(false);

let waiting: ((again: boolean) => void)[] = [];

export function waitForSignIn(): Promise<boolean> {
  sessionEnded.value = true;
  return new Promise((resolve) => waiting.push(resolve));
}

/** Lets all waiting calls go on (again = true) or fail (false). */
export function settleSignIn(again: boolean): void {
  sessionEnded.value = false;
  const released = waiting;
  waiting = [];
  for (const release of released) release(again);
}
