import { FileDown } from "@lucide/vue";
import type { Feature } from "#shared/feature.ts";

const feature: Feature = {
  key: "exports",
  permissions: [],
  routes: [
    {
      path: "/my/exports",
      name: "exports.mine",
      component: () => import("./pages/MyExportsPage.vue"),
      meta: { title: "lists.my_exports" },
    },
  ],
  account: [{ route: "exports.mine", title: "lists.my_exports", icon: FileDown, order: 40 }],
};

export default feature;
