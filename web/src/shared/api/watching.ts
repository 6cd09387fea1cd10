/** Long work of the server, followed until its end. */
import { onScopeDispose, watch } from "vue";

const LOOK_MS = 1500;

/** Looks again and again as long as something is under way. */
export function useWatching(busy: () => boolean, look: () => Promise<unknown>, every: number = LOOK_MS): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function again(): Promise<void> {
    await look().catch(() => undefined);
    plan();
  }
  function plan(): void {
    clearTimeout(timer);
    if (busy()) timer = setTimeout(() => void again(), every);
  }
  watch(busy, plan, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
}
