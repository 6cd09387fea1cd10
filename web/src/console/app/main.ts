import { PiniaColada } from "@pinia/colada";
import { createPinia } from "pinia";
import { createApp } from "vue";
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "#shared/ui/tokens.css";
import "#shared/ui/base.css";
import "#shared/ui/element.css";
import "#shared/ui/pages.css";
import { FEATURES } from "#shared/feature.ts";
import { i18n, rememberedLanguage, useLanguage } from "#shared/i18n/index.ts";
import { MESSAGES } from "#shared/i18n/useLanguageSwitch.ts";
import App from "./App.vue";
import { features } from "./features.ts";
import { loadMessages } from "./messages.ts";
import { makeRouter } from "./router.ts";

await useLanguage(rememberedLanguage(), loadMessages);

createApp(App)
  .use(createPinia())
  .use(PiniaColada, { queryOptions: { staleTime: 10_000, refetchOnWindowFocus: false } })
  .use(i18n)
  .use(makeRouter(features))
  .provide(FEATURES, features)
  .provide(MESSAGES, loadMessages)
  .mount("#app");
