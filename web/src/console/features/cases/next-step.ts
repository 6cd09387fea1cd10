/** What to do next with a case, told from the lifecycle table and one's own permissions. */
import type { CaseRow, Label, Lifecycle } from "#shared/api/types.ts";

export interface NextStep {
  verb: string;
  label: Label;
}

export interface TaskGroup {
  key: string;
  /** What to do with these; null when that cannot be told from here. */
  step: NextStep | null;
  state: Label;
  rows: CaseRow[];
}

type Known = Pick<CaseRow, "state" | "to_decide">;
type Can = (permission: string) => boolean;

/**
 * The main step forward from a row's state; a pending request is dealt with first by those whose decision it waits for.
 *
 * Of several main steps the one that moves the case counts; the others are for single tasks.
 */
export function nextStep(row: Known, lifecycle: Lifecycle | undefined, can: Can): NextStep | null {
  const main = (lifecycle?.transitions ?? []).filter(
    (transition) => transition.start.includes(row.state) && transition.style === "primary",
  );
  const asked = main.find((transition) => isApproval(transition) && transition.request === row.to_decide);
  if (asked !== undefined) return { verb: asked.verb, label: asked.label };
  const mine = main.filter((transition) => !isApproval(transition) && can(transition.permission));
  const moving = mine.find((transition) => transition.ends.some((state) => state !== row.state));
  const first = moving ?? mine[0];
  return first === undefined ? null : { verb: first.verb, label: first.label };
}

function isApproval(transition: Lifecycle["transitions"][number]): boolean {
  return transition.decision === "approve";
}

/** The kind of request that this person decides on in a group; "" when there is none. */
export function kindToDecide(group: TaskGroup): string {
  return group.rows.find((row) => row.to_decide !== "")?.to_decide ?? "";
}

export function isDecision(group: TaskGroup): boolean {
  return kindToDecide(group) !== "";
}

/** Rows by what to do next, each group in the order given; decisions first, for somebody waits for each of them. */
export function groupByStep(rows: CaseRow[], lifecycle: Lifecycle | undefined, can: Can): TaskGroup[] {
  const groups = new Map<string, TaskGroup>();
  for (const row of rows) {
    const step = nextStep(row, lifecycle, can);
    const key = step?.verb ?? row.state;
    const group = groups.get(key) ?? { key, step, state: row.state_label, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  return [...all.filter(isDecision), ...all.filter((group) => !isDecision(group))];
}
