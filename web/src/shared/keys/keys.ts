/** What the keyboard does on the page that is shown: one listener, one list, one help. */

export interface Key {
  /** One key, or two after each other: `j`, `Enter`, `?`, `g l`. */
  keys: string;
  /** Key of its wording. */
  title: string;
  run: (event: KeyboardEvent) => void;
  /** Told in the help, done by somebody else (a field's own key). */
  told?: boolean;
  /** Not told in the help: another line says it as well. */
  quiet?: boolean;
}

/** How long the second key of two may take. */
export const PAUSE_MS = 1200;

/** What was pressed, as a key is written; empty for what belongs to the browser or to a field. */
export function pressed(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  if (event.key === "ArrowDown") return "j";
  if (event.key === "ArrowUp") return "k";
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/** The key that was meant: two after each other before one alone; the newest page first. */
export function meant(keys: readonly Key[], first: string, now: string): Key | undefined {
  const awake = keys.filter((key) => key.told !== true);
  const both = first === "" ? undefined : awake.findLast((key) => key.keys === `${first} ${now}`);
  return both ?? awake.findLast((key) => key.keys === now);
}

/** Whether this may be the first of two. */
export function begins(keys: readonly Key[], now: string): boolean {
  return keys.some((key) => key.keys.startsWith(`${now} `));
}

/** Where keys are for writing, choosing or closing, not for the page. */
export function isForField(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], .el-popper, .el-drawer, .el-dialog, [role=listbox]")) return true;
  return (key === "Enter" || key === " ") && target.closest("a, button") !== null;
}
