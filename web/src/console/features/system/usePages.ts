/** A list that is read page by page, from its beginning whenever what is asked for changes. */
import { onScopeDispose, ref, shallowRef, watch } from "vue";

export interface Paged<T> {
  items: T[];
  next: string | null;
}

export function usePages<T>(asked: () => unknown, load: (after: string | undefined) => Promise<Paged<T>>) {
  const items = shallowRef<T[]>([]);
  const next = ref<string | null>(null);
  const busy = ref(false);
  const known = ref(false);
  const error = shallowRef<unknown>(null);
  let turn = 0;

  async function read(after: string | undefined): Promise<void> {
    const mine = ++turn;
    busy.value = true;
    try {
      const page = await load(after);
      if (mine !== turn) return;
      items.value = after === undefined ? page.items : [...items.value, ...page.items];
      next.value = page.next;
      known.value = true;
      error.value = null;
    } catch (failure) {
      if (mine === turn) error.value = failure;
    } finally {
      if (mine === turn) busy.value = false;
    }
  }

  const again = () => read(undefined);
  const more = () => (next.value === null ? Promise.resolve() : read(next.value));
  watch(asked, () => {
    known.value = false;
    items.value = [];
    void again();
  }, { immediate: true, deep: true });
  onScopeDispose(() => (turn += 1));
  return { items, next, busy, known, error, again, more };
}
