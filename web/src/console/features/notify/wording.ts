/** A notice in words: its kind chooses the sentence, its parameters fill it. Labels are taken in the current language. */
import type { Label, Notice } from "#shared/api/types.ts";
import { word } from "#shared/i18n/index.ts";

function isLabel(value: unknown): value is Label {
  const label = value as Partial<Label> | null;
  return typeof label?.zh === "string" && typeof label.en === "string";
}

export function plainParams(params: Record<string, unknown>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (isLabel(value)) plain[name] = word(value);
    else if (typeof value === "string" || typeof value === "number") plain[name] = String(value);
  }
  return plain;
}

/** Key of the sentence: an answer to a request says in the sentence which answer it was. */
export function sentence(notice: Pick<Notice, "kind" | "params">): string {
  const { approved } = notice.params as { approved?: unknown };
  const answer = typeof approved === "boolean" ? (approved ? "_approved" : "_refused") : "";
  return `notify.kind.${notice.kind.replaceAll(".", "_")}${answer}`;
}

/** The second line: what was said, where something was; else what it is about and where. */
export function secondLine(notice: Pick<Notice, "params">): string {
  const { text, note, category, address, number } = plainParams(notice.params);
  const about = [category, address].filter(Boolean).join(" · ");
  return text ?? (note === undefined || note === "" ? about || (number ?? "") : [note, address].filter(Boolean).join(" · "));
}

/** Where it leads: a mention to the comments. */
export function target(notice: Pick<Notice, "kind" | "link">): string {
  return notice.kind.startsWith("comment.") ? `${notice.link}#comments` : notice.link;
}
