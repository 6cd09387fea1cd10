/** What to do next with a case, told from the lifecycle table and one's own permissions. */
import type { CaseRow, Label, Lifecycle } from "#shared/api/types.ts";

export interface TaskGroup {
  key: string;
  /** What to do with these; null when that cannot be told from here. */
  step: Label | null;
  state: Label;
  rows: CaseRow[];
}

type Known = Pick<CaseRow, "state" | "state_label" | "pending_request">;

/** The main step forward from a row's state; a pending request is dealt with first. */
export function nextStep(row: Known, lifecycle: Lifecycle | undefined, can: (permission: string) => boolean) {
  const main = (lifecycle?.transitions ?? []).filter(
    (transition) => transition.start.includes(row.state) && transition.style === "primary" && can(transition.permission),
  );
  const ofRequest = main.filter((transition) => transition.verb.startsWith("approve_"));
  const plain = main.filter((transition) => !transition.verb.startsWith("approve_"));
  const [first] = row.pending_request === "" ? plain : ofRequest;
  return first === undefined ? null : { verb: first.verb, label: first.label };
}

/** Rows by what to do next, each group in the order given; the group with the nearest deadline first. */
export function groupByStep(
  rows: CaseRow[],
  lifecycle: Lifecycle | undefined,
  can: (permission: string) => boolean,
): TaskGroup[] {
  const groups = new Map<string, TaskGroup>();
  for (const row of rows) {
    const step = nextStep(row, lifecycle, can);
    const key = step?.verb ?? row.state;
    const group = groups.get(key) ?? { key, step: step?.label ?? null, state: row.state_label, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}
