import { onScopeDispose } from "vue";
import type { Change } from "#shared/api/live.ts";
import { useLive } from "./live.ts";

interface Interests {
  change?: (change: Change) => void;
  notice?: (notice: Record<string, unknown>) => void;
  resync?: () => void;
}

/** Listens while the calling component lives. */
export function useLiveEvents(interests: Interests): void {
  const live = useLive();
  const stops = [
    interests.change && live.onChange(interests.change),
    interests.notice && live.onNotice(interests.notice),
    interests.resync && live.onResync(interests.resync),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop?.()));
}
