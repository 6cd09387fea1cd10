/** Answers, faults and points in words. */
import { i18n, listed, word } from "#shared/i18n/index.ts";
import { fullTime } from "#shared/i18n/time.ts";
import type { Fault, Field } from "./rules.ts";
import { isFilled, slotsOf } from "./rules.ts";

const { t } = i18n.global;

/** What is wrong, and what to do. */
export function wordFault(fault: Fault, field?: Field): string {
  const params = { ...fault.params };
  if (typeof params["slot"] === "string") params["slot"] = t(`photo.slot.${params["slot"]}`);
  if (fault.code === "required" && field !== undefined) return t(`form.required.${askedHow(field)}`);
  const about = field?.kind === "photo" ? "photo" : "other";
  if (fault.code === "too_few" || fault.code === "too_many") return t(`form.fault.${fault.code}_${about}`, params);
  return t(`form.fault.${fault.code}`, params);
}

/** Whether one writes, chooses, takes a picture or marks a place. */
function askedHow(field: Field): string {
  if (field.kind === "photo" || field.kind === "point") return field.kind;
  return ["choice", "choices", "yes_no", "date", "moment"].includes(field.kind) ? "choose" : "write";
}

function named(field: Field, codes: unknown[]): string {
  return listed(codes.map((code) => word(field.options?.find((option) => option.code === code)?.label) || String(code)));
}

/** An answer in words; "" for none. Photos and places are for whoever shows them. */
export function wordAnswer(field: Field, answer: unknown): string {
  if (!isFilled(answer)) return "";
  if (field.kind === "yes_no") return t(answer === true ? "form.yes" : "form.no");
  if (field.kind === "choice" || field.kind === "choices") return named(field, Array.isArray(answer) ? answer : [answer]);
  if (field.kind === "moment") return fullTime(String(answer));
  if (field.kind === "photo") return t("form.pictures", { n: slotsOf(answer).flatMap(([, ids]) => ids).length });
  if (field.kind === "point") return wordPoint(answer);
  return field.unit == null ? String(answer) : `${String(answer)} ${word(field.unit)}`;
}

export function wordPoint(answer: unknown): string {
  const { lon, lat } = answer as { lon: number; lat: number };
  return `${lon.toFixed(6)}, ${lat.toFixed(6)}`;
}

/** What an answer counts, as a short note; "" where it counts nothing. */
export function wordPoints(field: Field): string {
  if (field.points) return t("form.points", { n: field.points });
  if (!field.deducts) return "";
  const most = field.deducts_at_most;
  const params = { n: field.deducts, most: most ?? 0 };
  if (field.kind === "yes_no") return t("form.deducts", params);
  return t(most == null ? "form.deducts_each" : "form.deducts_each_most", params);
}

/** What helps to answer: which pictures are wanted, and the hint of whoever made the form. */
export function wordHint(field: Field): string {
  const slots = (field.slots ?? []).map((slot) => t(`photo.slot.${slot}`));
  const wanted = slots.length === 0 ? "" : t("form.slots_wanted", { slots: listed(slots) });
  return [wanted, word(field.hint)].filter(Boolean).join(" · ");
}
