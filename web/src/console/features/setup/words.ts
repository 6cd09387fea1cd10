/** Steps and what wants attention, in words: keys of the server's become keys of the locale files. */
import { i18n, listed } from "#shared/i18n/index.ts";
import { count } from "#shared/i18n/numbers.ts";
import type { AttentionItem, SetupStep } from "./data.ts";

const { t, te } = i18n.global;
const plain = (key: string) => key.replace(".", "_");
const has = (key: string) => te(key) || te(key, "zh-CN");

export const wordOf = (step: Pick<SetupStep, "key">, part: "title" | "why" | "do"): string => t(`setup.step.${plain(step.key)}.${part}`);

/** What else is to be known before doing it; empty for most. */
export function hintOf(step: SetupStep): string {
  const key = `setup.step.${plain(step.key)}.hint`;
  return has(key) ? t(key) : "";
}

/** What real data say of it, one sentence. */
export function factsOf(step: SetupStep, ago: (iso: string) => string): string {
  const { facts } = step;
  const base = `setup.step.${plain(step.key)}`;
  const said: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (Array.isArray(value)) said[name] = name === "parts" ? partsOf(value as string[]) : listed(value as string[]);
    else if (name === "at") said[name] = typeof value === "string" ? ago(value) : t("common.none");
    else said[name] = typeof value === "number" && name !== "year" && name !== "hour" ? count(value) : String(value);
  }
  const none = `${base}.none`;
  const lacks = Object.values(facts).some((value) => Array.isArray(value) && value.length > 0) && step.key !== "notify.channels";
  if ((Object.keys(facts).length === 0 || lacks || isNothing(step)) && has(none)) return t(none, said);
  return t(`${base}.facts`, said);
}

/** There is a figure, and it says that nothing is there. */
function isNothing(step: SetupStep): boolean {
  const { facts } = step;
  if (step.key === "accounts.people") return facts["people"] === 0;
  if (step.key === "system.backups") return facts["at"] === null;
  return step.key === "notify.channels" && (facts["ways"] as string[]).length === 0;
}

export const partsOf = (parts: string[]): string => listed(parts.map((part) => t(`setup.part.${part}`)));

/** What wants attention: a name and what to do. Signs of health have their words there. */
export function attentionOf(item: AttentionItem): { title: string; words: string } {
  const sign = /^sign\.(.+)$/.exec(item.key)?.[1];
  const base = sign === undefined ? `setup.attention.${plain(item.key)}` : `system.health.sign.${sign}`;
  const said = Object.fromEntries(
    Object.entries(item.params).map(([name, value]) => [name, name === "parts" ? partsOf(value as string[]) : Array.isArray(value) ? listed(value as string[]) : String(value)]),
  );
  const words = `${base}.do`;
  return { title: has(`${base}.title`) ? t(`${base}.title`) : item.key, words: has(words) ? t(words, said) : "" };
}

/** Whether the figure says something: of a sign that is simply bad there is one. */
export const counted = (item: AttentionItem): boolean => !item.key.startsWith("sign.") || "n" in item.params;
