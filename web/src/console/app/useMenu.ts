import { computed } from "vue";
import { useRoute } from "vue-router";
import { usePreferences } from "#shared/auth/preferences.ts";
import { useSession } from "#shared/auth/session.ts";
import { useFeatures, type MenuItem } from "#shared/feature.ts";

export interface MenuGroup {
  key: MenuItem["group"];
  items: MenuItem[];
}

/** More than stand one below the other on a small screen: then only the first group is open until somebody opens more. */
const LONG = 14;

/** The menu of this person: what the features offer, less what the posts do not allow. */
export function useMenu() {
  const session = useSession();
  const items = useFeatures()
    .flatMap((feature) => feature.menu ?? [])
    .map((item) => ({ item, shown: item.useShown?.() }));
  return computed<MenuGroup[]>(() => {
    const shown = items.filter((one) => one.shown?.value !== false).map((one) => one.item);
    const allowed = shown.filter((item) => session.admits(item)).sort((a, b) => a.order - b.order);
    const keys = [...new Set(allowed.map((item) => item.group))];
    return keys.map((key) => ({ key, items: allowed.filter((item) => item.group === key) }));
  });
}

/** Where one is in the menu, and which of its groups stand open. */
export function useFolds(groups: () => MenuGroup[]) {
  const route = useRoute();
  const preferences = usePreferences();
  const long = computed(() => groups().reduce((sum, group) => sum + group.items.length, 0) > LONG);

  /** A page below a menu item keeps the item lit: "cases.page" belongs to "cases.list". */
  function lit(item: MenuItem): boolean {
    return route.name === item.route || route.meta.menu === item.route;
  }

  /** The group of the page that one looks at: it cannot be folded. */
  function held(group: MenuGroup): boolean {
    return group.items.some(lit);
  }

  function isOpen(group: MenuGroup): boolean {
    return held(group) || !(preferences.folded[group.key] ?? (long.value && group !== groups()[0]));
  }

  function turn(group: MenuGroup): void {
    preferences.folded = { ...preferences.folded, [group.key]: isOpen(group) };
  }

  return { lit, held, isOpen, turn };
}
