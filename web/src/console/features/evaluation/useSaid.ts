/** What the figures are narrowed by, in words: a table on somebody's desk says what it is of. */
import { computed, type ComputedRef } from "vue";
import { useI18n } from "vue-i18n";
import { useAreas, useCategories, useCodes, useUnits } from "#shared/api/reference.ts";
import { word } from "#shared/i18n/index.ts";
import type { Filters } from "./filters.ts";

export function useSaid(filters: ComputedRef<Filters>): ComputedRef<string[]> {
  const { t } = useI18n();
  const areas = useAreas();
  const units = useUnits();
  const sources = useCodes("case_sources");
  const categories = useCategories();
  return computed(() => {
    const { from, to, area, unit, noUnit, category, source } = filters.value;
    const named = categories.data.value?.find((one) => one.key === category);
    const major = categories.data.value?.find((one) => `${one.kind}.${one.major.code}` === category);
    const told = sources.data.value?.find((one) => one.code === source);
    return [
      `${from} – ${to}`,
      areas.data.value?.find((one) => one.code === area)?.name ?? area,
      noUnit ? t("evaluation.no_unit") : (units.data.value?.find((one) => one.id === unit)?.short_name ?? ""),
      named ? word(named) : major ? word(major.major) : category,
      told ? word(told) : source,
    ];
  });
}
