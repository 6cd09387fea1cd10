import { Rocket } from "@lucide/vue";
import { defineAsyncComponent } from "vue";
import type { Feature } from "#shared/feature.ts";
import { useUnfinished } from "./data.ts";

const VIEW = ["system.view_state"];
/** Of whatever may want attention: who may see to one of these has the card. */
const PEOPLE = ["accounts.manage_user"];
const SEE_TO = [...VIEW, "calendars.edit_calendar", "cases.edit_categories", "imports.bring_in"];
const card = (load: () => Promise<object>) => defineAsyncComponent(load as never);

const feature: Feature = {
  key: "setup",
  permissions: ["system.run_work", ...PEOPLE, ...SEE_TO],
  routes: [
    {
      path: "/start",
      name: "setup.start",
      component: () => import("./pages/StartPage.vue"),
      meta: { title: "setup.title", everywhere: VIEW },
    },
  ],
  menu: [
    { route: "setup.start", title: "setup.title", icon: Rocket, order: 15, everywhere: VIEW, group: "common.work", useShown: useUnfinished },
  ],
  cards: [
    { key: "start", area: "top", order: 5, everywhere: VIEW, component: card(() => import("./components/StartCard.vue")) },
    { key: "attention", area: "main", order: 5, permissions: PEOPLE, everywhere: SEE_TO, component: card(() => import("./components/AttentionCard.vue")) },
  ],
};

export default feature;
