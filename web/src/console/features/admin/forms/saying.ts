/** Faults and differences of forms in words. */
import { i18n, listed, word } from "#shared/i18n/index.ts";
import type { FormChange, FormFault } from "./data.ts";

const { t, te } = i18n.global;

export function wordFormFault(fault: FormFault): string {
  const code = fault.code === "no_name" && fault.field === "purpose" ? "no_purpose" : fault.code;
  const key = `admin.forms.fault.${code}`;
  return te(key) || te(key, "zh-CN") ? t(key, fault.params) : t("problem.field_invalid");
}

/** What changed: "“苍蝇”：必填". */
export function wordChange(change: FormChange): string {
  const label = word(change.label) || change.key;
  if (change.part === "added" || change.part === "removed") return t(`admin.forms.change.${change.what}_${change.part}`, { label });
  if (change.part === "order") return t("admin.forms.change.order");
  return t("admin.forms.change.part", { label, part: t(`admin.forms.part.${change.part}`) });
}

type Said = FormChange["before"];

/** A value of a declaration, short; "" where words would be too many. */
export function wordValue(change: FormChange, value: Said): string {
  if (["added", "removed", "order", "when"].includes(change.part)) return "";
  if (value === null || value === undefined) return t("admin.forms.nothing");
  if (typeof value === "boolean") return t(value ? "form.yes" : "form.no");
  if (change.part === "kind") return t(`admin.forms.kind.${String(value)}`);
  if (change.part === "options") return listed((value as { label: { zh: string; en: string } }[]).map(({ label }) => word(label)));
  if (change.part === "slots") return listed((value as string[]).map((slot) => t(`photo.slot.${slot}`)));
  return typeof value === "object" ? word(value as { zh: string; en: string }) : String(value);
}
