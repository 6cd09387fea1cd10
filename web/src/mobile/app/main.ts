import { PiniaColada } from "@pinia/colada";
import { createPinia } from "pinia";
import { createApp } from "vue";
import "vant/es/style/base.css";
import "#shared/ui/tokens.css";
import "#shared/ui/base.css";
import "./phone.css";
import "./vant.css";
import { i18n, rememberedLanguage, useLanguage } from "#shared/i18n/index.ts";
import { MESSAGES } from "#shared/i18n/useLanguageSwitch.ts";
import App from "./App.vue";
import { loadMessages } from "./messages.ts";
import { makeRouter } from "./router.ts";
import { keepApp } from "./updates.ts";

await useLanguage(rememberedLanguage(), loadMessages);

createApp(App)
  .use(createPinia())
  .use(PiniaColada, { queryOptions: { staleTime: 10_000, refetchOnWindowFocus: false } })
  .use(i18n)
  .use(makeRouter())
  .provide(MESSAGES, loadMessages)
  .mount("#app");

keepApp();
