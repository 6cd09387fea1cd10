/** Changing a lifecycle table: each function gives a new table and leaves the given one as it is. */
import type { LimitValue } from "../limits.ts";
import { outcomesOf, type Doc, type FieldRow, type RequestRow, type StateRow, type TransitionRow } from "./doc.ts";

export function withState(doc: Doc, key: string, change: Partial<StateRow>): Doc {
  return { ...doc, states: doc.states.map((row) => (row.key === key ? { ...row, ...change } : row)) };
}

export function withStep(doc: Doc, index: number, change: Partial<TransitionRow>): Doc {
  return { ...doc, transitions: doc.transitions.map((row, at) => (at === index ? { ...row, ...change } : row)) };
}

export function withField(doc: Doc, index: number, name: string, change: Partial<FieldRow>): Doc {
  const fields = doc.transitions[index]?.fields ?? [];
  return withStep(doc, index, { fields: fields.map((row) => (row.name === name ? { ...row, ...change } : row)) });
}

export function withRequest(doc: Doc, kind: string, change: Partial<RequestRow>): Doc {
  const found = doc.requests?.[kind];
  return found === undefined ? doc : { ...doc, requests: { ...doc.requests, [kind]: { ...found, ...change } } };
}

export function without<V>(record: Record<string, V>, name: string): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

/** Sets, or with null takes away, the limit of a stage that is no state. */
export function withStageLimit(doc: Doc, stage: string, limit: LimitValue | null): Doc {
  const rest = without(doc.limits ?? {}, stage);
  return { ...doc, limits: limit === null ? rest : { ...rest, [stage]: limit } };
}

export function withFields(doc: Doc, index: number, fields: FieldRow[]): Doc {
  return withStep(doc, index, { fields });
}

export function withMarks(doc: Doc, stage: string, marks: Record<string, string> | null): Doc {
  const rest = without(doc.marks ?? {}, stage);
  return { ...doc, marks: marks === null ? rest : { ...rest, [stage]: marks } };
}

/** A share as people say it: "4/5" is 80 %, "2" is 200 %. */
export function percentOf(share: string): number {
  const [above = "0", below = "1"] = share.split("/");
  return Math.round((Number(above) / Number(below)) * 1000) / 10;
}

export function shareOf(percent: number): string {
  const whole = Math.round(percent * 10);
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  const common = divisor(whole, 1000);
  return common === 1000 ? String(whole / 1000) : `${whole / common}/${1000 / common}`;
}

export const LOCAL_PREFIX = "local_";

/** A key for what is added: Latin letters of its English name, told apart from the shipped ones and from each other. */
export function freshKey(taken: Iterable<string>, name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  const stem = `${LOCAL_PREFIX}${words}`.slice(0, 22).replace(/_+$/, "");
  const known = new Set(taken);
  for (let number = 1; ; number += 1) {
    const key = number === 1 && words !== "" ? stem : `${stem}_${number}`;
    if (!known.has(key)) return key;
  }
}

export interface Gap {
  /** "" when it lies between an opening and the first state. */
  from: string;
  to: string;
  steps: number[];
}

/** The places where something can be put in between, by the steps that lead from one state straight to the other. */
export function gaps(doc: Doc): Gap[] {
  const found = new Map<string, Gap>();
  doc.transitions.forEach((row, index) => {
    if (row.style !== "primary" || row.decision != null) return;
    for (const from of row.from.length === 0 ? [""] : row.from) {
      for (const { state: to } of outcomesOf(row)) {
        if (to.startsWith("@") || to === from) continue;
        const gap = found.get(`${from}>${to}`) ?? { from, to, steps: [] };
        gap.steps.push(index);
        found.set(`${from}>${to}`, gap);
      }
    }
  });
  return [...found.values()];
}

/** A step as the server finds it again: its verb and one of the states it starts from. */
export function stepAt(doc: Doc, index: number): { verb: string; start: string } {
  const row = doc.transitions[index];
  return { verb: row?.verb ?? "", start: row?.from[0] ?? "" };
}

/** States that stand in this table and not in that one: what may be taken out again. */
export function addedStates(doc: Doc, base: Doc): string[] {
  const known = new Set(base.states.map((row) => row.key));
  return doc.states.map((row) => row.key).filter((key) => !known.has(key));
}
