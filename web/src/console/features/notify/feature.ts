import { defineAsyncComponent } from "vue";
import type { Feature } from "#shared/feature.ts";

const feature: Feature = {
  key: "notify",
  permissions: [],
  routes: [],
  bar: [
    {
      key: "bell",
      side: "end",
      order: 90,
      component: defineAsyncComponent(() => import("./components/NoticeBell.vue")),
    },
  ],
};

export default feature;
