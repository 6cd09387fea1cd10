/** Classes with their versions: asking, the tree, and the form of a local version. Pure but for the queries. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import type { Category, Label } from "#shared/api/types.ts";
import { asLimit, sameLimit, type LimitValue } from "../limits.ts";

type Schemas = components["schemas"];
export type Detail = Schemas["CategoryDetail"];
export type Version = Schemas["VersionOut"];
export type LocalRow = Schemas["LocalRow"];
export type LocalIn = Schemas["LocalIn"];
export type Difference = Schemas["DifferenceOut"];
export const AREA_CLASSES = ["A", "B", "C"] as const;
export const REQUEST_KINDS = ["return", "extension", "suspension", "void", "appeal"] as const;

export const useLocalRows = () =>
  useQuery({ key: ["admin", "local-rows"], query: async () => (await take(api.GET("/api/v1/categories/local"))).items });

export const useDetail = (key: () => string) =>
  useQuery({
    key: () => ["admin", "category", key()],
    query: () => take(api.GET("/api/v1/categories/{key}", { params: { path: { key: key() } } })),
    enabled: () => key() !== "",
  });

export interface ConditionForm {
  id: number;
  text: Label;
  closing: Label;
  handling: Label;
  limit: LimitValue;
  area_limits: Record<string, LimitValue | null>;
  source: string;
}

export interface RequestForm {
  most: number | null;
  longest_days: number | null;
  evidence: boolean;
  before_due: boolean;
  also: { label: Label; permission: string; reach: string }[];
}

export interface LocalForm {
  valid_from: string;
  note: string;
  name: Label;
  usual_unit: string;
  synonyms: string[];
  active: boolean;
  conditions: ConditionForm[];
  requests: Record<string, RequestForm>;
}

let counted = 0;

export function emptyCondition(): ConditionForm {
  counted += 1;
  return {
    id: -counted,
    text: { zh: "", en: "" },
    closing: { zh: "", en: "" },
    handling: { zh: "", en: "" },
    limit: { kind: "working_day", amount: "1" },
    area_limits: {},
    source: "",
  };
}

function requestForm(rule: unknown): RequestForm {
  const given = (rule ?? {}) as Partial<RequestForm>;
  return {
    most: given.most ?? null,
    longest_days: given.longest_days ?? null,
    evidence: given.evidence ?? false,
    before_due: given.before_due ?? false,
    also: (given.also ?? []).map((level) => ({ ...level, label: { ...level.label } })),
  };
}

/** The form of a new local version, filled with what holds. */
export function formOf(version: Version, validFrom: string): LocalForm {
  return {
    valid_from: validFrom,
    note: "",
    name: { ...version.name },
    usual_unit: version.usual_unit,
    synonyms: [...version.synonyms],
    active: version.active,
    conditions: version.conditions.map((row) => ({
      id: row.id,
      text: { ...row.text },
      closing: { ...row.closing },
      handling: { ...row.handling },
      limit: asLimit(row.limit) ?? { kind: "working_day", amount: "1" },
      area_limits: Object.fromEntries(Object.entries(row.area_limits).map(([name, limit]) => [name, asLimit(limit)])),
      source: row.source,
    })),
    requests: Object.fromEntries(REQUEST_KINDS.map((kind) => [kind, requestForm(version.requests[kind])])),
  };
}

export function isStricter(rule: RequestForm): boolean {
  return rule.most !== null || rule.longest_days !== null || rule.evidence || rule.before_due || rule.also.length > 0;
}

/** What is sent: only limits that differ by area, only rules that say something. */
export function payloadOf(form: LocalForm, expected: number): LocalIn {
  return {
    expected_version: expected,
    valid_from: form.valid_from,
    note: form.note,
    name: form.name,
    usual_unit: form.usual_unit,
    synonyms: form.synonyms,
    active: form.active,
    conditions: form.conditions.map((row) => ({
      text: row.text,
      closing: row.closing,
      handling: row.handling,
      limit: row.limit,
      source: row.source,
      area_limits: Object.fromEntries(
        Object.entries(row.area_limits).filter(([, limit]) => limit !== null && !sameLimit(limit, row.limit)),
      ) as Record<string, LimitValue>,
    })),
    requests: Object.fromEntries(Object.entries(form.requests).filter(([, rule]) => isStricter(rule))),
  } as unknown as LocalIn;
}

export interface Group {
  key: string;
  kind: string;
  major: Category["major"];
  items: Category[];
}

/** Classes by kind and major class, events first; `text` narrows by name, pinyin or code. */
export function groupsOf(all: Category[], text: string, only: (category: Category) => boolean): Group[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Group>();
  for (const category of all) {
    const whole = `${category.zh} ${category.en} ${category.search} ${category.code ?? ""} ${category.major.zh}`.toLowerCase();
    if (!only(category) || !words.every((one) => whole.includes(one))) continue;
    const key = `${category.kind === "event" ? 0 : 1}${category.major.code}`;
    const group = groups.get(key) ?? { key, kind: category.kind, major: category.major, items: [] };
    group.items.push(category);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => a.key.localeCompare(b.key));
}

/** The version that a change starts from: the one that holds today, else the newest shipped one. */
export function holding(detail: Detail): Version | undefined {
  return (
    detail.versions.find((row) => row.state === "in_force") ??
    detail.versions.find((row) => row.state === "shipped") ??
    detail.versions[0]
  );
}
