/** Changing a form in the making: each function gives a new form and leaves the old one as it was. */
import { fieldsOf, type Field, type Form, type Kind, type Section } from "#shared/forms/declared/rules.ts";

export interface Place {
  section: number;
  /** Undefined: the section itself. */
  field?: number;
}

const EMPTY = { zh: "", en: "" };

/** The first of q1, q2, … that nothing in the form is called. Keys are for good: exports and answers go by them. */
export function freshKey(form: Form, prefix: string): string {
  const taken = new Set([...form.sections.map(({ key }) => key), ...fieldsOf(form).map(({ key }) => key)]);
  let number = taken.size + 1;
  while (taken.has(`${prefix}${String(number)}`)) number += 1;
  return `${prefix}${String(number)}`;
}

export function freshForm(key: string, name: { zh: string; en: string }): Form {
  return { key, name, purpose: { ...EMPTY }, sections: [{ key: "s1", name: { zh: "基本情况", en: "Basics" }, fields: [] }] };
}

export const sectionAt = (form: Form, at: Place): Section | undefined => form.sections[at.section];
export const fieldAt = (form: Form, at: Place): Field | undefined => (at.field === undefined ? undefined : form.sections[at.section]?.fields[at.field]);

function withSections(form: Form, change: (sections: Section[]) => void): Form {
  const sections = form.sections.map((section) => ({ ...section, fields: [...section.fields] }));
  change(sections);
  return { ...form, sections };
}

export function changeSection(form: Form, at: Place, patch: Partial<Section>): Form {
  return withSections(form, (sections) => {
    const section = sections[at.section];
    if (section !== undefined) sections[at.section] = { ...section, ...patch };
  });
}

export function changeField(form: Form, at: Place, patch: Partial<Field>): Form {
  return withSections(form, (sections) => {
    const fields = sections[at.section]?.fields;
    const field = at.field === undefined ? undefined : fields?.[at.field];
    if (fields !== undefined && field !== undefined && at.field !== undefined) fields[at.field] = { ...field, ...patch };
  });
}

/** What a question of this kind starts with. */
export function freshField(key: string, kind: Kind): Field {
  const options = kind === "choice" || kind === "choices" ? [1, 2].map((n) => ({ code: `o${String(n)}`, label: { ...EMPTY } })) : [];
  return { key, label: { ...EMPTY }, kind, required: true, options, slots: [] };
}

/** The question as another kind: what is its own stays, what only the old kind had goes. */
export function asKind(field: Field, kind: Kind): Field {
  const { key, label, required, hint, when } = field;
  const fresh = freshField(key, kind);
  const chooses = (one: Kind) => one === "choice" || one === "choices";
  const numbers = (one: Kind) => one === "integer" || one === "number";
  const options = chooses(kind) && chooses(field.kind) ? (field.options ?? []) : (fresh.options ?? []);
  const kept = numbers(kind) && numbers(field.kind) ? { unit: field.unit ?? null, least: field.least ?? null, most: field.most ?? null } : {};
  return { ...fresh, label, required: required === true, hint: hint ?? null, when: when ?? null, options, ...kept };
}

export function addField(form: Form, at: Place, kind: Kind): { form: Form; at: Place } {
  const field = freshField(freshKey(form, "q"), kind);
  const place = { section: at.section, field: at.field === undefined ? (form.sections[at.section]?.fields.length ?? 0) : at.field + 1 };
  return { form: withSections(form, (sections) => sections[place.section]?.fields.splice(place.field, 0, field)), at: place };
}

export function copyField(form: Form, at: Place): { form: Form; at: Place } {
  const field = fieldAt(form, at);
  if (field === undefined || at.field === undefined) return { form, at };
  const copy = { ...field, key: freshKey(form, "q") };
  const place = { section: at.section, field: at.field + 1 };
  return { form: withSections(form, (sections) => sections[place.section]?.fields.splice(place.field, 0, copy)), at: place };
}

export function addSection(form: Form): { form: Form; at: Place } {
  const section = { key: freshKey(form, "s"), name: { ...EMPTY }, fields: [] };
  return { form: { ...form, sections: [...form.sections, section] }, at: { section: form.sections.length } };
}

export function remove(form: Form, at: Place): Form {
  return withSections(form, (sections) => {
    if (at.field === undefined) sections.splice(at.section, 1);
    else sections[at.section]?.fields.splice(at.field, 1);
  });
}

/** Takes what is at a place out and puts it where it would stand before what is at the other place. */
export function move(form: Form, from: Place, to: Place): { form: Form; at: Place } {
  if (from.field === undefined) return moveSection(form, from.section, to.section);
  const field = fieldAt(form, from);
  if (field === undefined) return { form, at: from };
  let index = to.field ?? form.sections[to.section]?.fields.length ?? 0;
  if (to.section === from.section && from.field < index) index -= 1;
  const moved = withSections(form, (sections) => {
    sections[from.section]?.fields.splice(from.field ?? 0, 1);
    sections[to.section]?.fields.splice(index, 0, field);
  });
  return { form: moved, at: { section: to.section, field: index } };
}

function moveSection(form: Form, from: number, to: number): { form: Form; at: Place } {
  const index = from < to ? to - 1 : to;
  return {
    form: withSections(form, (sections) => {
      const [section] = sections.splice(from, 1);
      if (section !== undefined) sections.splice(index, 0, section);
    }),
    at: { section: index },
  };
}

/** One up or down; a question goes over into the section beside it. */
export function step(form: Form, at: Place, by: 1 | -1): { form: Form; at: Place } {
  if (at.field === undefined) {
    const to = at.section + by;
    return to < 0 || to >= form.sections.length ? { form, at } : moveSection(form, at.section, by > 0 ? to + 1 : to);
  }
  const length = form.sections[at.section]?.fields.length ?? 0;
  const next = at.field + by;
  if (next >= 0 && next < length) return move(form, at, { section: at.section, field: by > 0 ? next + 1 : next });
  const beside = form.sections[at.section + by];
  if (beside === undefined) return { form, at };
  return move(form, at, { section: at.section + by, field: by > 0 ? 0 : beside.fields.length });
}

/** The questions that stand before a place: a condition can ask about these. */
export function earlier(form: Form, at: Place): Field[] {
  const before = form.sections.slice(0, at.section).flatMap((section) => section.fields);
  return [...before, ...(form.sections[at.section]?.fields.slice(0, at.field ?? 0) ?? [])];
}

/** Where a fault of the server is: `sections.0.fields.2.when` is the third question of the first section. */
export function placeOf(path: string): Place | null {
  const found = /^sections\.(\d+)(?:\.fields\.(\d+))?/.exec(path);
  if (found === null) return null;
  return { section: Number(found[1]), ...(found[2] !== undefined && { field: Number(found[2]) }) };
}

export const samePlace = (one: Place | null, other: Place | null): boolean => one?.section === other?.section && one?.field === other?.field;
