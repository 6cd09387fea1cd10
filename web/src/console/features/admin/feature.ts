import { CalendarDays, ClipboardCheck, Copy, FolderTree, History, MessageSquareQuote, MonitorSmartphone, Network, ScrollText, ShieldCheck, UserCog, Users, Waypoints } from "@lucide/vue";
import { defineAsyncComponent } from "vue";
import type { RouteRecordRaw } from "vue-router";
import type { Feature, MenuItem } from "#shared/feature.ts";

const LIFECYCLE = ["cases.edit_lifecycle"];
const CATEGORIES = ["cases.edit_categories"];
const FORMS = ["forms.edit_form"];
const AREAS = ["geo.edit_area"];
const CALENDARS = ["calendars.edit_calendar"];
const UNITS = ["accounts.reorganise_units"];
const ABSENCES = ["accounts.manage_absences"];
const DUPLICATES = ["duplicates.edit_policy"];
const PEOPLE = ["accounts.manage_user"];

interface Screen {
  name: string;
  path: string;
  icon: MenuItem["icon"];
  permissions?: string[];
  everywhere?: string[];
  page: () => Promise<object>;
  fill?: boolean;
  group: MenuItem["group"];
}

const RULES = "admin.group.rules";
const STAFF = "admin.group.people";

/** What stands in the menu, in its order. */
const SCREENS: Screen[] = [
  { name: "lifecycles", path: "lifecycles", icon: Waypoints, everywhere: LIFECYCLE, group: RULES, page: () => import("./pages/LifecyclesPage.vue"), fill: true },
  { name: "categories", path: "categories", icon: FolderTree, everywhere: CATEGORIES, group: RULES, page: () => import("./pages/CategoriesPage.vue"), fill: true },
  { name: "duplicates", path: "duplicates", icon: Copy, permissions: DUPLICATES, group: RULES, page: () => import("./pages/DuplicatesPage.vue") },
  { name: "forms", path: "forms", icon: ClipboardCheck, everywhere: FORMS, group: RULES, page: () => import("./pages/FormsPage.vue"), fill: true },
  { name: "areas", path: "areas", icon: ScrollText, permissions: AREAS, group: RULES, page: () => import("./pages/AreasPage.vue") },
  { name: "calendars", path: "calendars", icon: CalendarDays, permissions: CALENDARS, group: RULES, page: () => import("./pages/CalendarsPage.vue") },
  { name: "units", path: "units", icon: Network, permissions: UNITS, group: STAFF, page: () => import("./pages/UnitsPage.vue"), fill: true },
  { name: "absences", path: "absences", icon: Users, permissions: ABSENCES, group: STAFF, page: () => import("./pages/AbsencesPage.vue") },
  { name: "people", path: "people", icon: UserCog, permissions: PEOPLE, group: STAFF, page: () => import("./pages/PeoplePage.vue") },
  { name: "roles", path: "roles", icon: ShieldCheck, permissions: PEOPLE, group: STAFF, page: () => import("./pages/RolesPage.vue"), fill: true },
  { name: "sessions", path: "sessions", icon: MonitorSmartphone, permissions: PEOPLE, group: STAFF, page: () => import("./pages/SessionsPage.vue") },
  { name: "tries", path: "sign-ins", icon: History, permissions: PEOPLE, group: STAFF, page: () => import("./pages/SignInsPage.vue") },
];

const asked = ({ permissions, everywhere }: Screen) => ({ ...(permissions && { permissions }), ...(everywhere && { everywhere }) });

const route = (screen: Screen): RouteRecordRaw => ({
  path: `/admin/${screen.path}`,
  name: `admin.${screen.name}`,
  component: screen.page,
  meta: {
    title: `admin.${screen.name}.title`,
    ...asked(screen),
    ...(screen.fill === true && { fill: true }),
  },
});

const feature: Feature = {
  key: "admin",
  permissions: [...new Set([...SCREENS.flatMap(({ permissions, everywhere }) => permissions ?? everywhere ?? []), "accounts.erase_person"])],
  routes: [
    ...SCREENS.map(route),
    {
      path: "/admin/lifecycles/edit",
      name: "admin.lifecycle-edit",
      component: () => import("./pages/LifecycleEditPage.vue"),
      meta: { title: "admin.editor.title", everywhere: LIFECYCLE, fill: true, menu: "admin.lifecycles", eachQuery: true },
    },
    {
      path: "/admin/forms/edit",
      name: "admin.form-edit",
      component: () => import("./pages/FormEditPage.vue"),
      meta: { title: "admin.forms.publish", everywhere: FORMS, fill: true, menu: "admin.forms", eachQuery: true },
    },
    {
      path: "/my/absences",
      name: "admin.my-absences",
      component: () => import("./pages/MyAbsencesPage.vue"),
      meta: { title: "admin.my_absences.title" },
    },
    {
      path: "/my/sessions",
      name: "admin.my-sessions",
      component: () => import("./pages/MySessionsPage.vue"),
      meta: { title: "admin.my_sessions.title" },
    },
    {
      path: "/my/phrases",
      name: "admin.my-phrases",
      component: () => import("./pages/PhrasesPage.vue"),
      meta: { title: "admin.phrases.title" },
    },
  ],
  menu: SCREENS.map((screen, index) => ({
    route: `admin.${screen.name}`,
    title: `admin.${screen.name}.menu`,
    icon: screen.icon,
    order: 200 + index * 10,
    ...asked(screen),
    group: screen.group,
  })),
  account: [
    { route: "admin.my-absences", title: "admin.my_absences.menu", icon: CalendarDays, order: 10 },
    { route: "admin.my-phrases", title: "admin.phrases.menu", icon: MessageSquareQuote, order: 20 },
    { route: "admin.my-sessions", title: "admin.my_sessions.menu", icon: MonitorSmartphone, order: 30 },
  ],
  bar: [
    {
      key: "standing-in",
      side: "end",
      order: 80,
      component: defineAsyncComponent(() => import("./components/StandingIn.vue")),
    },
  ],
};

export default feature;
