/** A list of cases, page after page, that follows its filters and the news. */
import { computed, ref, watch, type Ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import { usePages } from "#shared/lists/usePages.ts";
import { serverQuery, type CaseFilters } from "../filters.ts";
import { useCaseEvents } from "./useCaseEvents.ts";

const PAGE = 50;

export function useCaseList(filters: Ref<CaseFilters>) {
  const list = usePages(
    () => ({ ...serverQuery(filters.value), limit: PAGE }),
    (query, signal) => take(api.GET("/api/v1/cases", { params: { query }, signal })),
    { follows: true },
  );
  /** A case that moved between two pages meanwhile stands here once. */
  const rows = computed(() => [...new Map((list.rows.value ?? []).map((row) => [row.id, row])).values()]);
  /** Something changed below what is on screen; the person decides when to look. */
  const stale = ref(false);
  const fresh = ref(new Set<string>());

  function reload(): Promise<boolean> {
    stale.value = false;
    return list.reload();
  }

  /** Reads the first page again, and marks what is new on it. */
  async function refreshQuietly(): Promise<void> {
    const known = new Set(rows.value.map((row) => row.id));
    if (await list.reload()) fresh.value = new Set(rows.value.filter((row) => !known.has(row.id)).map((row) => row.id));
  }

  watch(filters, () => (stale.value = false));
  useCaseEvents(() => {
    if (!list.known.value) return;
    if (rows.value.length <= PAGE) void refreshQuietly();
    else stale.value = true;
  });

  const loading = computed(() => !list.known.value && list.error.value === null);
  const empty = computed(() => list.known.value && rows.value.length === 0);
  return { ...list, rows, loading, stale, fresh, empty, reload };
}
