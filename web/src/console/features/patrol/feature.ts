import { ClipboardCheck, Footprints, Map as MapIcon, Megaphone, Route } from "@lucide/vue";
import type { Feature } from "#shared/feature.ts";

const VIEW = ["patrol.view_work"];
const GROUP = "patrol.group";

const feature: Feature = {
  key: "patrol",
  permissions: [...VIEW, "patrol.walk_task", "patrol.edit_plan", "patrol.lead_inspection", "patrol.call_people"],
  routes: [
    { path: "/patrol/tasks", name: "patrol.tasks", component: () => import("./pages/TasksPage.vue"), meta: { title: "patrol.tasks.title", permissions: VIEW } },
    { path: "/patrol/plans", name: "patrol.plans", component: () => import("./pages/PlansPage.vue"), meta: { title: "patrol.plans.title", permissions: VIEW } },
    { path: "/patrol/coverage", name: "patrol.coverage", component: () => import("./pages/CoveragePage.vue"), meta: { title: "patrol.coverage.title", permissions: VIEW, fill: true } },
    { path: "/patrol/hand-overs", name: "patrol.hand-overs", component: () => import("./pages/HandOversPage.vue"), meta: { title: "patrol.hand_overs.title", permissions: VIEW, menu: "patrol.tasks" } },
    { path: "/patrol/inspections", name: "patrol.inspections", component: () => import("./pages/InspectionsPage.vue"), meta: { title: "patrol.inspections.title", permissions: VIEW } },
    { path: "/patrol/inspections/:id", name: "patrol.inspection", component: () => import("./pages/InspectionPage.vue"), meta: { title: "patrol.inspections.one", permissions: VIEW, menu: "patrol.inspections" } },
    { path: "/patrol/rectifications", name: "patrol.rectifications", component: () => import("./pages/RectificationsPage.vue"), meta: { title: "patrol.rectify.title", permissions: VIEW, menu: "patrol.inspections" } },
    { path: "/patrol/calls", name: "patrol.calls", component: () => import("./pages/CallsPage.vue"), meta: { title: "patrol.calls.title", permissions: VIEW, fill: true } },
  ],
  menu: [
    { route: "patrol.tasks", title: "patrol.tasks.menu", icon: Footprints, order: 110, permissions: VIEW, group: GROUP },
    { route: "patrol.plans", title: "patrol.plans.menu", icon: Route, order: 112, permissions: VIEW, group: GROUP },
    { route: "patrol.coverage", title: "patrol.coverage.menu", icon: MapIcon, order: 114, permissions: VIEW, group: GROUP },
    { route: "patrol.inspections", title: "patrol.inspections.menu", icon: ClipboardCheck, order: 116, permissions: VIEW, group: GROUP },
    { route: "patrol.calls", title: "patrol.calls.menu", icon: Megaphone, order: 118, permissions: VIEW, group: GROUP },
  ],
};

export default feature;
