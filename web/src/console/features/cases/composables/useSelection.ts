/** Which rows of a list are chosen: one by one, from one to another, or all that are shown. */
import { computed, ref, watch, type Ref } from "vue";
import type { CaseRow } from "#shared/api/types.ts";
import { MOST_SELECTED } from "../bulk.ts";

export function useSelection(rows: Ref<CaseRow[]>) {
  const ids = ref(new Set<string>());
  let last = -1;

  const chosen = computed(() => rows.value.filter((row) => ids.value.has(row.id)));
  const all = computed(() => rows.value.length > 0 && chosen.value.length === Math.min(rows.value.length, MOST_SELECTED));
  const some = computed(() => chosen.value.length > 0 && !all.value);

  function put(wanted: string[], on: boolean): void {
    const next = new Set(ids.value);
    for (const id of wanted) {
      if (!on) next.delete(id);
      else if (next.size < MOST_SELECTED) next.add(id);
    }
    ids.value = next;
  }

  /** With `range`, everything from the row that was pressed last becomes as this one. */
  function toggle(index: number, range = false): void {
    const row = rows.value[index];
    if (row === undefined) return;
    const on = !ids.value.has(row.id);
    const from = range && last >= 0 ? Math.min(last, index) : index;
    const to = range && last >= 0 ? Math.max(last, index) : index;
    put(rows.value.slice(from, to + 1).map((one) => one.id), on);
    last = index;
  }

  function toggleAll(): void {
    if (all.value) clear();
    else put(rows.value.map((row) => row.id), true);
  }

  function clear(): void {
    ids.value = new Set();
    last = -1;
  }

  /** What is no longer in the list cannot be acted on unseen. */
  watch(rows, (now) => {
    if (ids.value.size === 0) return;
    const shown = new Set(now.map((row) => row.id));
    ids.value = new Set([...ids.value].filter((id) => shown.has(id)));
  });

  return { ids, chosen, all, some, toggle, toggleAll, clear };
}
