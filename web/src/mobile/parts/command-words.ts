/** What a kind of command is called. One that this app does not know keeps its key. */
import { i18n } from "#shared/i18n/index.ts";

export function kindWord(kind: string): string {
  const { t, te } = i18n.global;
  const key = `phone.command.${kind.replace(".", "_")}`;
  return te(key) || te(key, "zh-CN") ? t(key) : kind;
}
