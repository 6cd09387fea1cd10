/** One step taken with many cases, each by itself: what was done stays done, what was refused can be tried again. */
import { computed, reactive, ref, shallowRef } from "vue";
import { attempts } from "#shared/api/attempt.ts";
import { api, take } from "#shared/api/client.ts";
import { asProblem } from "#shared/api/problem.ts";
import type { BulkIn, CaseAction, CaseRow } from "#shared/api/types.ts";
import { useFieldErrors } from "#shared/forms/field-errors.ts";
import { outcomes, wasChanged, type Outcome } from "../bulk.ts";
import { blankStep, missingFields, stepBody, type StepForm } from "#shared/cases/step-form.ts";

export function useBulk(action: CaseAction, rows: CaseRow[]) {
  const form = reactive<StepForm>(blankStep());
  const { errors, clear, show } = useFieldErrors();
  const busy = ref(false);
  const results = shallowRef<Outcome[] | null>(null);
  const missing = computed(() => missingFields(action, form, 0));
  const refused = computed(() => (results.value ?? []).filter((one) => !one.ok));
  const done = computed(() => (results.value ?? []).filter((one) => one.ok));
  const again = computed(() => refused.value.filter((one) => one.again));
  const keyFor = attempts();
  /** What was sent and never answered: it may be done, so it is sent once more just as it was. */
  let unanswered: CaseRow[] | null = null;

  async function send(wanted: CaseRow[], settled: Outcome[]): Promise<void> {
    busy.value = true;
    const items = wanted.map((row) => ({ id: row.id, expected_version: row.version }));
    // Each case has its own version; the form has none.
    const given = Object.fromEntries(
      Object.entries(stepBody(action, 0, form, [])).filter(([name]) => name !== "expected_version"),
    );
    const body = { ...given, items } as unknown as BulkIn;
    unanswered = wanted;
    try {
      // The key is the form's, not that of the cases: fewer of them are still the same attempt.
      const headers = { "Idempotency-Key": keyFor(given) };
      const answer = await take(api.POST("/api/v1/cases/bulk", { headers, body }));
      unanswered = null;
      results.value = [...outcomes(wanted, answer.results), ...settled];
    } catch (error) {
      show(asProblem(error), action.fields.map((field) => field.name));
    } finally {
      busy.value = false;
    }
  }

  /** A case that was changed meanwhile is looked at first: its new version is what is agreed to. Others go as they were. */
  async function fresh(one: Outcome): Promise<CaseRow> {
    if (!wasChanged(one)) return one.row;
    const path = { case_id: one.row.id };
    const now = await take(api.GET("/api/v1/cases/{case_id}", { params: { path } })).catch(() => null);
    return now ?? one.row;
  }

  function submit(): Promise<void> {
    clear();
    return send(rows, []);
  }

  async function retry(): Promise<void> {
    clear();
    busy.value = true;
    const settled = (results.value ?? []).filter((one) => !one.again);
    await send(unanswered ?? (await Promise.all(again.value.map(fresh))), settled);
  }

  return { form, errors, clear, busy, missing, results, refused, done, again, submit, retry };
}
