/** Taking one step with a case: what is filled in, its draft, sending it, and what to do with each kind of refusal. */
import { computed, reactive, ref, type Ref } from "vue";
import { attempts } from "#shared/api/attempt.ts";
import { api, take } from "#shared/api/client.ts";
import { asProblem, type ApiProblem } from "#shared/api/problem.ts";
import type { CaseAction, CaseDetail } from "#shared/api/types.ts";
import { useFieldErrors } from "#shared/forms/field-errors.ts";
import { useDraft } from "#shared/forms/useDraft.ts";
import { usePhotoUploads, type KeptPhoto } from "#shared/forms/usePhotoUploads.ts";
import { blankStep, isTouched, missingFields, stepBody, type StepForm } from "#shared/cases/step-form.ts";

interface Draft {
  form: StepForm;
  photos: KeptPhoto[];
}

/** A draft belongs to the case, the step and, where there are several, the task. */
function draftKeyOf(detail: CaseDetail, action: CaseAction): string {
  return ["case", detail.id, action.verb, action.task_id].filter(Boolean).join(".");
}

export function useAction(detail: Ref<CaseDetail>, action: Ref<CaseAction>, preset: Partial<StepForm> = {}) {
  const form = reactive<StepForm>({ ...blankStep(), ...preset });
  const uploads = usePhotoUploads();
  const { errors, clear, show } = useFieldErrors();
  const busy = ref(false);
  const conflict = ref<ApiProblem | null>(null);
  const keyFor = attempts();

  const photos = computed(() => uploads.given.value);
  const missing = computed(() => missingFields(action.value, form, photos.value.length));
  const untouched = JSON.stringify(form);

  const draft = useDraft<Draft>(draftKeyOf(detail.value, action.value), {
    read: () =>
      JSON.stringify(form) !== untouched && isTouched(action.value, form, photos.value.length)
        ? { form: { ...form }, photos: uploads.kept.value }
        : null,
    write: (kept) => {
      Object.assign(form, blankStep(), kept.form, preset);
      uploads.restore(kept.photos);
    },
  });

  /** The case as it is now; null when it was refused, and then `errors` or `conflict` says why. */
  async function submit(): Promise<CaseDetail | null> {
    clear();
    busy.value = true;
    const given = stepBody(action.value, detail.value.version, form, photos.value);
    try {
      const answer = await take(
        api.POST("/api/v1/cases/{case_id}/actions", {
          params: { path: { case_id: detail.value.id } },
          headers: { "Idempotency-Key": keyFor(given) },
          body: given,
        }),
      );
      void draft.finish();
      return answer;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 409) conflict.value = problem;
      else show(problem, action.value.fields.map((field) => field.name));
      return null;
    } finally {
      busy.value = false;
    }
  }

  return { form, uploads, errors, clear, busy, missing, conflict, draft, submit };
}
