/** The filters of a list in words, a line each: what a printed table says of itself. */
import { computed, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import { useAreas, useCategories, useCodeWords, useLifecycle, useUnits } from "#shared/api/reference.ts";
import { word } from "#shared/i18n/index.ts";
import type { CaseFilters } from "../filters.ts";

export function useFilterWords(filters: Ref<CaseFilters>) {
  const { t } = useI18n();
  const [areas, units, categories, sourceWord, lifecycle] = [useAreas(), useUnits(), useCategories(), useCodeWords("case_sources"), useLifecycle()];

  return computed<string[]>(() => {
    const { tab, states, category, area, unit, source, q, from, to } = filters.value;
    const labels = (lifecycle.data.value?.states ?? []).filter((state) => states.includes(state.key)).map((state) => word(state.label));
    const areaName = areas.data.value?.find((one) => one.code === area);
    const categoryName = categories.data.value?.find((one) => one.key === category);
    const said: [string, string][] = [
      [t("cases.list"), t(`cases.tab.${tab}`)],
      [t("cases.field.state"), labels.join("、")],
      [t("cases.field.category"), categoryName === undefined ? category : word(categoryName)],
      [t("cases.field.area"), areaName === undefined ? area : word({ zh: areaName.name, en: areaName.name_en })],
      [t("cases.field.unit"), units.data.value?.find((one) => one.id === unit)?.short_name ?? ""],
      [t("cases.field.source"), sourceWord(source)],
      [t("cases.filter_text"), q],
      [t("cases.field.from"), from],
      [t("cases.field.to"), to],
    ];
    return said.filter(([, value]) => value !== "").map(([name, value]) => t("lists.said", { name, value }));
  });
}
