/** The form of a step, as values: what is still empty, what is sent, and in which order the buttons stand. */
import type { ActionField, ActionIn, CaseAction, CaseDetail, Label, PhotoIn } from "#shared/api/types.ts";

export interface StepForm {
  note: string;
  unit_id: number | null;
  assist_ids: number[];
  condition_id: number | null;
  main_case_id: string | null;
  user_id: string | null;
  /** A day, YYYY-MM-DD. */
  until: string;
  to_state: string;
  score: number | null;
  kind: string;
}

export type FieldName = keyof StepForm;

export function blankStep(): StepForm {
  return {
    note: "",
    unit_id: null,
    assist_ids: [],
    condition_id: null,
    main_case_id: null,
    user_id: null,
    until: "",
    to_state: "",
    score: null,
    kind: "",
  };
}

function isFilled(field: ActionField, form: StepForm, photos: number): boolean {
  if (field.input === "photos") return photos > 0;
  const value = form[field.name as FieldName] as StepForm[FieldName] | undefined;
  if (typeof value === "string") return value.trim() !== "";
  if (Array.isArray(value)) return value.length > 0;
  return value != null;
}

/** Names of required fields that are still empty. */
export function missingFields(action: CaseAction, form: StepForm, photos: number): string[] {
  return action.fields.filter((field) => field.required && !isFilled(field, form, photos)).map((field) => field.name);
}

/** Whether anything was filled in that is worth keeping as a draft. */
export function isTouched(action: CaseAction, form: StepForm, photos: number): boolean {
  return action.fields.some((field) => isFilled(field, form, photos));
}

/** The body that is sent: only what the step asks for, and whose task it is. */
export function stepBody(action: CaseAction, version: number, form: StepForm, photos: PhotoIn[]): ActionIn {
  const asked = action.fields.filter((field) => isFilled(field, form, photos.length));
  const values = asked.map((field): [string, unknown] => {
    if (field.input === "photos") return ["photos", photos];
    const value = form[field.name as FieldName];
    return [field.name, typeof value === "string" ? value.trim() : value];
  });
  return {
    verb: action.verb,
    expected_version: version,
    ...(action.task_id !== null && { task_id: action.task_id }),
    ...Object.fromEntries(values),
  } as ActionIn;
}

/** One verb may stand there for several tasks. */
export function actionKey(action: CaseAction): string {
  return [action.verb, action.task_id ?? "", action.request_id ?? ""].join(":");
}

/** The unit whose task it is, where the same verb stands there for several. */
export function unitOf(action: CaseAction, all: CaseAction[]): string {
  const several = all.filter((other) => other.verb === action.verb).length > 1;
  return several ? (action.unit?.name ?? "") : "";
}

export interface Buttons {
  /** On the bar, the most important last, where the hand is. */
  bar: CaseAction[];
  /** In the menu, by section. */
  menu: { key: "step" | "request" | "beside"; actions: CaseAction[] }[];
}

const SECTIONS = ["step", "request", "beside"] as const;

function weight(action: CaseAction): number {
  if (action.style === "primary") return 0;
  if (action.request_id !== null) return 1;
  const plain = action.style === "danger" ? 3 : 2;
  return action.group === "step" ? plain : plain + 2;
}

/** Steps that end or undo a case whatever its state stand beside the ordinary ones only where there is room. */
const RARE = new Set(["force_close", "ask_void", "reopen", "merge"]);

/** All on the bar while there is room; else main steps and decisions, and what is rarer in the menu. */
export function arrange(actions: CaseAction[], room: number): Buttons {
  const sorted = actions
    .map((action, index) => ({ action, index }))
    .sort((a, b) => weight(a.action) - weight(b.action) || a.index - b.index)
    .map((item) => item.action);
  if (sorted.length <= room) return { bar: sorted.reverse(), menu: [] };
  const ordinary = sorted.filter((action) => weight(action) <= 3 && !RARE.has(action.verb));
  const bar = ordinary.slice(0, Math.max(1, room - 1));
  const rest = sorted.filter((action) => !bar.includes(action));
  const menu = SECTIONS.map((key) => ({ key, actions: rest.filter((action) => action.group === key) }));
  return { bar: bar.reverse(), menu: menu.filter((section) => section.actions.length > 0) };
}

/** Steps that cannot be taken back, or that many people feel: asked for twice. */
export function wantsConfirmation(action: CaseAction): boolean {
  return action.style === "danger";
}

/** What the places in a phrase stand for. */
export function placesOf(detail: CaseDetail, action: CaseAction | null, word: (label: Label) => string): Record<string, string> {
  const unit = action?.unit?.name ?? detail.unit?.name ?? "";
  return {
    number: detail.number,
    address: detail.address,
    street: detail.street,
    community: detail.community,
    category: word(detail.category),
    unit,
    reporter: detail.reporter?.name ?? "",
  };
}
