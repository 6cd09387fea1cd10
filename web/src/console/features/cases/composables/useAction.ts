/** Taking one step with a case: what is filled in, sending it, and what to do with each kind of refusal. */
import { computed, reactive, ref, type Ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import { uuid7 } from "#shared/api/ids.ts";
import { asProblem, type ApiProblem } from "#shared/api/problem.ts";
import type { ActionIn, CaseAction, CaseDetail } from "#shared/api/types.ts";
import { useFieldErrors } from "#shared/forms/field-errors.ts";
import { usePhotoUploads } from "#shared/forms/usePhotoUploads.ts";

export interface ActionForm {
  note: string;
  unit_id: number | null;
  condition_id: number | null;
}

/** Names of required fields that are still empty. */
export function missingFields(action: CaseAction, form: ActionForm, photoCount: number): string[] {
  const filled: Record<string, boolean> = {
    note: form.note.trim() !== "",
    unit_id: form.unit_id !== null,
    condition_id: form.condition_id !== null,
    photos: photoCount > 0,
  };
  return action.fields.filter((field) => field.required && filled[field.name] === false).map((field) => field.name);
}

export function useAction(detail: Ref<CaseDetail>, action: Ref<CaseAction>) {
  const form = reactive<ActionForm>({ note: "", unit_id: null, condition_id: null });
  const uploads = usePhotoUploads();
  const { errors, clear, show } = useFieldErrors();
  const busy = ref(false);
  const conflict = ref<ApiProblem | null>(null);
  /** Sending the same form again is the same attempt; a changed form is a new one. */
  let attempt = { key: uuid7(), body: "" };

  const missing = computed(() => missingFields(action.value, form, uploads.given.value.length));
  const asked = computed(() => new Set(action.value.fields.map((field) => field.name)));

  function body(): ActionIn {
    return {
      verb: action.value.verb,
      expected_version: detail.value.version,
      note: form.note.trim(),
      ...(asked.value.has("unit_id") && { unit_id: form.unit_id }),
      ...(asked.value.has("condition_id") && { condition_id: form.condition_id }),
      ...(asked.value.has("photos") && { photos: uploads.given.value }),
    } as ActionIn;
  }

  function keyFor(content: string): string {
    if (attempt.body !== content) attempt = { key: uuid7(), body: content };
    return attempt.key;
  }

  /** The case as it is now; null when it was refused, and then `errors` or `conflict` says why. */
  async function submit(): Promise<CaseDetail | null> {
    clear();
    busy.value = true;
    const given = body();
    try {
      return await take(
        api.POST("/api/v1/cases/{case_id}/actions", {
          params: { path: { case_id: detail.value.id } },
          headers: { "Idempotency-Key": keyFor(JSON.stringify(given)) },
          body: given,
        }),
      );
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 409) conflict.value = problem;
      else show(problem, ["note", "unit_id", "condition_id", "photos"]);
      return null;
    } finally {
      busy.value = false;
    }
  }

  return { form, uploads, errors, clear, busy, missing, conflict, submit };
}
