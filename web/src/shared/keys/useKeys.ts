/** Keys of a page or a part of it, while it is shown. */
import { onBeforeUnmount, onMounted, shallowRef, watch } from "vue";
import { useInSight } from "../page-tab.ts";
import { begins, isForField, meant, PAUSE_MS, pressed, type Key } from "./keys.ts";

/** A dialog or a drawer that lies over the page. */
export const OVERLAY = ".el-overlay:not([style*='display: none'])";

const sets = shallowRef<readonly Key[][]>([]);
let first = "";
let firstAt = 0;

/** Every key that works now, those of the app first. */
export const keysNow = (): Key[] => sets.value.flat();

export function onKey(event: KeyboardEvent): void {
  const now = pressed(event);
  if (now === "" || event.defaultPrevented || isForField(event.target, now) || document.querySelector(OVERLAY)) return;
  const keys = keysNow();
  const key = meant(keys, event.timeStamp - firstAt < PAUSE_MS ? first : "", now);
  first = key === undefined && begins(keys, now) ? now : "";
  firstAt = event.timeStamp;
  if (key === undefined) return;
  event.preventDefault();
  key.run(event);
}

export function useKeys(keys: Key[]): void {
  const on = () => (sets.value = [...sets.value.filter((set) => set !== keys), keys]);
  const off = () => (sets.value = sets.value.filter((set) => set !== keys));
  // A part may come into a page that is out of sight already.
  const inSight = useInSight();
  onMounted(() => inSight.value && on());
  onBeforeUnmount(off);
  watch(inSight, (now) => (now ? on() : off()), { flush: "sync" });
}
