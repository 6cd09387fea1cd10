/** Two languages: Chinese first, English complete. A language is one chunk, fetched when chosen. */
import { createI18n } from "vue-i18n";
import type { Label } from "#shared/api/types.ts";

export type Language = "zh-CN" | "en";
export interface Messages {
  [key: string]: string | string[] | Messages;
}
export type MessageLoader = (language: Language) => Promise<Messages>;

export const LANGUAGES: { key: Language; name: string }[] = [
  { key: "zh-CN", name: "简体中文" },
  { key: "en", name: "English" },
];

const REMEMBERED = "yiwang.language";

/** Chinese unless this person chose otherwise before: the offices that use this speak it. */
export function rememberedLanguage(): Language {
  return localStorage.getItem(REMEMBERED) === "en" ? "en" : "zh-CN";
}

export const i18n = createI18n<false>({
  legacy: false,
  locale: "zh-CN",
  fallbackLocale: "zh-CN",
  missingWarn: false,
  fallbackWarn: false,
  messages: { "zh-CN": {}, en: {} } as Record<Language, Messages>,
});

const loaded = new Set<Language>();

export async function useLanguage(language: Language, load: MessageLoader): Promise<void> {
  if (!loaded.has(language)) {
    i18n.global.setLocaleMessage(language, await load(language));
    loaded.add(language);
  }
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
  localStorage.setItem(REMEMBERED, language);
}

export function currentLanguage(): Language {
  return i18n.global.locale.value as Language;
}

/** Several names one after another, as the language writes them. */
export function listed(names: readonly (string | number | undefined)[]): string {
  return names.join(currentLanguage() === "en" ? ", " : "、");
}

/** Wording of a label that comes with declared data. Reactive when called while rendering. */
export function word(label: Label | null | undefined): string {
  if (label == null) return "";
  const chosen = currentLanguage() === "en" ? label.en : label.zh;
  return chosen === "" ? label.zh : chosen;
}
