import type { Change } from "#shared/api/live.ts";
import { useLiveEvents } from "#shared/auth/useLiveEvents.ts";

const PAUSE_MS = 500;
/** One stands in for somebody from now on, or no longer: other cases are one's own. */
const AUTHORITY = "account.authority_changed";

/** The id of the case that a change is about; null when it is about something else. */
export function caseOf(change: Change): string | null {
  return change.aggregate.startsWith("case:") ? change.aggregate.slice("case:".length) : null;
}

/** Calls back, at most twice a second, when cases changed; with the ids, or none when anything may have. */
export function useCaseEvents(changed: (ids: Set<string>) => void): void {
  let ids = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function note(id: string | null): void {
    if (id !== null) ids.add(id);
    timer ??= setTimeout(() => {
      const noted = ids;
      ids = new Set();
      timer = undefined;
      changed(noted);
    }, PAUSE_MS);
  }

  useLiveEvents({
    change: (change) => {
      const id = caseOf(change);
      if (id !== null || change.type === AUTHORITY) note(id);
    },
    resync: () => note(null),
  });
}
