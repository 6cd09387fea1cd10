/** What units are called, by their codes and numbers. */
import { useI18n } from "vue-i18n";
import { useUnits } from "#shared/api/reference.ts";
import type { Unit } from "#shared/api/types.ts";
import { currentLanguage } from "#shared/i18n/index.ts";

/** "street" stands for whichever street centre serves the place of the case. */
export const STREET = "street";

export function nameOf(unit: Pick<Unit, "name" | "name_en">): string {
  return currentLanguage() === "en" && unit.name_en !== "" ? unit.name_en : unit.name;
}

export function useUnitName(): (code: string) => string {
  const { t } = useI18n();
  const units = useUnits();
  return (code) => {
    if (code === STREET) return t("admin.units.street");
    const unit = units.data.value?.find((row) => row.code === code);
    return unit === undefined ? code : nameOf(unit);
  };
}
