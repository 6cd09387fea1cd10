/** How far a case is on its way: the open states in the table's order, then the end. */
import type { CaseDetail, Label, Lifecycle } from "#shared/api/types.ts";

export interface Stage {
  key: string;
  label: Label;
  standing: "passed" | "current" | "ahead";
  /** When the case last came here. */
  at: string | null;
}

type Known = Pick<CaseDetail, "state" | "state_label" | "group" | "timeline">;

export function stagesOf(detail: Known, lifecycle: Lifecycle): Stage[] {
  const onTheWay = lifecycle.states.filter((state) => state.group === "open" || state.group === "closed");
  const arrivals = new Map(detail.timeline.filter((step) => step.to_state !== "").map((step) => [step.to_state, step.at]));
  if (detail.group === "refused") {
    const passed = onTheWay.filter((state) => arrivals.has(state.key));
    return [
      ...passed.map((state) => stage(state, "passed", arrivals)),
      stage({ key: detail.state, label: detail.state_label }, "current", arrivals),
    ];
  }
  const current = onTheWay.findIndex((state) => state.key === detail.state);
  return onTheWay.map((state, index) =>
    stage(state, index === current ? "current" : index < current ? "passed" : "ahead", arrivals),
  );
}

function stage(state: { key: string; label: Label }, standing: Stage["standing"], arrivals: Map<string, string>): Stage {
  return {
    key: state.key,
    label: state.label,
    standing,
    at: standing === "ahead" ? null : (arrivals.get(state.key) ?? null),
  };
}
