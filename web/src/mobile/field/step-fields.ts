/** Which steps the phone has a form for; the others are taken at a desk. */
import type { CaseAction } from "#shared/api/types.ts";

const KNOWN = new Set(["note", "photos", "choice", "condition", "unit", "date", "score"]);

export const fitsPhone = (action: CaseAction): boolean => action.fields.every((field) => KNOWN.has(field.input) || !field.required);
