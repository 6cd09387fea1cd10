/** A lifecycle table in its declared form, the one in which the server keeps, checks and publishes it. */
import type { Label } from "#shared/api/types.ts";
import type { LimitValue } from "../limits.ts";

export interface StateRow {
  key: string;
  label: Label;
  group: string;
  limit?: LimitValue | null;
}

export interface FieldRow {
  name: string;
  required: boolean;
  label: Label;
  slots?: string[];
  slot?: string | null;
  options?: { value: string; label: Label }[];
}

export interface OutcomeRow {
  state: string;
  when?: string;
}

export interface TransitionRow {
  verb: string;
  label: Label;
  from: string[];
  to?: string | OutcomeRow[] | null;
  permission?: string;
  reach: string;
  style?: string;
  fields?: FieldRow[];
  guards?: string[];
  effects?: string[];
  sources?: string[];
  task?: { kind: string; from: string[]; to?: string | null } | null;
  request?: string;
  decision?: string | null;
  hint?: Label | null;
}

export interface ApprovalRow {
  label: Label;
  permission: string;
  reach?: string;
}

export interface RequestRow {
  label: Label;
  approvals: ApprovalRow[];
  blocks?: boolean;
  evidence?: boolean;
  most?: number | null;
  before_due?: boolean;
  longest_days?: number | null;
}

export type Marks = Record<string, Record<string, string>>;

export interface Doc {
  version: number;
  edition: string;
  source?: string;
  marks?: Marks;
  limits?: Record<string, LimitValue>;
  states: StateRow[];
  requests?: Record<string, RequestRow>;
  transitions: TransitionRow[];
}

/** A fault that the server found; `path` leads into the table: "transitions.12.permission". */
export interface Fault {
  path: string;
  row: string;
  field: string;
  code: string;
  message: Label;
  level: string;
}

/** What the inspector shows: a state, a step by its place in the table, a kind of request, or the reminders. */
export type Chosen =
  | { kind: "state"; key: string }
  | { kind: "step"; index: number }
  | { kind: "request"; key: string }
  | { kind: "marks" };

export function outcomesOf(row: TransitionRow): OutcomeRow[] {
  if (row.to == null) return [];
  return typeof row.to === "string" ? [{ state: row.to }] : row.to;
}

/** States that a step may lead to by name; "@chosen" stands for the choices of its field, "@held" for none. */
export function endsOf(row: TransitionRow): string[] {
  const outcomes = outcomesOf(row);
  const named = outcomes.map((one) => one.state).filter((state) => !state.startsWith("@"));
  if (!outcomes.some((one) => one.state === "@chosen")) return named;
  const field = row.fields?.find((one) => one.name === "to_state");
  return [...named, ...(field?.options ?? []).map((option) => option.value)];
}

export function stateOf(doc: Doc, key: string): StateRow | undefined {
  return doc.states.find((state) => state.key === key);
}

/** Where a fault leads the eye; null when it concerns the table as a whole. */
export function placeOf(doc: Doc, path: string): Chosen | null {
  const [table = "", name = ""] = path.split(".");
  if (table === "states") {
    const state = doc.states[Number(name)];
    return state === undefined ? null : { kind: "state", key: state.key };
  }
  if (table === "transitions") return Number(name) < doc.transitions.length && name !== "" ? { kind: "step", index: Number(name) } : null;
  if (table === "requests" && doc.requests?.[name] !== undefined) return { kind: "request", key: name };
  return table === "marks" || table === "limits" ? { kind: "marks" } : null;
}

export function faultsOf(faults: Fault[], prefix: string): Fault[] {
  return faults.filter((fault) => fault.path === prefix || fault.path.startsWith(`${prefix}.`));
}
