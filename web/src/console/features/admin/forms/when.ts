/** A condition as rows to edit: tests of earlier questions, of which all or any must hold. */
import type { Field, When } from "#shared/forms/declared/rules.ts";

export type Test = "equals" | "among" | "above" | "filled" | "empty";

export interface Row {
  field: string;
  test: Test;
  value: string | boolean | number | string[] | null;
}

export interface Rows {
  join: "all_of" | "any_of";
  rows: Row[];
}

const isLeaf = (when: When): boolean => !when.all_of?.length && !when.any_of?.length;

/** The rows of a condition; null for one that nests deeper than rows can show. */
export function rowsOf(when: When | null): Rows | null {
  if (when === null) return { join: "all_of", rows: [] };
  if (isLeaf(when)) return { join: "all_of", rows: [rowOf(when)] };
  const join = when.all_of?.length ? "all_of" : "any_of";
  const parts = when[join] ?? [];
  return parts.every(isLeaf) ? { join, rows: parts.map(rowOf) } : null;
}

function rowOf(when: When): Row {
  const field = when.field ?? "";
  if (when.filled != null) return { field, test: when.filled ? "filled" : "empty", value: null };
  if (when.among?.length) return { field, test: "among", value: when.among };
  if (when.above != null) return { field, test: "above", value: when.above };
  return { field, test: "equals", value: when.equals ?? null };
}

export function whenOf({ join, rows }: Rows): When | null {
  const [first, ...more] = rows.map(leafOf);
  if (first === undefined) return null;
  return more.length === 0 ? first : { [join]: [first, ...more] };
}

function leafOf({ field, test, value }: Row): When {
  if (test === "filled" || test === "empty") return { field, filled: test === "filled" };
  if (test === "among") return { field, among: Array.isArray(value) ? value : [] };
  if (test === "above") return { field, above: typeof value === "number" ? value : null };
  return { field, equals: Array.isArray(value) ? null : value };
}

/** What can be asked of an earlier question, the usual test first. */
export function testsOf(field: Field | undefined): Test[] {
  if (field === undefined) return [];
  if (field.kind === "yes_no") return ["equals", "filled", "empty"];
  if (field.kind === "choice" || field.kind === "choices") return ["among", "filled", "empty"];
  if (field.kind === "integer" || field.kind === "number") return ["above", "equals", "filled", "empty"];
  return ["filled", "empty"];
}

export function freshRow(field: Field): Row {
  const test = testsOf(field)[0] ?? "filled";
  const first = field.options?.[0]?.code;
  return { field: field.key, test, value: valueFor(test, field.kind === "yes_no", first) };
}

export function valueFor(test: Test, isYesNo: boolean, first?: string): Row["value"] {
  if (test === "equals") return isYesNo ? true : 0;
  if (test === "among") return first === undefined ? [] : [first];
  return test === "above" ? 0 : null;
}
