/** Units as an indented list: parents before children, narrowed by name with the way to what was found. */
import type { Unit } from "#shared/api/types.ts";

export interface Line {
  unit: Unit;
  depth: number;
  below: number;
}

export function linesOf(units: Unit[], text: string, closed: ReadonlySet<number>): Line[] {
  const words = text.trim().toLowerCase();
  const children = new Map<number | null, Unit[]>();
  const known = new Set(units.map((unit) => unit.id));
  for (const unit of units) {
    const parent = unit.parent_id !== null && known.has(unit.parent_id) ? unit.parent_id : null;
    children.set(parent, [...(children.get(parent) ?? []), unit]);
  }
  const fits = (unit: Unit): boolean =>
    `${unit.name} ${unit.short_name} ${unit.name_en} ${unit.code}`.toLowerCase().includes(words) || (children.get(unit.id) ?? []).some(fits);
  const lines: Line[] = [];
  const walk = (parent: number | null, depth: number): void => {
    for (const unit of children.get(parent) ?? []) {
      if (words !== "" && !fits(unit)) continue;
      lines.push({ unit, depth, below: (children.get(unit.id) ?? []).length });
      if (words !== "" || !closed.has(unit.id)) walk(unit.id, depth + 1);
    }
  };
  walk(null, 0);
  return lines;
}

/** Units that lie below one, itself included: where it cannot be moved to. */
export function subtree(units: Unit[], id: number): Set<number> {
  const found = new Set([id]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const unit of units) if (unit.parent_id !== null && found.has(unit.parent_id)) found.add(unit.id);
  }
  return found;
}
