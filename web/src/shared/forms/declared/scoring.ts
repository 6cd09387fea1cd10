/** What a filled form scores, as exact fractions; the same as `core/forms/rules/scoring.py`. */
import { isFilled, visible, type Answers, type Field, type Form, type Section } from "./rules.ts";

/** A fraction in lowest terms, its lower part above zero. */
interface Fraction {
  top: bigint;
  bottom: bigint;
}

export interface Score {
  got: Fraction;
  most: Fraction;
}

const ZERO: Fraction = { top: 0n, bottom: 1n };

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? (a < 0n ? -a : a) : divisor(b, a % b);
}

function fraction(top: bigint, bottom: bigint): Fraction {
  const common = divisor(top, bottom) * (bottom < 0n ? -1n : 1n);
  return { top: top / common, bottom: bottom / common };
}

const plus = (a: Fraction, b: Fraction) => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
const minus = (a: Fraction, b: Fraction) => fraction(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom);
const times = (a: Fraction, b: Fraction) => fraction(a.top * b.top, a.bottom * b.bottom);
const over = (a: Fraction, b: Fraction) => fraction(a.top * b.bottom, a.bottom * b.top);
const less = (a: Fraction, b: Fraction) => a.top * b.bottom < b.top * a.bottom;
const smaller = (a: Fraction, b: Fraction) => (less(b, a) ? b : a);
const larger = (a: Fraction, b: Fraction) => (less(a, b) ? b : a);
const sum = (all: Fraction[]) => all.reduce(plus, ZERO);

/** A declared number as it is written, two places at most: 0.1 is one tenth. */
function exact(points: number | null | undefined): Fraction {
  return fraction(BigInt(Math.round((points ?? 0) * 100)), 100n);
}

/** "17/2", or "8". */
export function written({ top, bottom }: Fraction): string {
  return bottom === 1n ? String(top) : `${String(top)}/${String(bottom)}`;
}

/** A fraction as the server writes it, as a number to show. */
export function asNumber(text: string): number {
  const [top = "0", bottom = "1"] = text.split("/");
  return Number(top) / Number(bottom);
}

/** The score of what is answered so far; null where nothing scored is asked. */
export function score(form: Form, answers: Answers): Score | null {
  const shown = visible(form, answers);
  const parts = form.sections.flatMap((section) => scoreOf(section, answers, shown) ?? []);
  return parts.length === 0 ? null : { got: sum(parts.map(({ got }) => got)), most: sum(parts.map(({ most }) => most)) };
}

export const isScoredField = (field: Field): boolean =>
  Boolean(field.points) || Boolean(field.deducts) || (field.options ?? []).some(({ points }) => Boolean(points));

/** Whether filling in the form can give a score at all. */
export const isScored = (form: Form): boolean =>
  form.sections.some((section) => Boolean(section.starts) || section.fields.some(isScoredField));

export function scoreOf(section: Section, answers: Answers, shown: Set<string>): Score | null {
  const asked = section.fields.filter(({ key }) => shown.has(key));
  const counted = asked.filter(({ key }) => isFilled(answers[key])).map((field) => scoreField(field, answers[field.key]));
  const starts = asked.length === 0 ? ZERO : exact(section.starts);
  const most = plus(starts, sum(counted.map((one) => one.most)));
  if (!less(ZERO, most)) return null;
  const got = smaller(larger(plus(starts, sum(counted.map((one) => one.got))), ZERO), most);
  if (section.weight == null) return { got, most };
  const weight = exact(section.weight);
  return weight.top === 0n ? null : { got: over(times(weight, got), most), most: weight };
}

/** What an answer earns (below zero: takes off), of what it could. */
export function scoreField(field: Field, answer: unknown): Score {
  if (field.kind === "yes_no" && field.fails_on != null && typeof answer === "boolean") {
    const points = exact(field.points);
    return { got: answer === field.fails_on ? minus(ZERO, exact(field.deducts)) : points, most: points };
  }
  if (field.kind === "integer" && Boolean(field.deducts) && typeof answer === "number" && Number.isFinite(answer)) {
    const takes = times(exact(field.deducts), fraction(BigInt(Math.max(Math.trunc(answer), 0)), 1n));
    return { got: minus(ZERO, atMost(field, takes)), most: ZERO };
  }
  if (field.kind === "choice" || field.kind === "choices") return scoreChosen(field, answer);
  return { got: ZERO, most: ZERO };
}

function scoreChosen(field: Field, answer: unknown): Score {
  const codes: unknown[] = Array.isArray(answer) ? answer : [answer];
  const options = field.options ?? [];
  const earned = options.filter(({ code }) => codes.includes(code)).map(({ points }) => exact(points));
  const positive = options.map(({ points }) => exact(points)).filter((points) => less(ZERO, points));
  const most = field.kind === "choices" ? sum(positive) : positive.reduce(larger, ZERO);
  const takes = minus(ZERO, sum(earned.filter((one) => less(one, ZERO))));
  return { got: minus(sum(earned.filter((one) => less(ZERO, one))), atMost(field, takes)), most };
}

function atMost(field: Field, takes: Fraction): Fraction {
  return field.deducts_at_most == null ? takes : smaller(takes, exact(field.deducts_at_most));
}
