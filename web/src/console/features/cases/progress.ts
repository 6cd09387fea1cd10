/** How far a case is on its way: the states of the main way in the table's order, and those beside it where it is. */
import type { CaseDetail, Label, Lifecycle } from "#shared/api/types.ts";

export interface Stage {
  key: string;
  label: Label;
  standing: "passed" | "current" | "ahead";
  /** When the case last came here. */
  at: string | null;
}

type Known = Pick<CaseDetail, "state" | "state_label" | "group" | "timeline">;

/** The states that main steps lead through, from the openings on; decisions on requests lead beside the way. */
export function mainWay(lifecycle: Lifecycle): Set<string> {
  const main = lifecycle.transitions.filter((row) => row.style === "primary" && !row.verb.startsWith("approve_"));
  const way = new Set(main.filter((row) => row.start.length === 0).flatMap((row) => row.ends));
  for (let size = -1; size !== way.size; ) {
    size = way.size;
    for (const row of main) if (row.start.some((state) => way.has(state))) row.ends.forEach((state) => way.add(state));
  }
  return way;
}

export function stagesOf(detail: Known, lifecycle: Lifecycle): Stage[] {
  const way = mainWay(lifecycle);
  // A step beside the way, such as an appeal, leaves the case where it is.
  const moves = detail.timeline.filter((step) => step.to_state !== "" && step.to_state !== step.from_state);
  const arrivals = new Map(moves.map((step) => [step.to_state, step.at]));
  const states = lifecycle.states.filter((state) => way.has(state.key) || state.key === detail.state);
  const current = states.findIndex((state) => state.key === detail.state);
  const ended = detail.group !== "open";
  const stages = states.flatMap((state, index): Stage[] => {
    if (index === current) return [];
    const visited = arrivals.has(state.key);
    // What was left out on the way (a call needs no accepting) is not shown as passed; behind an end nothing comes.
    if (index < current || ended) return visited ? [stage(state, "passed", arrivals)] : [];
    return [stage(state, "ahead", arrivals)];
  });
  const here = stage({ key: detail.state, label: detail.state_label }, "current", arrivals);
  const behind = stages.filter((one) => one.standing === "passed");
  return [...behind, here, ...stages.filter((one) => one.standing === "ahead")];
}

function stage(state: { key: string; label: Label }, standing: Stage["standing"], arrivals: Map<string, string>): Stage {
  return {
    key: state.key,
    label: state.label,
    standing,
    at: standing === "ahead" ? null : (arrivals.get(state.key) ?? null),
  };
}
