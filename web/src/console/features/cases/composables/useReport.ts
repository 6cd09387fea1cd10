/** The report form: its values, its draft on this machine, and sending it so that it arrives once. */
import { computed, reactive, ref, watch } from "vue";
import { api, take } from "#shared/api/client.ts";
import { uuid7 } from "#shared/api/ids.ts";
import { asProblem } from "#shared/api/problem.ts";
import type { CaseDetail, CaseIn } from "#shared/api/types.ts";
import { useSession } from "#shared/auth/session.ts";
import { draftKey, dropDraft, readDraft, writeDraft } from "#shared/forms/draft.ts";
import { useFieldErrors } from "#shared/forms/field-errors.ts";
import { usePhotoUploads } from "#shared/forms/usePhotoUploads.ts";
import type { LonLat } from "#shared/map/PointPicker.vue";
import { remember } from "../category-search.ts";
import { PATROL } from "../sources.ts";

export interface ReportForm {
  /** Made here: the same report sent twice is one case. */
  id: string;
  category: string;
  description: string;
  point: LonLat | null;
  address: string;
  source: string;
  name: string;
  phone: string;
}

export const REPORT_FIELDS = ["category", "description", "lon", "lat", "address", "source", "photos", "reporter"];
const SAVE_PAUSE_MS = 600;

export function blankReport(source = ""): ReportForm {
  return { id: uuid7(), category: "", description: "", point: null, address: "", source, name: "", phone: "" };
}

/** What still has to be filled in before it can be sent. */
export function missingIn(form: ReportForm, inside: boolean, photoCount: number): string[] {
  const missing: string[] = [];
  if (form.point === null || !inside) missing.push("place");
  if (form.category === "") missing.push("category");
  if (form.description.trim().length < 2) missing.push("description");
  if (form.source === "") missing.push("source");
  if (form.source === PATROL && photoCount === 0) missing.push("photos");
  return missing;
}

/** The body that the server takes. */
export function reportBody(form: ReportForm, photos: CaseIn["photos"], withReporter: boolean): CaseIn {
  const told = withReporter && (form.name.trim() !== "" || form.phone.trim() !== "");
  return {
    id: form.id,
    category: form.category,
    description: form.description.trim(),
    lon: form.point?.lon ?? 0,
    lat: form.point?.lat ?? 0,
    address: form.address.trim(),
    source: form.source,
    photos,
    ...(told && { reporter: { name: form.name.trim(), phone: form.phone.trim() } }),
  } as CaseIn;
}

export function useReport() {
  const session = useSession();
  const key = draftKey("report", session.session?.user.id ?? "");
  const kept = readDraft<ReportForm>(key);
  const form = reactive<ReportForm>({ ...blankReport(), ...kept });
  const restored = ref(kept !== null);
  const saved = ref(kept !== null);
  const uploads = usePhotoUploads();
  const { errors, clear, show } = useFieldErrors();
  const busy = ref(false);
  const opened = ref<CaseDetail | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const touched = computed(
    () => form.category !== "" || form.description !== "" || form.point !== null || form.address !== "",
  );

  watch(form, () => {
    saved.value = false;
    clearTimeout(timer);
    if (opened.value !== null) return;
    timer = setTimeout(() => {
      if (touched.value) writeDraft(key, form);
      else dropDraft(key);
      saved.value = touched.value;
    }, SAVE_PAUSE_MS);
  });

  async function submit(withReporter: boolean): Promise<void> {
    clear();
    busy.value = true;
    try {
      const answer = await take(
        api.POST("/api/v1/cases", {
          headers: { "Idempotency-Key": form.id },
          body: reportBody(form, uploads.given.value, withReporter),
        }),
      );
      remember(form.category);
      clearTimeout(timer);
      dropDraft(key);
      opened.value = answer;
    } catch (error) {
      show(asProblem(error), REPORT_FIELDS);
    } finally {
      busy.value = false;
    }
  }

  /** An empty form; the source stays, because the next call mostly comes the same way. */
  function startAnew(): void {
    Object.assign(form, blankReport(form.source));
    uploads.clear();
    clear();
    opened.value = null;
    restored.value = false;
    dropDraft(key);
  }

  return { form, uploads, errors, clear, busy, opened, restored, saved, touched, submit, startAnew };
}
