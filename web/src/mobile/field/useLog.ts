/** What lies in the log, kept in sight of whoever shows it. */
import { shallowRef, watch } from "vue";
import type { LoggedCommand } from "./db.ts";
import { field, fieldDb } from "./field.ts";
import { all } from "./log.ts";

export function useLog() {
  const log = shallowRef<LoggedCommand[]>([]);
  watch(
    () => field.version,
    async () => {
      const now = await fieldDb().then(all).catch(() => null);
      if (now !== null) log.value = now;
    },
    { immediate: true },
  );
  return log;
}
