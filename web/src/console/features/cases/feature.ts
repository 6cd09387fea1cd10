import { FilePlus2, FileText, ListChecks, Map as MapIcon, MapPin } from "@lucide/vue";
import { defineAsyncComponent } from "vue";
import type { Feature } from "#shared/feature.ts";
import { ANSWERING } from "./filters.ts";

const VIEW = ["cases.view_case"];
const OPEN = ["cases.report_case", "cases.take_call"];
/** Asked where there is a choice: a grid officer's way in, and who calls back. */
const ASKED = ["cases.self_handle", ANSWERING];
const card = (load: () => Promise<object>) => defineAsyncComponent(load as never);

const feature: Feature = {
  key: "cases",
  permissions: [...VIEW, ...OPEN, ...ASKED],
  routes: [
    {
      path: "/cases",
      name: "cases.list",
      component: () => import("./pages/ListPage.vue"),
      meta: { title: "cases.list", permissions: VIEW, fill: true, stays: true },
    },
    {
      path: "/cases/new",
      name: "cases.report",
      component: () => import("./pages/ReportPage.vue"),
      meta: { title: "cases.report", permissions: OPEN, fill: true },
    },
    {
      path: "/cases/map",
      name: "cases.map",
      component: () => import("./pages/MapPage.vue"),
      meta: { title: "cases.map", permissions: VIEW, fill: true },
    },
    {
      path: "/cases/:id",
      name: "cases.page",
      component: () => import("./pages/CasePage.vue"),
      props: true,
      meta: { title: "cases.page", permissions: VIEW, fill: true, menu: "cases.list" },
    },
  ],
  menu: [
    { route: "cases.report", title: "cases.report", icon: FilePlus2, order: 20, permissions: OPEN, group: "common.work" },
    { route: "cases.list", title: "cases.list", icon: ListChecks, order: 30, permissions: VIEW, group: "common.work" },
    { route: "cases.map", title: "cases.map", icon: MapIcon, order: 40, permissions: VIEW, group: "common.work" },
  ],
  cards: [
    {
      key: "figures",
      area: "top",
      order: 10,
      permissions: VIEW,
      component: card(() => import("./components/FiguresCard.vue")),
    },
    { key: "flow", area: "top", order: 20, permissions: VIEW, component: card(() => import("./components/FlowCard.vue")) },
    {
      key: "tasks",
      area: "main",
      order: 10,
      permissions: VIEW,
      component: card(() => import("./components/TasksCard.vue")),
    },
    {
      key: "urgent",
      area: "main",
      order: 20,
      permissions: VIEW,
      component: card(() => import("./components/UrgentCard.vue")),
    },
    { key: "hint", area: "aside", order: 10, permissions: VIEW, component: card(() => import("./components/HintCard.vue")) },
    {
      key: "streets",
      area: "aside",
      order: 20,
      permissions: VIEW,
      component: card(() => import("./components/StreetsCard.vue")),
    },
  ],
  finds: [
    {
      kind: "case",
      icon: FileText,
      title: "cases.list",
      to: (id) => ({ name: "cases.page", params: { id } }),
      all: (q) => ({ name: "cases.list", query: { tab: "all", q } }),
    },
    { kind: "area", icon: MapPin, title: "search.area", to: (code) => ({ name: "cases.list", query: { area: code } }) },
  ],
};

export default feature;
