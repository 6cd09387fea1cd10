/** What a page tells the tab that it stands in (what it is called, what would be lost with it), and is told by it. */
import { hasInjectionContext, inject, onScopeDispose, ref, watch, type InjectionKey, type Ref } from "vue";

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

export const IN_SIGHT: InjectionKey<Readonly<Ref<boolean>>> = Symbol("in-sight");
const ALWAYS = ref(true);

/** Whether the page is the one that is looked at; what belongs to no page always is. */
export function useInSight(): Readonly<Ref<boolean>> {
  return hasInjectionContext() ? inject(IN_SIGHT, ALWAYS) : ALWAYS;
}
