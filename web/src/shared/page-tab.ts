/** What a page tells the tab that it stands in: what it is called, and what would be lost with it. */
import { hasInjectionContext, inject, onScopeDispose, watch, type InjectionKey } from "vue";

export interface PageTab {
  call: (name: string) => void;
  /** Asked before the tab closes; the answer ends the asking. */
  guard: (unsaved: () => boolean) => () => void;
}

export const PAGE_TAB: InjectionKey<PageTab> = Symbol("page-tab");

const tabHere = (): PageTab | null => (hasInjectionContext() ? inject(PAGE_TAB, null) : null);

/** Names the tab after what it shows; the title of the page stands there as long as nothing is known. */
export function useTabName(name: () => string | undefined): void {
  const tab = tabHere();
  watch(name, (now) => now !== undefined && tab?.call(now), { immediate: true });
}

/** Whether something typed here is kept nowhere else. */
export function useUnsaved(unsaved: () => boolean): void {
  const stop = tabHere()?.guard(unsaved);
  if (stop !== undefined) onScopeDispose(stop);
}
