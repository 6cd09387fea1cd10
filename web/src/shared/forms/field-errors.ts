import { reactive } from "vue";
import type { ApiProblem } from "#shared/api/problem.ts";
import { wordField, wordProblem } from "#shared/i18n/problem-words.ts";

/** Errors by field, and what belongs to no field; filled from a refusal of the server. */
export function useFieldErrors() {
  const errors = reactive<{ fields: Record<string, string>; general: string }>({ fields: {}, general: "" });

  function clear(field?: string): void {
    if (field !== undefined) {
      errors.fields = Object.fromEntries(Object.entries(errors.fields).filter(([name]) => name !== field));
      return;
    }
    errors.fields = {};
    errors.general = "";
  }

  /** `known` are the fields on this form; "photos.0.slot" belongs to "photos". */
  function show(problem: ApiProblem, known: string[]): void {
    clear();
    const fields: Record<string, string> = {};
    const strays: string[] = [];
    for (const fault of problem.errors) {
      const name = known.find((field) => fault.field === field || fault.field.startsWith(`${field}.`));
      if (name === undefined) strays.push(wordField(fault));
      else fields[name] = wordField(fault);
    }
    errors.fields = fields;
    if (problem.errors.length === 0) errors.general = wordProblem(problem);
    else errors.general = strays.join(" ");
  }

  return { errors, clear, show };
}
