/** Ties the tabs to the router: what is opened, replaced and come back to. */
import { onScopeDispose } from "vue";
import { useRoute, useRouter, type RouteLocationNormalizedLoaded } from "vue-router";
import { OVERLAY } from "#shared/keys/useKeys.ts";
import { placeOf, useTabs } from "./useTabs.ts";

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
    // A dialog goes with the page that it belongs to.
    if (left !== place.key && document.querySelector(OVERLAY) !== null) tabs.unload(left);
  }

  const stops = [
    router.options.history.listen(() => (popping = true)),
    /** The plain address of a page that is open elsewhere means that page as it was left. */
    router.beforeEach((to) => {
      const open = tabs.shown && !popping && to.fullPath === to.path ? tabs.find(to.path) : undefined;
      return open === undefined || open.key === tabs.current || open.at === to.fullPath ? true : open.at;
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
