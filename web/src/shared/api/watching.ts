/** Long work of the server, followed until its end. */
import { onScopeDispose, watch } from "vue";
import { useInSight } from "../page-tab.ts";

const LOOK_MS = 1500;

/** Looks again and again as long as something is under way and the page is in sight. */
export function useWatching(busy: () => boolean, look: () => Promise<unknown>, every: number = LOOK_MS): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const inSight = useInSight();
  async function again(): Promise<void> {
    await look().catch(() => undefined);
    plan();
  }
  function plan(): void {
    clearTimeout(timer);
    if (busy() && inSight.value) timer = setTimeout(() => void again(), every);
  }
  watch(busy, plan, { immediate: true });
  onScopeDispose(() => clearTimeout(timer));
  watch(inSight, (now) => {
    clearTimeout(timer);
    if (now && busy()) void again();
  });
}
