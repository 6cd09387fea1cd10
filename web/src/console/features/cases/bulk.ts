/** One step for many cases: which steps they have in common, what of them fits, and what came of each. */
import { problemFrom, type ApiProblem } from "#shared/api/problem.ts";
import type { BulkResult, CaseAction, CaseDetail, CaseRow } from "#shared/api/types.ts";

export const MOST_SELECTED = 200;

/** Of rows that stand alike, one is asked for its steps. */
export function representatives(rows: CaseRow[]): CaseRow[] {
  const kinds = new Map<string, CaseRow>();
  for (const row of rows) {
    const kind = `${row.state}|${row.pending_request}|${row.to_decide}`;
    if (!kinds.has(kind)) kinds.set(kind, row);
  }
  return [...kinds.values()];
}

/** A photo proves one case only, and a person, a condition or a main case belongs to one place or class. */
const SINGLE = new Set(["photos", "person", "condition", "case"]);

function fitsMany(action: CaseAction, sameClass: boolean): boolean {
  return !action.fields.some(
    (field) => field.required && SINGLE.has(field.input) && !(field.input === "condition" && sameClass),
  );
}

/** The steps that all of them can take, with the fields that can be the same for all; main steps first. */
export function commonActions(details: CaseDetail[], sameClass: boolean): CaseAction[] {
  const [first, ...others] = details;
  if (first === undefined) return [];
  const common = first.actions.filter((action) =>
    others.every((other) => other.actions.some((one) => one.verb === action.verb)),
  );
  const single = [...new Map(common.map((action) => [action.verb, action])).values()];
  return single
    .filter((action) => fitsMany(action, sameClass))
    .map((action) => ({
      ...action,
      // Which task it is, each case says by itself.
      task_id: null,
      request_id: null,
      unit: null,
      fields: action.fields.filter((field) => !SINGLE.has(field.input) || (field.input === "condition" && sameClass)),
    }));
}

export interface Outcome {
  row: CaseRow;
  ok: boolean;
  problem: ApiProblem | null;
  /** Sending it again may do it: it was changed meanwhile, the platform failed, or nothing was said of it. */
  again: boolean;
}

export function wasChanged(one: Outcome): boolean {
  return one.problem?.code === "case_changed";
}

function mayPass(problem: ApiProblem, result: BulkResult | undefined): boolean {
  return result === undefined || result.retryable || problem.code === "case_changed" || problem.status >= 500;
}

/** What came of each case, the refused first; one without an answer counts as refused. */
export function outcomes(rows: CaseRow[], results: BulkResult[]): Outcome[] {
  const known = new Map(results.map((result) => [result.id, result]));
  const all = rows.map((row): Outcome => {
    const result = known.get(row.id);
    if (result?.ok === true) return { row, ok: true, problem: null, again: false };
    const problem = problemFrom(result?.problem?.status ?? 0, result?.problem);
    return { row, ok: false, problem, again: mayPass(problem, result) };
  });
  return all.sort((a, b) => Number(a.ok) - Number(b.ok));
}
