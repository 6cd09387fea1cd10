import { computed } from "vue";
import { useSession } from "#shared/auth/session.ts";
import { useFeatures, type MenuItem } from "#shared/feature.ts";

export interface MenuGroup {
  key: MenuItem["group"];
  items: MenuItem[];
}

const GROUPS: MenuItem["group"][] = ["work", "manage"];

/** The menu of this person: what the features offer, less what the posts do not allow. */
export function useMenu() {
  const session = useSession();
  const items = useFeatures().flatMap((feature) => feature.menu ?? []);
  return computed<MenuGroup[]>(() => {
    const allowed = items.filter((item) => session.canAny(item.permissions)).sort((a, b) => a.order - b.order);
    return GROUPS.map((key) => ({ key, items: allowed.filter((item) => item.group === key) })).filter(
      (group) => group.items.length > 0,
    );
  });
}
