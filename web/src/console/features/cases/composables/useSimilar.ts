/** Cases like the report that is being written: asked again whenever place, class or words change. */
import { onScopeDispose, ref, shallowRef, watch } from "vue";
import { api, take } from "#shared/api/client.ts";
import { asProblem } from "#shared/api/problem.ts";
import type { Similar } from "#shared/api/types.ts";
import type { ReportForm } from "./useReport.ts";

const PAUSE_MS = 700;

export function useSimilar(form: ReportForm, inside: () => boolean) {
  const similar = shallowRef<Similar | null>(null);
  const state = ref<"none" | "asking" | "known" | "failed">("none");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = new AbortController();

  async function ask(): Promise<void> {
    if (form.point === null || form.category === "" || !inside()) return;
    running.abort();
    running = new AbortController();
    state.value = "asking";
    const body = { category: form.category, ...form.point, description: form.description.trim(), exclude: form.id };
    try {
      similar.value = await take(api.POST("/api/v1/duplicates/similar", { body, signal: running.signal }));
      state.value = "known";
    } catch (error) {
      if (asProblem(error).code === "aborted") return;
      similar.value = null;
      state.value = "failed";
    }
  }

  watch(
    () => [form.point?.lon, form.point?.lat, form.category, form.description, inside()],
    () => {
      clearTimeout(timer);
      if (form.point === null || form.category === "") {
        similar.value = null;
        state.value = "none";
        return;
      }
      timer = setTimeout(() => void ask(), PAUSE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    running.abort();
  });
  return { similar, state };
}
