/** The operation log in words: acts, objects and fields by name, people and units as far as the reader may see them. */
import { useQuery } from "@pinia/colada";
import { computed } from "vue";
import { useI18n } from "vue-i18n";
import { useRouter, type RouteLocationRaw } from "vue-router";
import { api, take } from "#shared/api/client.ts";
import { useSession } from "#shared/auth/session.ts";
import { word } from "#shared/i18n/index.ts";
import { useTime } from "#shared/i18n/useTime.ts";
import type { Line } from "./difference.ts";

export const ROOMS = ["cases", "accounts", "geo", "calendars", "codes", "phrases", "comments", "duplicates", "evaluation", "imports", "exports", "bookmarks", "notify", "setup", "system", "jobs", "events", "deadlines", "parameters", "audit"] as const;

/** Kinds of objects that have names, as the server words them. */
const NAMED = ["user", "case", "unit", "post", "assignment", "role", "category", "area", "parameter", "code", "code_table", "value", "list"];
/** Which fields hold the number or key of an object, by their last name. */
const REFERENCES: Record<string, string> = { user: "user", substitute: "user", mentions: "user", subject: "user", unit: "unit", into: "unit", units: "unit", post: "post", role: "role", areas: "area", area: "area", order: "value", category: "category", table: "code_table", list: "list" };
const MOST_NAMES = 500;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

const lastOf = (path: string): string => path.split(".").at(-1) ?? "";

/** `user:<id>` for what can have a name; the rest has none. */
export function refOf(kind: string, id: unknown): string[] {
  const text = typeof id === "number" ? String(id) : id;
  return NAMED.includes(kind) && typeof text === "string" && text !== "" && text.length < 120 ? [`${kind}:${text}`] : [];
}

/** What a field refers to. */
export function refsIn(path: string, value: unknown): string[] {
  const kind = REFERENCES[lastOf(path)];
  if (kind === undefined) return [];
  return (Array.isArray(value) ? value : [value]).flatMap((one) => refOf(kind, one));
}

/** Where an object is looked at; null where it has no page of its own. */
export function pageOf(kind: string, id: string): RouteLocationRaw | null {
  const pages: Record<string, RouteLocationRaw> = {
    case: { name: "cases.page", params: { id } },
    user: { name: "admin.people", query: { person: id } },
    unit: { name: "admin.units", query: { unit: id } },
    category: { name: "admin.categories", query: { key: id } },
    role: { name: "admin.roles" },
    area: { name: "admin.areas" },
    calendar: { name: "admin.calendars" },
    lifecycle: { name: "admin.lifecycles" },
    duplicates_policy: { name: "admin.duplicates" },
    code: { name: "system.dictionaries", query: { table: id.split(":")[0] ?? "" } },
    code_table: { name: "system.dictionaries", query: { table: id } },
    parameter: { name: "system.parameters" },
    retention: { name: "system.parameters" },
    import: { name: "system.imports" },
    dead_letter: { name: "system.dead-letters", query: { show: "open" } },
    stuck_mark: { name: "system.dead-letters", query: { show: "marks" } },
    delivery: { name: "system.dead-letters", query: { show: "deliveries" } },
    job: { name: "system.jobs" },
    long_job: { name: "system.jobs" },
  };
  return pages[kind] ?? null;
}

/** The codes of a table are told by their names in that table. */
export function inTable(kind: string, id: string, lines: Line[]): Line[] {
  const named = (value: unknown) => (Array.isArray(value) ? value.map((code) => `${id}:${String(code)}`) : value);
  return kind === "code_table" ? lines.map((line) => (line.path === "order" ? { ...line, before: named(line.before), after: named(line.after) } : line)) : lines;
}

export function useJournal(refs: () => string[]) {
  const { t, te } = useI18n();
  const time = useTime();
  const router = useRouter();
  const session = useSession();
  const words = useQuery({ key: ["audit", "words"], query: () => take(api.GET("/api/v1/audit/words")), staleTime: 300_000 });
  const asked = computed(() => [...new Set(refs())].sort().slice(0, MOST_NAMES));
  const names = useQuery({
    key: () => ["audit", "names", asked.value.join()],
    query: async () => (await take(api.GET("/api/v1/audit/names", { params: { query: { of: asked.value } } }))).names,
    enabled: () => asked.value.length > 0,
    staleTime: 60_000,
    placeholderData: (before) => before,
  });

  function actionOf(action: string): string {
    const own = words.data.value?.actions[action];
    if (own !== undefined) return word(own);
    const [room = "", rest = ""] = action.split(".");
    const kind = `system.audit.rooms.${room}`;
    return te(kind) ? `${t(kind)} · ${rest}` : action;
  }

  const objectOf = (kind: string): string => word(words.data.value?.objects[kind]) || kind;
  const nameOf = (kind: string, id: unknown): string => word(names.data.value?.[`${kind}:${String(id)}`]);

  /** "申请 · 类型"; places in a list say nothing. */
  function fieldOf(path: string): string {
    const parts = path.split(".").filter((part) => !/^\d+$/.test(part));
    return parts.map((part) => word(words.data.value?.fields[part]) || part).join(" · ");
  }

  function one(path: string, value: unknown): string {
    if (value === null || value === undefined || value === "") return t("system.audit.empty");
    if (typeof value === "boolean") return t(value ? "system.audit.yes" : "system.audit.no");
    if (typeof value === "object") return word(value as { zh: string; en: string });
    const [last, text] = [lastOf(path), String(value)];
    const kind = REFERENCES[last];
    const named = kind === undefined ? "" : nameOf(kind, value);
    if (named !== "") return named;
    if (MOMENT.test(text)) return time.full(text);
    if (DAY.test(text) || typeof value === "number") return text;
    if (last === "state" && words.data.value?.states[text]) return word(words.data.value.states[text]);
    return word(words.data.value?.values[text]) || text;
  }

  function said(path: string, value: unknown): string {
    if (!Array.isArray(value)) return one(path, value);
    return value.length === 0 ? t("system.audit.empty") : value.map((item) => one(path, item)).join(t("system.audit.comma"));
  }

  /** The page of an object for those who may open it. */
  function linkOf(kind: string, id: string): RouteLocationRaw | null {
    const page = pageOf(kind, id);
    return page !== null && session.admits(router.resolve(page).meta) ? page : null;
  }

  return { actionOf, objectOf, nameOf, fieldOf, said, linkOf };
}
