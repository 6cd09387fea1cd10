/** Questions that are answered by choosing, as words to press. */
import { i18n, word } from "#shared/i18n/index.ts";
import type { Pill } from "./ChoicePills.vue";
import type { Field } from "./rules.ts";

const { t } = i18n.global;

export function pillsOf(field: Field): Pill[] {
  if (field.kind === "yes_no") {
    return [true, false].map((one) => ({
      value: one ? "yes" : "no",
      label: t(one ? "form.yes" : "form.no"),
      fails: field.fails_on === one,
    }));
  }
  return (field.options ?? []).map((option) => ({
    value: option.code,
    label: word(option.label),
    fails: option.fails === true,
    ...(option.points != null && option.points !== 0 && { note: t("form.points_signed", { n: signed(option.points) }) }),
  }));
}

const signed = (points: number): string => (points > 0 ? `+${String(points)}` : `−${String(-points)}`);

export function chosenOf(field: Field, answer: unknown): string[] {
  if (field.kind === "yes_no") return typeof answer === "boolean" ? [answer ? "yes" : "no"] : [];
  if (Array.isArray(answer)) return answer as string[];
  return typeof answer === "string" && answer !== "" ? [answer] : [];
}

export function answerOf(field: Field, chosen: string[]): unknown {
  if (field.kind === "choices") return chosen.length === 0 ? null : chosen;
  const [one] = chosen;
  if (one === undefined) return null;
  return field.kind === "yes_no" ? one === "yes" : one;
}
