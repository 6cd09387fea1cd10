/** Ties the tabs to the router: what is opened, replaced and come back to. */
import { nextTick, onScopeDispose } from "vue";
import { useRoute, useRouter, type RouteLocationNormalizedLoaded } from "vue-router";
import { OVERLAY } from "#shared/keys/useKeys.ts";
import { placeOf, useTabs } from "./useTabs.ts";

/** One that fades away is closed already. */
const OPEN = `${OVERLAY}:not([class*="leave-active"])`;
const CLOSERS = [".el-dialog__headerbtn", ".el-drawer__close-btn", ".el-message-box__headerbtn"];

/** A dialog goes with its page: closed by its own button, so that it knows. */
async function closeDialogs(): Promise<void> {
  for (const overlay of document.querySelectorAll(OPEN)) {
    for (const button of overlay.querySelectorAll<HTMLElement>(CLOSERS.join())) button.click();
  }
  await nextTick();
}

export function useTabbing(): ReturnType<typeof useTabs> {
  const tabs = useTabs();
  const router = useRouter();
  const now = useRoute();
  let position: unknown;
  let popping = false;

  function follow(to: RouteLocationNormalizedLoaded): void {
    if (to.matched.length === 0 || to.meta.bare === true) return;
    const left = tabs.current;
    const place = placeOf(to);
    tabs.visit(place, history.state?.position === position);
    position = history.state?.position;
    popping = false;
    // What could not be closed goes with the page.
    if (left !== place.key && document.querySelector(OPEN) !== null) tabs.unload(left);
  }

  const stops = [
    router.options.history.listen(() => (popping = true)),
    /** The plain address of a page that is open elsewhere means that page as it was left. */
    router.beforeEach((to) => {
      const open = tabs.shown && !popping && to.fullPath === to.path ? tabs.find(to.path) : undefined;
      return open === undefined || open.key === tabs.current || open.at === to.fullPath ? true : open.at;
    }),
    router.beforeResolve(async (to) => {
      if (placeOf(to).key !== tabs.current) await closeDialogs();
    }),
    router.afterEach((to, _from, failure) => {
      if (failure === undefined) follow(to);
      else popping = false;
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
  follow(now);
  return tabs;
}
