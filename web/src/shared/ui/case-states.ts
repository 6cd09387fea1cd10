/**
 * How each state of a case looks: a colour of the stage ramp and a sign.
 *
 * The sign carries the meaning as well as the colour, so that nobody needs to tell hues apart.
 */
import type { Label } from "#shared/api/types.ts";

export interface StateLook {
  /** Place in the ramp, also the order on the lifecycle strip. */
  stage: number;
  /** Name of a token. */
  color: string;
  sign: Label;
}

const LOOKS: Record<string, StateLook> = {
  reported: { stage: 1, color: "--yw-stage-1", sign: { zh: "报", en: "Rp" } },
  verifying: { stage: 1, color: "--yw-stage-1", sign: { zh: "实", en: "Vf" } },
  pending_registration: { stage: 2, color: "--yw-stage-2", sign: { zh: "立", en: "Rg" } },
  pending_dispatch: { stage: 3, color: "--yw-stage-3", sign: { zh: "派", en: "Di" } },
  pending_handle: { stage: 4, color: "--yw-stage-4", sign: { zh: "接", en: "Ta" } },
  handling: { stage: 5, color: "--yw-stage-5", sign: { zh: "办", en: "Ha" } },
  suspended: { stage: 5, color: "--yw-stage-held", sign: { zh: "挂", en: "Su" } },
  pending_check: { stage: 6, color: "--yw-stage-6", sign: { zh: "核", en: "Ck" } },
  pending_close: { stage: 7, color: "--yw-stage-7", sign: { zh: "结", en: "Cl" } },
  closed: { stage: 8, color: "--yw-stage-done", sign: { zh: "完", en: "✓" } },
  archived: { stage: 8, color: "--yw-stage-done", sign: { zh: "档", en: "Ar" } },
  forced_closed: { stage: 8, color: "--yw-stage-refused", sign: { zh: "强", en: "Fc" } },
  not_accepted: { stage: 9, color: "--yw-stage-refused", sign: { zh: "拒", en: "✕" } },
  voided: { stage: 9, color: "--yw-stage-refused", sign: { zh: "废", en: "Vo" } },
  merged: { stage: 9, color: "--yw-stage-2", sign: { zh: "并", en: "Mg" } },
};

const UNKNOWN: StateLook = { stage: 5, color: "--yw-stage-1", sign: { zh: "案", en: "•" } };

/** A state that the server has learnt since this page was built still gets a look. */
export function lookOf(state: string): StateLook {
  return LOOKS[state] ?? UNKNOWN;
}

export const KNOWN_STATES = Object.keys(LOOKS);
