/** The report form: its values, its draft, and sending it so that it arrives once. */
import { computed, reactive, ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import { uuid7 } from "#shared/api/ids.ts";
import { asProblem } from "#shared/api/problem.ts";
import type { CaseDetail, CaseIn } from "#shared/api/types.ts";
import { useFieldErrors } from "#shared/forms/field-errors.ts";
import { useDraft } from "#shared/forms/useDraft.ts";
import { usePhotoUploads, type KeptPhoto } from "#shared/forms/usePhotoUploads.ts";
import type { LonLat } from "#shared/map/PointPicker.vue";
import { remember } from "#shared/cases/category-search.ts";
import { PATROL } from "#shared/cases/sources.ts";

export const SELF_HANDLE = "self_handle";
export const FOUND_SLOTS = ["near", "far", "reference"];
export const MENDED_SLOTS = ["before", "after", "near", "far"];

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
  /** The opening, where a source has several; "" takes the usual one. */
  verb: "" | typeof SELF_HANDLE;
}

interface Draft {
  form: ReportForm;
  photos: KeptPhoto[];
}

export const REPORT_FIELDS = ["category", "description", "lon", "lat", "address", "source", "photos", "reporter"];

export function blankReport(source = ""): ReportForm {
  return { id: uuid7(), category: "", description: "", point: null, address: "", source, name: "", phone: "", verb: "" };
}

function photosSuffice(form: ReportForm, slots: string[]): boolean {
  if (form.source !== PATROL) return true;
  if (form.verb === SELF_HANDLE) return slots.includes("after") && slots.some((slot) => slot !== "after");
  return slots.length > 0;
}

/** What still has to be filled in before it can be sent; `slots` of the photos that are given. */
export function missingIn(form: ReportForm, inside: boolean, slots: string[]): string[] {
  const missing: string[] = [];
  if (form.point === null || !inside) missing.push("place");
  if (form.category === "") missing.push("category");
  if (form.description.trim().length < 2) missing.push("description");
  if (form.source === "") missing.push("source");
  if (!photosSuffice(form, slots)) missing.push("photos");
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
    verb: form.source === PATROL ? form.verb : "",
    ...(told && { reporter: { name: form.name.trim(), phone: form.phone.trim() } }),
  } as CaseIn;
}

export function useReport() {
  const form = reactive<ReportForm>(blankReport());
  const uploads = usePhotoUploads();
  const { errors, clear, show } = useFieldErrors();
  const busy = ref(false);
  const opened = ref<CaseDetail | null>(null);
  const touched = computed(
    () =>
      form.category !== "" ||
      form.description !== "" ||
      form.point !== null ||
      form.address !== "" ||
      form.name + form.phone !== "" ||
      uploads.photos.length > 0,
  );
  const draft = useDraft<Draft>("case.report", {
    read: () => (touched.value && opened.value === null ? { form: { ...form }, photos: uploads.kept.value } : null),
    write: (kept) => {
      Object.assign(form, blankReport(), kept.form);
      uploads.clear();
      uploads.restore(kept.photos);
    },
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
      opened.value = answer;
      await draft.drop();
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
    void draft.drop();
  }

  return { form, uploads, errors, clear, busy, opened, draft, touched, submit, startAnew };
}
