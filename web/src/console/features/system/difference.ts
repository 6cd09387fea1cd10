/** Before and after of an act, side by side, leaf by leaf. */
export interface Line {
  path: string;
  before: unknown;
  after: unknown;
  /** Whether each side has the field at all. */
  was: boolean;
  is: boolean;
  changed: boolean;
}

type Document = Record<string, unknown> | null;

const isLabel = (value: object): boolean => Object.keys(value).sort().join() === "en,zh";

/** Texts, numbers, lists of such, and words in two languages stay whole. */
function leaves(value: unknown, path: string, found: Map<string, unknown>): void {
  const whole = typeof value !== "object" || value === null || isLabel(value) || (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null));
  if (whole) found.set(path, value);
  else for (const [name, item] of Object.entries(value as object)) leaves(item, path === "" ? name : `${path}.${name}`, found);
}

/** What changed comes first. */
export function difference(before: Document, after: Document): Line[] {
  const old = new Map<string, unknown>();
  const fresh = new Map<string, unknown>();
  leaves(before ?? {}, "", old);
  leaves(after ?? {}, "", fresh);
  if (before === null || Object.keys(before).length === 0) old.clear();
  if (after === null || Object.keys(after).length === 0) fresh.clear();
  const lines = [...new Set([...old.keys(), ...fresh.keys()])].map((path) => {
    const [was, is] = [old.has(path), fresh.has(path)];
    const sides = { before: old.get(path), after: fresh.get(path) };
    return { path, ...sides, was, is, changed: was !== is || JSON.stringify(sides.before) !== JSON.stringify(sides.after) };
  });
  return [...lines.filter((line) => line.changed), ...lines.filter((line) => !line.changed)];
}
