/** A plan as its form holds it. */
import { uuid7 } from "#shared/api/ids.ts";
import { GRADES, type Frequency, type Plan, type PlanIn, type TargetIn } from "../data.ts";

export interface PlanForm extends Omit<PlanIn, "frequency" | "targets" | "unit_id"> {
  unit_id: number | null;
  frequency: Record<(typeof GRADES)[number], Frequency>;
  targets: TargetIn[];
}

export function emptyPlan(today: string): PlanForm {
  return {
    id: uuid7(),
    expected_version: 0,
    name: "",
    unit_id: null,
    area_code: "",
    kind: "points",
    form: "",
    frequency: { A: { times: 2, per: "day", days: 1 }, B: { times: 1, per: "day", days: 1 }, C: { times: 2, per: "week", days: 1 } },
    windows: [{ start: "08:30", end: "11:30" }, { start: "14:00", end: "17:30" }],
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    people: [],
    sample_percent: 100,
    near_m: 30,
    starts_on: today,
    ends_on: null,
    targets: [],
  };
}

export function formOf(plan: Plan): PlanForm {
  const never: Frequency = { times: 0, per: "day", days: 1 };
  const frequency = Object.fromEntries(GRADES.map((grade) => [grade, plan.frequency[grade] ?? never])) as PlanForm["frequency"];
  return {
    id: plan.id,
    expected_version: plan.version,
    name: plan.name,
    unit_id: plan.unit.id,
    area_code: plan.area.code,
    kind: plan.kind,
    form: plan.form,
    frequency,
    windows: plan.windows.map((one) => ({ start: one.start.slice(0, 5), end: one.end.slice(0, 5) })),
    weekdays: plan.weekdays,
    people: plan.people.map((one) => one.id),
    sample_percent: plan.sample_percent,
    seed: plan.seed,
    near_m: plan.near_m,
    starts_on: plan.starts_on,
    ends_on: plan.ends_on,
    targets: plan.targets.map((one) => ({
      id: one.id,
      name: one.name,
      radius_m: one.radius_m,
      is_key: one.is_key,
      grid_code: plan.kind === "grids" ? one.grid_code : "",
      ...(one.shape.type === "Point" ? { lon: Number(one.shape.coordinates[0]), lat: Number(one.shape.coordinates[1]), line: [] } : { line: one.shape.coordinates as [number, number][] }),
    })),
  };
}

/** As the server takes it. */
export function sent(form: PlanForm): PlanIn {
  return { ...form, unit_id: form.unit_id ?? 0, ends_on: form.ends_on === "" ? null : form.ends_on };
}

export const isReady = (form: PlanForm): boolean =>
  form.name.trim() !== "" && form.unit_id !== null && form.area_code !== "" && form.windows.length > 0 && (form.weekdays?.length ?? 0) > 0 && (form.kind === "grids" || form.targets.length > 0);
