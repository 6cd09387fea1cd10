/** `@username` in a text: which one is being typed, and which people a written text names. */
import type { Comment } from "#shared/api/types.ts";

/** What is typed after the last @ before the cursor; null when nobody is being named. */
export function typedName(text: string, cursor: number): { from: number; name: string } | null {
  const found = /(?:^|[^A-Za-z0-9_.@-])@([^\s@，。；：,;:]{0,20})$/.exec(text.slice(0, cursor));
  if (found?.[1] === undefined) return null;
  return { from: cursor - found[1].length - 1, name: found[1] };
}

/** The text with a person named at the place where the name is being typed, and where the cursor goes. */
export function withName(text: string, cursor: number, username: string): { text: string; at: number } {
  const from = typedName(text, cursor)?.from ?? cursor;
  const named = `@${username} `;
  return { text: text.slice(0, from) + named + text.slice(cursor).replace(/^ /, ""), at: from + named.length };
}

export interface Part {
  text: string;
  /** Name of the person that this part mentions. */
  person: string;
}

/** A written text in parts: plain ones, and those that mention somebody, shown by name. */
export function partsOf(comment: Pick<Comment, "text" | "mentions">): Part[] {
  const names = new Map(comment.mentions.map((person) => [person.username, person.name]));
  return comment.text
    .split(/(@[a-z](?:[a-z0-9_.-]*[a-z0-9_])?)/)
    .filter((text) => text !== "")
    .map((text) => ({ text, person: text.startsWith("@") ? (names.get(text.slice(1)) ?? "") : "" }));
}
