/** An order of a list as the server takes it: `street,-due_at`, up to three columns. */

export const MOST_SORTS = 3;

export interface Way {
  column: string;
  down: boolean;
}

/** Reads an order; what the list cannot sort by, or says twice, is left out. */
export function waysOf(sort: string, known: readonly string[]): Way[] {
  const ways = sort
    .split(",")
    .map((key) => ({ column: key.replace(/^-/, ""), down: key.startsWith("-") }))
    .filter((way, at, all) => known.includes(way.column) && all.findIndex((one) => one.column === way.column) === at);
  return ways.slice(0, MOST_SORTS);
}

export function sortOf(ways: readonly Way[]): string {
  return ways.map((way) => (way.down ? "-" : "") + way.column).join(",");
}

/**
 * A click on a heading: the column alone, its second click turned round. With `further` (Shift) it is added behind what
 * sorts already, turned round, and taken out again.
 */
export function clicked(ways: readonly Way[], column: string, firstDown: boolean, further: boolean): Way[] {
  const at = ways.findIndex((way) => way.column === column);
  const fresh = { column, down: firstDown };
  if (!further) return at === 0 && ways.length === 1 ? [{ column, down: ways[0]?.down !== true }] : [fresh];
  const there = ways[at];
  if (there === undefined) return [...ways.slice(0, MOST_SORTS - 1), fresh];
  if (there.down === firstDown) return ways.map((way) => (way === there ? { column, down: !firstDown } : way));
  return ways.length > 1 ? ways.filter((way) => way !== there) : [fresh];
}
