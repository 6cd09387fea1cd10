/** Long work of the server, followed until its end. */
import { getCurrentInstance, onActivated, onDeactivated, onScopeDispose, watch } from "vue";

const LOOK_MS = 1500;

/** Looks again and again as long as something is under way and the page is in sight. */
export function useWatching(busy: () => boolean, look: () => Promise<unknown>, every: number = LOOK_MS): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let away = false;
  async function again(): Promise<void> {
    await look().catch(() => undefined);
    plan();
  }
  function plan(): void {
    clearTimeout(timer);
    if (busy() && !away) timer = setTimeout(() => void again(), every);
  }
  watch(busy, plan, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
  if (getCurrentInstance() === null) return;
  onDeactivated(() => {
    away = true;
    clearTimeout(timer);
  });
  onActivated(() => {
    if (away && busy()) void again();
    away = false;
  });
}
