/** What is half filled in outlives the page: kept on this phone until it is sent or emptied. */
import { onScopeDispose, ref, watch } from "vue";
import { fieldDb } from "./field.ts";

const PAUSE_MS = 250;

/** `read` gives what to keep, null when there is nothing; `write` puts it back. */
export function useLocalDraft<T>(key: string, read: () => T | null, write: (kept: T) => void | Promise<void>) {
  const ready = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = "null";

  async function save(): Promise<void> {
    const value = read();
    const told = JSON.stringify(value);
    if (told === last) return;
    last = told;
    const db = await fieldDb();
    if (value === null) await db.delete("drafts", key);
    else await db.put("drafts", { key, value: JSON.parse(told) as unknown, at: Date.now() });
  }

  async function restore(): Promise<void> {
    const found = await (await fieldDb()).get("drafts", key);
    if (found !== undefined) {
      last = JSON.stringify(found.value);
      await write(found.value as T);
    }
    ready.value = true;
  }

  void restore().catch(() => (ready.value = true));
  watch(
    () => JSON.stringify(read()),
    () => {
      if (!ready.value) return;
      clearTimeout(timer);
      timer = setTimeout(() => void save().catch(() => undefined), PAUSE_MS);
    },
  );
  // A phone that is put away may not wake this page again.
  const away = () => {
    if (ready.value && document.visibilityState === "hidden") void save().catch(() => undefined);
  };
  document.addEventListener("visibilitychange", away);
  onScopeDispose(() => {
    document.removeEventListener("visibilitychange", away);
    clearTimeout(timer);
    if (ready.value) void save().catch(() => undefined);
  });
  return { ready, save };
}
