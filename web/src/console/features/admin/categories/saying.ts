/** Values of a version of a class in words: names, limits, limits by area, lists. */
import { useI18n } from "vue-i18n";
import { word } from "#shared/i18n/index.ts";
import { limitWords } from "../limits.ts";

const PLAIN = ["name", "usual_unit", "synonyms", "active", "requests"];

/** "conditions.<the condition's text>.limit" as the key of its wording and the text. */
export function fieldWords(field: string): [key: string, params: { text: string }] {
  if (PLAIN.includes(field)) return [`admin.difference.field.${field}`, { text: "" }];
  const found = /^conditions\.(.*)\.(limit|area_limits|handling|closing)$/s.exec(field);
  return [`admin.difference.field.${found?.[2] ?? "other"}`, { text: found?.[1] ?? field }];
}

type Thing = Record<string, unknown>;
const isThing = (value: unknown): value is Thing => typeof value === "object" && value !== null && !Array.isArray(value);

export function useSaying(): (value: unknown) => string {
  const { t } = useI18n();
  const joint = () => t("admin.difference.joint");

  function sayThing(value: Thing): string {
    if (typeof value["zh"] === "string") return word({ zh: value["zh"], en: String(value["en"] ?? "") }) || t("admin.difference.empty");
    if (typeof value["kind"] === "string" && "amount" in value) return t(...limitWords(value as { kind: string; amount: string }));
    const parts = Object.entries(value).map(([name, one]) => `${name}: ${say(one)}`);
    return parts.length === 0 ? t("admin.difference.empty") : parts.join(joint());
  }

  function say(value: unknown): string {
    if (value == null || value === "") return t("admin.difference.empty");
    if (typeof value === "boolean") return t(value ? "admin.yes" : "admin.no");
    if (Array.isArray(value)) return value.length === 0 ? t("admin.difference.empty") : value.map(say).join(joint());
    return isThing(value) ? sayThing(value) : String(value as string | number);
  }

  return say;
}
