import { ChartNoAxesCombined } from "@lucide/vue";
import type { Feature } from "#shared/feature.ts";

const BOARD = ["evaluation.view_board"];

const feature: Feature = {
  key: "evaluation",
  permissions: [...BOARD, "cases.view_case"],
  routes: [
    {
      path: "/evaluation",
      name: "evaluation.board",
      component: () => import("./pages/BoardPage.vue"),
      meta: { title: "evaluation.title", permissions: BOARD },
    },
    {
      path: "/evaluation/cases",
      name: "evaluation.cases",
      component: () => import("./pages/CountedPage.vue"),
      meta: { title: "evaluation.counted", permissions: BOARD, menu: "evaluation.board" },
    },
  ],
  menu: [{ route: "evaluation.board", title: "evaluation.title", icon: ChartNoAxesCombined, order: 60, permissions: BOARD, group: "common.work" }],
};

export default feature;
