/** What stands at a point: asked whenever the point moves; only the last answer counts. */
import { ref, shallowRef, watch, type Ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import { asProblem } from "#shared/api/problem.ts";
import type { Place } from "#shared/api/types.ts";
import type { LonLat } from "#shared/map/PointPicker.vue";

export type Located =
  | { state: "none" | "asking" | "outside" | "failed"; place: null }
  | { state: "inside"; place: Place };

export function useLocate(point: Ref<LonLat | null>) {
  const located = shallowRef<Located>({ state: "none", place: null });
  const asked = ref(0);

  async function ask(): Promise<void> {
    const at = point.value;
    asked.value += 1;
    const turn = asked.value;
    if (at === null) {
      located.value = { state: "none", place: null };
      return;
    }
    located.value = { state: "asking", place: null };
    const answer = await take(api.GET("/api/v1/geo/locate", { params: { query: { lon: at.lon, lat: at.lat } } })).then(
      (place): Located => ({ state: "inside", place }),
      (error: unknown): Located => ({ state: asProblem(error).status === 404 ? "outside" : "failed", place: null }),
    );
    if (turn === asked.value) located.value = answer;
  }

  watch(point, ask, { immediate: true });
  return { located, ask };
}
