import { Bell } from "@lucide/vue";
import { defineAsyncComponent } from "vue";
import type { Feature } from "#shared/feature.ts";

const feature: Feature = {
  key: "notify",
  permissions: [],
  routes: [
    {
      path: "/my/notices",
      name: "notify.notices",
      component: () => import("./pages/NoticesPage.vue"),
      meta: { title: "notify.page" },
    },
  ],
  account: [{ route: "notify.notices", title: "notify.page", icon: Bell, order: 5 }],
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
