/** Before and after of an act, side by side, leaf by leaf. */
export interface Line {
  path: string;
  before: string | null;
  after: string | null;
  changed: boolean;
}

type Document = Record<string, unknown> | null;

function leaves(value: unknown, path: string, found: Map<string, string>): void {
  if (Array.isArray(value) && value.every((item) => item === null || typeof item !== "object")) {
    found.set(path, value.map((item) => plain(item)).join(", "));
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) leaves(item, path === "" ? name : `${path}.${name}`, found);
  } else found.set(path, plain(value));
}

function plain(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}

/** What changed comes first; each side is null where the field is not there at all. */
export function difference(before: Document, after: Document): Line[] {
  const old = new Map<string, string>();
  const fresh = new Map<string, string>();
  leaves(before ?? {}, "", old);
  leaves(after ?? {}, "", fresh);
  const lines = [...new Set([...old.keys(), ...fresh.keys()])].map((path) => {
    const was = old.get(path) ?? null;
    const is = fresh.get(path) ?? null;
    return { path, before: was, after: is, changed: was !== is };
  });
  return [...lines.filter((line) => line.changed), ...lines.filter((line) => !line.changed)];
}
