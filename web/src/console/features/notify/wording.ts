/** A notice in words: its kind chooses the sentence, its parameters fill it. Labels are taken in the current language. */
import type { Label } from "#shared/api/types.ts";
import { word } from "#shared/i18n/index.ts";

function isLabel(value: unknown): value is Label {
  const label = value as Partial<Label> | null;
  return typeof label?.zh === "string" && typeof label.en === "string";
}

export function plainParams(params: Record<string, unknown>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (isLabel(value)) plain[name] = word(value);
    else if (typeof value === "string" || typeof value === "number") plain[name] = String(value);
  }
  return plain;
}
