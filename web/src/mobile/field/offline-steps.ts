/** What may come next with a case of which steps lie here unsent: as far as the phone can know it. */
import type { CaseAction, Lifecycle } from "#shared/api/types.ts";
import type { LoggedCommand } from "./db.ts";

type Transition = Lifecycle["transitions"][number];

export const laneOf = (caseId: string): string => `case:${caseId}`;

/** The steps of a case that are not answered yet, the oldest first. */
export function pendingSteps(log: LoggedCommand[], caseId: string): LoggedCommand[] {
  const lane = laneOf(caseId);
  return log.filter((one) => one.lane === lane && one.kind === "cases.advance" && (one.state === "waiting" || one.state === "sending"));
}

/** Where a step leads when there is only one way. */
function lands(verb: string, from: string, transitions: Transition[]): string | null {
  const taken = transitions.find((one) => one.verb === verb && one.start.includes(from));
  return taken?.ends.length === 1 ? (taken.ends[0] ?? null) : null;
}

/**
 * The state a case will have, and the actions that can follow: the forms of steps are known from other cases that this
 * person has or had. Only the main way forward is offered; the server decides in the end.
 */
export function afterSteps(
  state: string,
  pending: LoggedCommand[],
  lifecycle: Lifecycle | undefined,
  known: CaseAction[],
  can: (permission: string) => boolean,
): { state: string | null; actions: CaseAction[] } {
  const transitions = lifecycle?.transitions ?? [];
  let now: string | null = state;
  for (const step of pending) now = now === null ? null : lands(String(step.body["verb"]), now, transitions);
  const last = pending.at(-1);
  if (now === null || last === undefined) return { state: now, actions: [] };
  const here = now;
  const task = last.body["task_id"];
  const open = transitions.filter(
    (one) => one.start.includes(here) && one.decision === null && one.request === "" && one.style === "primary" && can(one.permission),
  );
  const actions = open.flatMap((transition) => {
    const form = known.find((action) => action.verb === transition.verb);
    return form === undefined ? [] : [{ ...form, task_id: form.task_id === null ? null : typeof task === "string" ? task : null }];
  });
  return { state: now, actions: actions.filter((action) => action.request_id === null) };
}
