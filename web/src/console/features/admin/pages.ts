/** A list of the server's, page after page, that follows what is asked for. */
import { computed, ref, shallowRef, watch } from "vue";
import type { components } from "#shared/api/schema.d.ts";
import { asProblem } from "#shared/api/problem.ts";
import { wordProblem } from "#shared/i18n/problem-words.ts";
import { tell } from "#shared/ui/tell.ts";

interface Page<T> {
  items: T[];
  next: string | null;
  total?: components["schemas"]["Total"] | null;
}

export function usePages<T, Q>(asked: () => Q, fetch: (query: Q & { after?: string }) => Promise<Page<T>>) {
  const rows = shallowRef<T[] | null>(null);
  const total = shallowRef<components["schemas"]["Total"] | null>(null);
  const next = ref<string | null>(null);
  const error = shallowRef<unknown>(null);
  const busy = ref(false);
  let turn = 0;

  /** What is on screen stays until the answer is there; an older answer that comes late is left. */
  async function reload(): Promise<void> {
    const mine = (turn += 1);
    busy.value = true;
    try {
      const page = await fetch(asked() as Q & { after?: string });
      if (mine !== turn) return;
      rows.value = page.items;
      total.value = page.total ?? null;
      next.value = page.next;
      error.value = null;
    } catch (failure) {
      if (mine !== turn) return;
      rows.value = null;
      error.value = failure;
    } finally {
      if (mine === turn) busy.value = false;
    }
  }

  async function more(): Promise<void> {
    if (next.value === null || busy.value) return;
    const mine = turn;
    busy.value = true;
    try {
      const page = await fetch({ ...asked(), after: next.value });
      if (mine !== turn) return;
      rows.value = [...(rows.value ?? []), ...page.items];
      next.value = page.next;
    } catch (failure) {
      tell.failed(wordProblem(asProblem(failure)));
    } finally {
      if (mine === turn) busy.value = false;
    }
  }

  watch(asked, reload, { deep: true, immediate: true });
  return { rows, total, error, busy, hasMore: computed(() => next.value !== null), reload, more };
}
