/** A list of cases, page after page, that follows its filters and the news. */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import { asProblem } from "#shared/api/problem.ts";
import type { CasePage, CaseRow } from "#shared/api/types.ts";
import { serverQuery, type CaseFilters } from "../filters.ts";
import { useCaseEvents } from "./useCaseEvents.ts";

const PAGE = 50;

export function useCaseList(filters: Ref<CaseFilters>) {
  const rows = shallowRef<CaseRow[]>([]);
  const total = shallowRef<CasePage["total"] | null>(null);
  const next = ref<string | null>(null);
  const error = shallowRef<unknown>(null);
  const loading = ref(true);
  const loadingMore = ref(false);
  const pages = ref(0);
  /** Something changed below what is on screen; the person decides when to look. */
  const stale = ref(false);
  const fresh = ref(new Set<string>());
  let running = new AbortController();

  function fetchPage(after: string | null): Promise<CasePage> {
    const query = { ...serverQuery(filters.value), limit: PAGE, ...(after !== null && { after }) };
    return take(api.GET("/api/v1/cases", { params: { query }, signal: running.signal }));
  }

  function accept(page: CasePage, sofar: CaseRow[]): void {
    const known = new Set(sofar.map((row) => row.id));
    rows.value = [...sofar, ...page.items.filter((row) => !known.has(row.id))];
    total.value = page.total ?? total.value;
    next.value = page.next;
    error.value = null;
    pages.value += 1;
  }

  async function reload(): Promise<void> {
    running.abort();
    running = new AbortController();
    loading.value = true;
    stale.value = false;
    pages.value = 0;
    try {
      accept(await fetchPage(null), []);
      loading.value = false;
    } catch (failure) {
      if (asProblem(failure).code === "aborted") return;
      error.value = failure;
      loading.value = false;
    }
  }

  async function more(): Promise<void> {
    if (next.value === null || loadingMore.value || loading.value) return;
    loadingMore.value = true;
    try {
      accept(await fetchPage(next.value), rows.value);
    } catch (failure) {
      if (asProblem(failure).code !== "aborted") error.value = failure;
    } finally {
      loadingMore.value = false;
    }
  }

  /** Reads the first page again without the skeleton, and marks what is new on it. */
  async function refreshQuietly(): Promise<void> {
    const known = new Set(rows.value.map((row) => row.id));
    const page = await fetchPage(null).catch(() => null);
    if (page === null) return;
    pages.value = 0;
    accept(page, []);
    fresh.value = new Set(page.items.filter((row) => !known.has(row.id)).map((row) => row.id));
  }

  useCaseEvents(() => {
    if (loading.value) return;
    if (pages.value <= 1) void refreshQuietly();
    else stale.value = true;
  });

  watch(filters, reload, { immediate: true });
  onScopeDispose(() => running.abort());
  const empty = computed(() => !loading.value && error.value === null && rows.value.length === 0);
  return { rows, total, next, error, loading, loadingMore, stale, fresh, empty, reload, more };
}
