import { ArrowLeftRight, BadgeCheck, CalendarCheck2, CalendarRange } from "@lucide/vue";
import type { Feature, MenuItem } from "#shared/feature.ts";

const VIEW = ["duty.view_roster"];
const REVIEW = ["duty.review_attendance"];
const GROUP = "duty.group";

interface Screen {
  name: string;
  icon: MenuItem["icon"];
  permissions: string[];
  page: () => Promise<object>;
}

/** What stands in the menu, in its order. */
const SCREENS: Screen[] = [
  { name: "roster", icon: CalendarRange, permissions: VIEW, page: () => import("./pages/RosterPage.vue") },
  { name: "attendance", icon: CalendarCheck2, permissions: REVIEW, page: () => import("./pages/AttendancePage.vue") },
  { name: "swaps", icon: ArrowLeftRight, permissions: VIEW, page: () => import("./pages/SwapsPage.vue") },
  { name: "skills", icon: BadgeCheck, permissions: VIEW, page: () => import("./pages/SkillsPage.vue") },
];

const feature: Feature = {
  key: "duty",
  permissions: [...VIEW, ...REVIEW, "duty.edit_roster"],
  routes: SCREENS.map((screen) => ({
    path: `/duty/${screen.name}`,
    name: `duty.${screen.name}`,
    component: screen.page,
    meta: { title: `duty.${screen.name}.title`, permissions: screen.permissions },
  })),
  menu: SCREENS.map((screen, index) => ({
    route: `duty.${screen.name}`,
    title: `duty.${screen.name}.title`,
    icon: screen.icon,
    order: 72 + index,
    permissions: screen.permissions,
    group: GROUP,
  })),
};

export default feature;
