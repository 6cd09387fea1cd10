import { inject, type InjectionKey } from "vue";
import { currentLanguage, useLanguage, type MessageLoader } from "./index.ts";

/** Each app has its own words; it provides the way to load them. */
export const MESSAGES: InjectionKey<MessageLoader> = Symbol("messages");

/** A function that changes to the other language. */
export function useLanguageSwitch(): () => Promise<void> {
  const load = inject(MESSAGES, () => Promise.resolve({}));
  return () => useLanguage(currentLanguage() === "en" ? "zh-CN" : "en", load);
}
