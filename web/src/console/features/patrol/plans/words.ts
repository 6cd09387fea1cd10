/** How often, in words: "A 级 每天 2 次". */
import { useI18n } from "vue-i18n";
import { GRADES, type Frequency } from "../data.ts";

export function useFrequencyWords() {
  const { t } = useI18n();
  function one(often: Frequency): string {
    if (often.times === 0) return t("patrol.plans.never");
    return often.per === "days" ? t("patrol.plans.per.days", { n: often.times, days: often.days }) : t(`patrol.plans.per.${often.per}`, { n: often.times });
  }
  const lines = (all: Record<string, Frequency>): string[] =>
    GRADES.flatMap((grade) => {
      const often = all[grade];
      return often === undefined || often.times === 0 ? [] : [t("patrol.plans.of_grade", { grade, often: one(often) })];
    });
  return { one, lines };
}
