/** An action of the log in words: its own, or its kind's with the rest as it is. */
import { useI18n } from "vue-i18n";

export const ROOMS = ["cases", "accounts", "geo", "calendars", "codes", "phrases", "comments", "duplicates", "evaluation", "imports", "exports", "bookmarks", "system", "jobs", "events", "deadlines", "parameters", "audit"] as const;

export function useActionWords() {
  const { t, te } = useI18n();
  return (action: string): string => {
    const own = `system.audit.action.${action.replace(".", "_")}`;
    if (te(own)) return t(own);
    const [room = "", rest = ""] = action.split(".");
    const kind = `system.audit.rooms.${room}`;
    return te(kind) ? `${t(kind)} · ${rest}` : action;
  };
}
