/** Which columns of a list are shown, and in which order: kept for each person on this machine. */

/** The kept or shared choice, without columns that the list does not have; the plain ones when nothing is left. */
export function shownColumns(chosen: unknown, known: readonly string[], plain: readonly string[]): string[] {
  if (!Array.isArray(chosen)) return [...plain];
  const kept = chosen.filter((key, at): key is string => typeof key === "string" && known.includes(key) && chosen.indexOf(key) === at);
  return kept.length > 0 ? kept : [...plain];
}

export function moved(columns: readonly string[], key: string, by: -1 | 1): string[] {
  const from = columns.indexOf(key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= columns.length) return [...columns];
  const next = [...columns];
  next.splice(from, 1);
  next.splice(to, 0, key);
  return next;
}

/** Shown or hidden; the last one stays. */
export function toggled(columns: readonly string[], key: string): string[] {
  if (!columns.includes(key)) return [...columns, key];
  return columns.length > 1 ? columns.filter((one) => one !== key) : [...columns];
}

const name = (list: string, person: string) => `yiwang.columns.${list}.${person}`;

export function keptColumns(list: string, person: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name(list, person)) ?? "null");
  } catch {
    return null;
  }
}

export function keepColumns(list: string, person: string, columns: readonly string[] | null): void {
  try {
    if (columns === null) localStorage.removeItem(name(list, person));
    else localStorage.setItem(name(list, person), JSON.stringify(columns));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
