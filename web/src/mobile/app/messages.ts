import type { Language, Messages } from "#shared/i18n/index.ts";

/** Wording of one language: the shared part, the app's and each feature's, in one chunk. */
export async function loadMessages(language: Language): Promise<Messages> {
  const chunk = language === "en" ? await import("./messages-en.ts") : await import("./messages-zh.ts");
  return chunk.default;
}
