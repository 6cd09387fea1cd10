/** What two lifecycle tables say differently, as sentences: a key of the wording with what stands in its gaps. */
import type { Label } from "#shared/api/types.ts";
import { sameLimit, type LimitValue } from "../limits.ts";
import { outcomesOf, type Chosen, type Doc, type FieldRow, type RequestRow, type TransitionRow } from "./doc.ts";

/** What fills a gap: a name, a limit, a figure, or names in a row. */
export type Gap = { label: Label } | { limit: LimitValue | null } | { text: string } | { names: Label[] } | { share: string };

export interface Sentence {
  key: string;
  gaps: Record<string, Gap>;
  /** Where it shows in the new table; null for what is no longer there. */
  place: Chosen | null;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

function identity(row: TransitionRow): string {
  return `${row.verb}|${[...row.from].sort()[0] ?? ""}`;
}

/** The rows of both tables that are the same step, matched by verb and by a common starting state. */
export function matchSteps(old: Doc, fresh: Doc): Map<number, number> {
  const matches = new Map<number, number>();
  const used = new Set<number>();
  fresh.transitions.forEach((row, index) => {
    const fits = (one: TransitionRow, at: number) =>
      !used.has(at) && one.verb === row.verb && (identity(one) === identity(row) || one.from.some((from) => row.from.includes(from)));
    const found = old.transitions.findIndex(fits);
    if (found < 0) return;
    used.add(found);
    matches.set(index, found);
  });
  return matches;
}

export function differences(old: Doc, fresh: Doc): Sentence[] {
  return [...states(old, fresh), ...together(steps(old, fresh)), ...requests(old, fresh), ...stages(old, fresh)];
}

/** Steps that became possible in the same states are said in one sentence. */
function together(sentences: Sentence[]): Sentence[] {
  const groups = new Map<string, Sentence[]>();
  for (const one of sentences) {
    if (one.key === "step_from_more") groups.set(JSON.stringify(one.gaps["from"]), [...(groups.get(JSON.stringify(one.gaps["from"])) ?? []), one]);
  }
  const joined = [...groups.values()].filter((group) => group.length > 1);
  const rest = sentences.filter((one) => !joined.some((group) => group.includes(one)));
  const said = joined.map((group): Sentence => {
    const names = group.flatMap(({ gaps }) => (gaps["name"] !== undefined && "label" in gaps["name"] ? [gaps["name"].label] : []));
    return { key: "steps_from_more", gaps: { names: { names }, from: group[0]?.gaps["from"] ?? { text: "" } }, place: group[0]?.place ?? null };
  });
  return [...rest, ...said];
}

function states(old: Doc, fresh: Doc): Sentence[] {
  const before = new Map(old.states.map((row) => [row.key, row]));
  const now = new Set(fresh.states.map((row) => row.key));
  const found: Sentence[] = [];
  for (const row of fresh.states) {
    const was = before.get(row.key);
    const place: Chosen = { kind: "state", key: row.key };
    if (was === undefined) {
      found.push({ key: "state_added", gaps: { name: { label: row.label }, limit: { limit: row.limit ?? null } }, place });
      continue;
    }
    if (!same(was.label, row.label)) found.push({ key: "state_renamed", gaps: { old: { label: was.label }, name: { label: row.label } }, place });
    if (!sameLimit(was.limit, row.limit)) {
      found.push({
        key: "state_limit",
        gaps: { name: { label: row.label }, old: { limit: was.limit ?? null }, limit: { limit: row.limit ?? null } },
        place,
      });
    }
  }
  const gone = old.states.filter((row) => !now.has(row.key));
  return [...found, ...gone.map((row) => ({ key: "state_removed", gaps: { name: { label: row.label } }, place: null }))];
}

function steps(old: Doc, fresh: Doc): Sentence[] {
  const matches = matchSteps(old, fresh);
  const found: Sentence[] = [];
  fresh.transitions.forEach((row, index) => {
    const at = matches.get(index);
    const place: Chosen = { kind: "step", index };
    if (at === undefined) {
      const start = row.from.flatMap((key) => fresh.states.find((state) => state.key === key)?.label ?? []);
      found.push({ key: "step_added", gaps: { name: { label: row.label }, from: { names: start } }, place });
      return;
    }
    const was = old.transitions[at];
    if (was !== undefined) found.push(...stepChanges(old, fresh, was, row, place));
  });
  const kept = new Set(matches.values());
  const gone = old.transitions.filter((_, at) => !kept.has(at));
  return [...found, ...gone.map((row) => ({ key: "step_removed", gaps: { name: { label: row.label } }, place: null }))];
}

function stepChanges(old: Doc, fresh: Doc, was: TransitionRow, row: TransitionRow, place: Chosen): Sentence[] {
  const name: Gap = { label: row.label };
  const found: Sentence[] = [];
  const named = (doc: Doc, keys: string[]): Gap => ({
    names: keys.map((key) => doc.states.find((state) => state.key === key)?.label ?? { zh: key, en: key }),
  });
  if (!same(was.label, row.label)) found.push({ key: "step_renamed", gaps: { old: { label: was.label }, name }, place });
  if (!same(outcomesOf(was), outcomesOf(row))) {
    const ends = (one: TransitionRow) => outcomesOf(one).map((outcome) => outcome.state);
    found.push({ key: "step_to", gaps: { name, old: named(old, ends(was)), to: named(fresh, ends(row)) }, place });
  }
  const joined = row.from.filter((key) => !was.from.includes(key));
  const left = was.from.filter((key) => !row.from.includes(key));
  if (joined.length > 0) found.push({ key: "step_from_more", gaps: { name, from: named(fresh, joined) }, place });
  if (left.length > 0) found.push({ key: "step_from_less", gaps: { name, from: named(old, left) }, place });
  if ((was.permission ?? "") !== (row.permission ?? "") || was.reach !== row.reach) {
    found.push({ key: "step_who", gaps: { name, old: { text: was.permission ?? "" }, who: { text: row.permission ?? "" } }, place });
  }
  const rest = (one: TransitionRow) => [one.guards ?? [], one.effects ?? [], one.sources ?? [], one.style ?? "default", one.task ?? null, one.hint ?? null];
  if (!same(rest(was), rest(row))) found.push({ key: "step_rules", gaps: { name }, place });
  return [...found, ...fieldChanges(was.fields ?? [], row.fields ?? [], name, place)];
}

function fieldChanges(old: FieldRow[], fresh: FieldRow[], name: Gap, place: Chosen): Sentence[] {
  const before = new Map(old.map((field) => [field.name, field]));
  const now = new Set(fresh.map((field) => field.name));
  const found: Sentence[] = [];
  for (const field of fresh) {
    const was = before.get(field.name);
    const gaps = { name, field: { label: field.label } };
    if (was === undefined) found.push({ key: field.required ? "field_added_required" : "field_added", gaps, place });
    else if (was.required !== field.required) found.push({ key: field.required ? "field_required" : "field_optional", gaps, place });
    else if (!same(was, field)) found.push({ key: "field_changed", gaps, place });
  }
  const gone = old.filter((field) => !now.has(field.name));
  return [...found, ...gone.map((field) => ({ key: "field_removed", gaps: { name, field: { label: field.label } }, place }))];
}

function requests(old: Doc, fresh: Doc): Sentence[] {
  return Object.entries(fresh.requests ?? {}).flatMap(([kind, row]) => {
    const was = old.requests?.[kind];
    return was === undefined ? [] : requestChanges(was, row, { kind: "request", key: kind });
  });
}

function requestChanges(was: RequestRow, row: RequestRow, place: Chosen): Sentence[] {
  const name: Gap = { label: row.label };
  const found: Sentence[] = [];
  const levels = (one: RequestRow): Gap => ({ names: one.approvals.map((level) => level.label) });
  if (!same(was.approvals, row.approvals)) {
    found.push({ key: "request_levels", gaps: { name, old: levels(was), levels: levels(row) }, place });
  }
  const figure = (value: number | null | undefined): Gap => ({ text: value == null ? "∞" : String(value) });
  for (const field of ["most", "longest_days"] as const) {
    if ((was[field] ?? null) === (row[field] ?? null)) continue;
    found.push({ key: `request_${field}`, gaps: { name, old: figure(was[field]), now: figure(row[field]) }, place });
  }
  for (const field of ["evidence", "before_due", "blocks"] as const) {
    const shipped = field === "blocks";
    const now = row[field] ?? shipped;
    if ((was[field] ?? shipped) !== now) found.push({ key: `request_${field}_${now ? "on" : "off"}`, gaps: { name }, place });
  }
  return found;
}

function stages(old: Doc, fresh: Doc): Sentence[] {
  const place: Chosen = { kind: "marks" };
  const found: Sentence[] = [];
  const keys = (one?: object, other?: object) => [...new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})])];
  for (const stage of keys(old.limits, fresh.limits)) {
    const was = old.limits?.[stage] ?? null;
    const now = fresh.limits?.[stage] ?? null;
    if (!sameLimit(was, now)) found.push({ key: "stage_limit", gaps: { stage: { text: stage }, old: { limit: was }, limit: { limit: now } }, place });
  }
  for (const stage of keys(old.marks, fresh.marks)) {
    for (const mark of keys(old.marks?.[stage], fresh.marks?.[stage])) {
      const was = old.marks?.[stage]?.[mark];
      const now = fresh.marks?.[stage]?.[mark];
      if (was === now) continue;
      const gaps = { stage: { text: stage }, mark: { text: mark } };
      if (now === undefined) found.push({ key: "mark_removed", gaps, place });
      else if (was === undefined) found.push({ key: "mark_added", gaps: { ...gaps, share: { share: now } }, place });
      else found.push({ key: "mark_moved", gaps: { ...gaps, old: { share: was }, share: { share: now } }, place });
    }
  }
  return found;
}
