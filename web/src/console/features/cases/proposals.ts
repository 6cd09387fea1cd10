/** Whom a case is usually sent to. A proposal with its reason; a person decides. */
import type { Unit } from "#shared/api/types.ts";

export interface Proposal {
  unit: Unit;
  reason: "duty" | "street";
}

/** The unit whose duty the class is, and the street's own unit. */
export function proposals(units: Unit[], usualUnit: string, streetCode: string): Proposal[] {
  const able = units.filter((unit) => unit.handles_cases);
  const found: Proposal[] = [];
  const has = (unit: Unit) => unit.code === usualUnit || (unit.took_over ?? []).includes(usualUnit);
  const duty = usualUnit === "" ? undefined : able.find(has);
  if (duty !== undefined) found.push({ unit: duty, reason: "duty" });
  const street = streetCode === "" ? undefined : able.find((unit) => unit.area_code === streetCode);
  if (street !== undefined && street.id !== duty?.id) found.push({ unit: street, reason: "street" });
  return found;
}
