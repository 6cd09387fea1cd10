/** Putting the values of a dictionary in order: a value moves among those beside it, with what stands below it. Pure. */
export interface Ordered {
  code: string;
  parent: string | null;
}

/** Values under their headings, as they are offered; in the order in which they came. */
export function grouped<T extends Ordered>(items: readonly T[]): T[] {
  const tops = items.filter((one) => one.parent === null || !items.some((other) => other.code === one.parent));
  return tops.flatMap((top) => [top, ...items.filter((one) => one.parent === top.code)]);
}

/** Those beside a value: of the same heading. */
export function beside<T extends Ordered>(items: readonly T[], code: string): T[] {
  const parent = items.find((one) => one.code === code)?.parent ?? null;
  return items.filter((one) => one.parent === parent);
}

/** A value put where another one of the same heading stands; anything else changes nothing. */
export function put<T extends Ordered>(items: readonly T[], code: string, where: string): T[] {
  const row = beside(items, code);
  const [from, to] = [row.findIndex((one) => one.code === code), row.findIndex((one) => one.code === where)];
  const moving = row[from];
  if (moving === undefined || to < 0 || from === to) return [...items];
  const turned = row.filter((one) => one !== moving);
  turned.splice(to, 0, moving);
  const places = items.map((one) => row.includes(one));
  let at = 0;
  return grouped(items.map((one, index) => (places[index] === true ? (turned[at++] ?? one) : one)));
}

/** One place up (-1) or down (1). */
export function step<T extends Ordered>(items: readonly T[], code: string, by: -1 | 1): T[] {
  const row = beside(items, code);
  const where = row[row.findIndex((one) => one.code === code) + by];
  return where === undefined ? [...items] : put(items, code, where.code);
}
