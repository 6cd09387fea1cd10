/**
 * What a form asks, whether it was filled in well, what that scores: the same as `core/forms/rules` on the server, so
 * that a phone without a network says at once what the server would say. Both are tested by the same cases.
 */
import type { Label } from "#shared/api/types.ts";

export const KINDS = ["yes_no", "choice", "choices", "text", "longtext", "integer", "number", "photo", "point", "date", "moment"] as const;
export type Kind = (typeof KINDS)[number];
export const SLOTS = ["near", "far", "reference", "before", "after"] as const;

export interface Option {
  code: string;
  label: Label;
  points?: number | null;
  fails?: boolean;
}

/** One test of an earlier field, or several of these together. */
export interface When {
  field?: string;
  equals?: string | boolean | number | null;
  among?: string[];
  above?: number | null;
  filled?: boolean | null;
  all_of?: When[];
  any_of?: When[];
}

export interface Field {
  key: string;
  label: Label;
  kind: Kind;
  required?: boolean;
  unit?: Label | null;
  least?: number | null;
  most?: number | null;
  options?: Option[];
  slots?: string[];
  when?: When | null;
  points?: number | null;
  fails_on?: boolean | null;
  deducts?: number | null;
  deducts_at_most?: number | null;
  hint?: Label | null;
}

export interface Section {
  key: string;
  name: Label;
  fields: Field[];
  starts?: number;
  weight?: number | null;
}

export interface Form {
  key: string;
  name: Label;
  purpose: Label;
  sections: Section[];
}

/** Answers by the fields' keys, as JSON; what is missing, null or empty is not answered. */
export type Answers = Record<string, unknown>;

export interface Fault {
  field: string;
  code: string;
  params: Record<string, unknown>;
}

const MOST_TEXT = 200;
const MOST_LONGTEXT = 2000;
export const MOST_PICTURES = 9;
const LARGEST = 1e12;
const DATE = /^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$/;
const MOMENT =
  /^[12][0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/;
const FILE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const fieldsOf = (form: Form): Field[] => form.sections.flatMap((section) => section.fields);

const isRecord = (answer: unknown): answer is Record<string, unknown> => typeof answer === "object" && answer !== null && !Array.isArray(answer);

/** Whether there is an answer: no empty text, list or set of pictures. "No" is one. */
export function isFilled(answer: unknown): boolean {
  if (typeof answer === "string") return answer.trim() !== "";
  if (Array.isArray(answer)) return answer.length > 0;
  if (isRecord(answer)) return Object.values(answer).some(isFilled);
  return answer !== null && answer !== undefined;
}

/** A finite number that a form can hold. */
function isNumber(answer: unknown): answer is number {
  return typeof answer === "number" && Number.isFinite(answer) && Math.abs(answer) <= LARGEST;
}

/** The keys of the fields that are asked, given what was answered before them. */
export function visible(form: Form, answers: Answers): Set<string> {
  const said: Answers = {};
  const shown = new Set<string>();
  for (const field of fieldsOf(form)) {
    if (field.when != null && !holds(field.when, said)) continue;
    shown.add(field.key);
    const answer = answers[field.key];
    if (isFilled(answer)) said[field.key] = answer;
  }
  return shown;
}

function holds(when: When, said: Answers): boolean {
  if (when.all_of?.length) return when.all_of.every((part) => holds(part, said));
  if (when.any_of?.length) return when.any_of.some((part) => holds(part, said));
  const key = when.field ?? "";
  const given = Object.hasOwn(said, key);
  if (when.filled != null) return when.filled === given;
  if (!given) return false;
  const answer = said[key];
  const chosen: unknown[] = Array.isArray(answer) ? answer : [answer];
  if (when.among?.length) return chosen.some((one) => typeof one === "string" && when.among?.includes(one) === true);
  if (when.above != null) return isNumber(answer) && answer > when.above;
  return chosen.some((one) => one === when.equals);
}

/** What of the answers is kept: given ones of fields that are asked, in the order of the form. */
export function kept(form: Form, answers: Answers): Answers {
  const shown = visible(form, answers);
  const given = fieldsOf(form).filter(({ key }) => shown.has(key) && isFilled(answers[key]));
  return Object.fromEntries(given.map(({ key }) => [key, answers[key]]));
}

/** Everything that is wrong, at most once a field, in the order of the form; strangers last. */
export function check(form: Form, answers: Answers): Fault[] {
  const shown = visible(form, answers);
  const fields = fieldsOf(form);
  const found = fields.filter(({ key }) => shown.has(key)).flatMap((field) => faultOf(field, answers[field.key]) ?? []);
  const known = new Set(fields.map(({ key }) => key));
  const strangers = Object.keys(answers).filter((key) => !known.has(key)).sort();
  return [...found, ...strangers.map((field) => ({ field, code: "unknown_field", params: {} }))];
}

/** What is wrong with the answer of a field that is asked; null for nothing. */
export function faultOf(field: Field, answer: unknown): Fault | null {
  const fault = isFilled(answer) ? (CHECKS[field.kind](field, answer) ?? null) : field.required === true ? told("required") : null;
  return fault === null ? null : { field: field.key, ...fault };
}

type Told = Omit<Fault, "field">;
const told = (code: string, params: Record<string, unknown> = {}): Told => ({ code, params });
const wrong = (): Told => told("wrong_kind");

function bounded(value: number, least: number | null | undefined, most: number | null | undefined, low: string, high: string): Told | undefined {
  if (least != null && value < least) return told(low, { least });
  if (most != null && value > most) return told(high, { most });
  return undefined;
}

function checkText(field: Field, answer: unknown): Told | undefined {
  if (typeof answer !== "string") return wrong();
  const most = field.most ?? (field.kind === "text" ? MOST_TEXT : MOST_LONGTEXT);
  return bounded([...answer.trim()].length, field.least, most, "too_short", "too_long");
}

function checkNumber(field: Field, answer: unknown): Told | undefined {
  if (!isNumber(answer) || (field.kind === "integer" && !Number.isInteger(answer))) return wrong();
  return bounded(answer, field.least, field.most, "too_small", "too_large");
}

const codesOf = (field: Field): Set<unknown> => new Set(field.options?.map(({ code }) => code));

function checkChoice(field: Field, answer: unknown): Told | undefined {
  if (typeof answer !== "string") return wrong();
  return codesOf(field).has(answer) ? undefined : told("unknown_option");
}

function checkChoices(field: Field, answer: unknown): Told | undefined {
  if (!Array.isArray(answer) || !answer.every((one) => typeof one === "string")) return wrong();
  const codes = codesOf(field);
  if (!answer.every((one) => codes.has(one))) return told("unknown_option");
  if (new Set(answer).size < answer.length) return told("repeated");
  return bounded(answer.length, field.least, field.most, "too_few", "too_many");
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

/** The pictures of an answer by slot; "" for those without one. */
export function slotsOf(answer: unknown): [string, string[]][] {
  return isRecord(answer) ? (Object.entries(answer) as [string, string[]][]) : [["", (answer ?? []) as string[]]];
}

function checkPhoto(field: Field, answer: unknown): Told | undefined {
  const wanted = field.slots ?? [];
  if (isRecord(answer) ? wanted.length === 0 : !Array.isArray(answer) || wanted.length > 0) return wrong();
  const slots = slotsOf(answer);
  for (const [slot, ids] of slots) {
    if (wanted.length > 0 && !wanted.includes(slot)) return told("unknown_slot", { slot });
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === "string" && FILE_ID.test(id))) return wrong();
  }
  const taken = slots.flatMap(([, ids]) => ids);
  if (new Set(taken).size < taken.length) return told("repeated");
  const filled = new Set(slots.filter(([, ids]) => ids.length > 0).map(([slot]) => slot));
  const empty = field.required === true ? wanted.find((slot) => !filled.has(slot)) : undefined;
  if (empty !== undefined) return told("slot_empty", { slot: empty });
  return bounded(taken.length, field.least, field.most ?? MOST_PICTURES, "too_few", "too_many");
}

function checkPoint(answer: unknown): Told | undefined {
  if (!isRecord(answer) || !Object.keys(answer).every((key) => ["lon", "lat", "accuracy_m"].includes(key))) return wrong();
  const { lon, lat, accuracy_m: accuracy = 0 } = answer;
  const onEarth = isNumber(lon) && isNumber(lat) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
  return onEarth && isNumber(accuracy) ? undefined : wrong();
}

const CHECKS: Record<Kind, (field: Field, answer: unknown) => Told | undefined> = {
  text: checkText,
  longtext: checkText,
  integer: checkNumber,
  number: checkNumber,
  choice: checkChoice,
  choices: checkChoices,
  yes_no: (_, answer) => (typeof answer === "boolean" ? undefined : wrong()),
  date: (_, answer) => (typeof answer === "string" && DATE.test(answer) && isDay(answer) ? undefined : wrong()),
  moment: (_, answer) => (typeof answer === "string" && MOMENT.test(answer) && isDay(answer.slice(0, 10)) ? undefined : wrong()),
  photo: checkPhoto,
  point: (_, answer) => checkPoint(answer),
};

/** Whether an answer is a finding: a yes_no as it `fails_on`, an option that `fails`. */
export function fails(field: Field, answer: unknown): boolean {
  if (field.kind === "yes_no") return field.fails_on != null && answer === field.fails_on;
  const chosen: unknown[] = Array.isArray(answer) ? answer : [answer];
  return (field.options ?? []).some((option) => option.fails === true && chosen.includes(option.code));
}

/** The fields whose answer is a finding. */
export function failed(form: Form, answers: Answers): string[] {
  const shown = visible(form, answers);
  return fieldsOf(form).filter((field) => shown.has(field.key) && fails(field, answers[field.key])).map(({ key }) => key);
}
