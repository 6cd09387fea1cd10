import { MapPinned } from "@lucide/vue";
import type { Feature } from "#shared/feature.ts";

const VIEW = ["fleet.view_position"];

const feature: Feature = {
  key: "fleet",
  permissions: [...VIEW, "fleet.view_trail"],
  routes: [
    {
      path: "/fleet/people",
      name: "fleet.people",
      component: () => import("./pages/PeoplePage.vue"),
      meta: { title: "fleet.title", permissions: VIEW, fill: true },
    },
  ],
  menu: [{ route: "fleet.people", title: "fleet.title", icon: MapPinned, order: 70, permissions: VIEW, group: "duty.group" }],
};

export default feature;
