/** What a step is called while it is still to be done: looking is not yet finding. */
import { useI18n } from "vue-i18n";
import { word } from "#shared/i18n/index.ts";
import type { NextStep } from "../next-step.ts";

export function useStepWords(): (step: NextStep) => string {
  const { t, te } = useI18n();
  return (step) => (te(`cases.doing.${step.verb}`) ? t(`cases.doing.${step.verb}`) : word(step.label));
}
