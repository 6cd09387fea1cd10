import { LayoutDashboard } from "@lucide/vue";
import type { Feature } from "#shared/feature.ts";

const feature: Feature = {
  key: "workbench",
  permissions: [],
  routes: [
    {
      path: "/",
      name: "workbench",
      component: () => import("./pages/WorkbenchPage.vue"),
      meta: { title: "workbench.title" },
    },
  ],
  menu: [{ route: "workbench", title: "workbench.title", icon: LayoutDashboard, order: 10, group: "common.work" }],
};

export default feature;
