import { Inbox } from "@lucide/vue";
import type { Feature } from "#shared/feature.ts";

const VIEW = ["commands.view_conflicts"];

const feature: Feature = {
  key: "field",
  permissions: VIEW,
  routes: [
    {
      path: "/field/conflicts",
      name: "field.conflicts",
      component: () => import("./pages/ConflictsPage.vue"),
      meta: { title: "field.conflicts.title", permissions: VIEW },
    },
  ],
  menu: [{ route: "field.conflicts", title: "field.conflicts.title", icon: Inbox, order: 90, permissions: VIEW, group: "common.work" }],
};

export default feature;
