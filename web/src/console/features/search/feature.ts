import { defineAsyncComponent } from "vue";
import type { Feature } from "#shared/feature.ts";

const feature: Feature = {
  key: "search",
  permissions: [],
  routes: [],
  bar: [{ key: "search", side: "start", order: 10, component: defineAsyncComponent(() => import("./components/SearchBox.vue")) }],
};

export default feature;
