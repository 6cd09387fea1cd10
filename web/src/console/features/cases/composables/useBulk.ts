/** One step taken with many cases, each by itself: what was done stays done, what was refused can be tried again. */
import { computed, reactive, ref, shallowRef } from "vue";
import { api, take } from "#shared/api/client.ts";
import { asProblem } from "#shared/api/problem.ts";
import type { BulkIn, CaseAction, CaseRow } from "#shared/api/types.ts";
import { useFieldErrors } from "#shared/forms/field-errors.ts";
import { outcomes, type Outcome } from "../bulk.ts";
import { blankStep, missingFields, stepBody, type StepForm } from "../step-form.ts";

export function useBulk(action: CaseAction, rows: CaseRow[]) {
  const form = reactive<StepForm>(blankStep());
  const { errors, clear, show } = useFieldErrors();
  const busy = ref(false);
  const results = shallowRef<Outcome[] | null>(null);
  const missing = computed(() => missingFields(action, form, 0));
  const refused = computed(() => (results.value ?? []).filter((one) => !one.ok));
  const done = computed(() => (results.value ?? []).filter((one) => one.ok));

  async function send(wanted: CaseRow[], sofar: Outcome[]): Promise<void> {
    clear();
    busy.value = true;
    const items = wanted.map((row) => ({ id: row.id, expected_version: row.version }));
    // Each case has its own version; the form has none.
    const given = Object.entries(stepBody(action, 0, form, [])).filter(([name]) => name !== "expected_version");
    const body = { ...Object.fromEntries(given), items } as unknown as BulkIn;
    try {
      const answer = await take(api.POST("/api/v1/cases/bulk", { body }));
      results.value = [...outcomes(wanted, answer.results), ...sofar];
    } catch (error) {
      show(asProblem(error), action.fields.map((field) => field.name));
    } finally {
      busy.value = false;
    }
  }

  /** Cases that were changed meanwhile are looked at again first: their new version is what is agreed to. */
  async function fresh(row: CaseRow): Promise<CaseRow> {
    const now = await take(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: row.id } } })).catch(() => null);
    return now ?? row;
  }

  const submit = () => send(rows, []);

  async function retry(): Promise<void> {
    busy.value = true;
    const again = await Promise.all(refused.value.map((one) => fresh(one.row)));
    await send(again, done.value);
  }

  return { form, errors, clear, busy, missing, results, refused, done, submit, retry };
}
