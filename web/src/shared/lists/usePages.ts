/** A list of the server's, read page by page: from its beginning whenever what is asked for changes. */
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { asProblem } from "#shared/api/problem.ts";
import type { components } from "#shared/api/schema.d.ts";
import { wordProblem } from "#shared/i18n/problem-words.ts";
import { useInSight } from "#shared/page-tab.ts";
import { tell } from "#shared/ui/tell.ts";

type Total = components["schemas"]["Total"];

interface Page {
  items: unknown[];
  next: string | null;
  total?: Total | null;
}

/** The most rows that the server gives at once. */
const MOST = 200;

/**
 * `rows` is null until the first answer, and when there is none to what is asked now; `known` says that the rows answer
 * what is asked now (the old ones stay on screen meanwhile); `page` is the newest page, for what it says beside its rows.
 * Reading again keeps as many rows as are shown, where the list takes a `limit`. `follows`: the list hears of changes
 * itself; others are read again when one comes back to their page. A `quiet` reading, such as a watch makes round after
 * round, does not tell of its failure.
 */
export function usePages<Q extends object, P extends Page>(
  asked: () => Q,
  fetch: (query: Q & { after?: string }, signal: AbortSignal) => Promise<P>,
  { follows = false } = {},
) {
  const rows = shallowRef<P["items"] | null>(null);
  const page = shallowRef<P | null>(null);
  const total = shallowRef<Total | null>(null);
  const error = shallowRef<unknown>(null);
  const busy = ref(false);
  const known = ref(false);
  let running = new AbortController();

  /** Whether the answer came; an older question that is answered late is left. */
  async function read(query: Q & { after?: string }, before: P["items"], quiet = false): Promise<boolean> {
    running.abort();
    const mine = (running = new AbortController());
    busy.value = true;
    if (!known.value) error.value = null;
    try {
      const answer = await fetch(query, mine.signal);
      if (mine !== running) return false;
      rows.value = [...before, ...answer.items];
      total.value = answer.total ?? (query.after === undefined ? null : total.value);
      page.value = answer;
      error.value = null;
      known.value = true;
      return true;
    } catch (failure) {
      if (mine !== running) return false;
      error.value = failure;
      if (known.value && quiet) return false;
      if (known.value) tell.failed(wordProblem(asProblem(failure)));
      else rows.value = null;
      return false;
    } finally {
      if (mine === running) busy.value = false;
    }
  }

  /** Many that are asked for at once (what came while one was on another page) are one reading. */
  let coming: Promise<boolean> | undefined;
  const reload = (how = {}) => (coming ??= Promise.resolve().then(() => again(how)));

  function again({ quiet = false } = {}): Promise<boolean> {
    coming = undefined;
    const query = asked();
    const shown = known.value ? (rows.value?.length ?? 0) : 0;
    const limit = "limit" in query && shown > 0 && { limit: Math.max(Number(query.limit), Math.min(MOST, shown)) };
    return read({ ...query, ...limit }, [], quiet);
  }

  async function more(): Promise<void> {
    const next = page.value?.next ?? null;
    if (next !== null && known.value && !busy.value) await read({ ...asked(), after: next }, rows.value ?? []);
  }

  watch(
    () => JSON.stringify(asked()),
    () => {
      known.value = false;
      void again();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    running.abort();
    running = new AbortController();
  });

  const inSight = useInSight();
  watch(inSight, (now) => {
    if (now && !follows && (rows.value?.length ?? 0) <= MOST) void reload();
  });
  return { rows, page, total, error, busy, known, hasMore: computed(() => page.value?.next != null), reload, more };
}

/** What a frame around a list needs to know of it. */
export type PagesHandle = Omit<ReturnType<typeof usePages>, "page">;
