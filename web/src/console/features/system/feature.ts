import { Activity, ArchiveRestore, BookText, FileInput, ListChecks, LockKeyhole, MailWarning, SlidersHorizontal } from "@lucide/vue";
import type { RouteRecordRaw } from "vue-router";
import type { Feature, MenuItem } from "#shared/feature.ts";

const VIEW = ["system.view_state"];
const IMPORTS = ["imports.bring_in"];
const AUDIT = ["audit.view_entry"];
const CODES = ["codes.edit_code"];
const PARAMETERS = ["parameters.edit_value"];

interface Screen {
  name: string;
  icon: MenuItem["icon"];
  /** What these screens show and change is the whole district's. */
  everywhere: string[];
  page: () => Promise<object>;
}

/** What stands in the menu, in its order. */
const SCREENS: Screen[] = [
  { name: "health", icon: Activity, everywhere: VIEW, page: () => import("./pages/HealthPage.vue") },
  { name: "backups", icon: ArchiveRestore, everywhere: VIEW, page: () => import("./pages/BackupsPage.vue") },
  { name: "jobs", icon: ListChecks, everywhere: VIEW, page: () => import("./pages/JobsPage.vue") },
  { name: "dead-letters", icon: MailWarning, everywhere: VIEW, page: () => import("./pages/DeadLettersPage.vue") },
  { name: "audit", icon: LockKeyhole, everywhere: AUDIT, page: () => import("./pages/AuditPage.vue") },
  { name: "imports", icon: FileInput, everywhere: IMPORTS, page: () => import("./pages/ImportsPage.vue") },
  { name: "dictionaries", icon: BookText, everywhere: CODES, page: () => import("./pages/DictionariesPage.vue") },
  { name: "parameters", icon: SlidersHorizontal, everywhere: PARAMETERS, page: () => import("./pages/ParametersPage.vue") },
];

const wording = (screen: Screen) => screen.name.replace("-", "_");

const route = (screen: Screen): RouteRecordRaw => ({
  path: `/system/${screen.name}`,
  name: `system.${screen.name}`,
  component: screen.page,
  meta: { title: `system.${wording(screen)}.title`, everywhere: screen.everywhere },
});

const feature: Feature = {
  key: "system",
  permissions: ["system.run_work", "audit.check_chain", ...new Set(SCREENS.flatMap((screen) => screen.everywhere))],
  routes: SCREENS.map(route),
  menu: SCREENS.map((screen, index) => ({
    route: `system.${screen.name}`,
    title: `system.${wording(screen)}.title`,
    icon: screen.icon,
    order: 400 + index * 10,
    everywhere: screen.everywhere,
    group: "system.group",
  })),
};

export default feature;
