import { onScopeDispose, watch } from "vue";
import type { Change } from "#shared/api/live.ts";
import { useInSight } from "#shared/page-tab.ts";
import { useLive } from "./live.ts";

interface Interests {
  change?: (change: Change) => void;
  notice?: (notice: Record<string, unknown>) => void;
  resync?: () => void;
}

/** So many are held for a page that is out of sight; more of them mean: read everything again. */
const MOST_HELD = 100;

/** Listens while the calling component lives; what comes while its page is out of sight waits until one comes back. */
export function useLiveEvents({ change, notice, resync }: Interests): void {
  const live = useLive();
  const inSight = useInSight();
  let held: (() => void)[] | null = inSight.value ? null : [];

  function pass(tell: () => void): void {
    if (held === null) tell();
    else if (held.length === MOST_HELD && resync !== undefined) held = [resync];
    else held.push(tell);
  }

  const stops = [
    change && live.onChange((news) => pass(() => change(news))),
    notice && live.onNotice((news) => pass(() => notice(news))),
    resync && live.onResync(() => pass(resync)),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop?.()));
  watch(inSight, (now) => {
    if (!now) {
      held = [];
      return;
    }
    const waiting = held ?? [];
    held = null;
    for (const tell of waiting) tell();
  });
}
