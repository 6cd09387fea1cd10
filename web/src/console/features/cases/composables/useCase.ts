/** One case, kept fresh: when somebody else moves it, the page follows and says who did what. */
import { useQuery, useQueryCache } from "@pinia/colada";
import { computed, ref, watch, type Ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import type { CaseDetail, Step } from "#shared/api/types.ts";
import { useSession } from "#shared/auth/session.ts";
import { useCaseEvents } from "./useCaseEvents.ts";

export function useCase(id: Ref<string>) {
  const session = useSession();
  const cache = useQueryCache();
  const key = computed(() => ["cases", "detail", id.value]);
  const query = useQuery({
    key: () => key.value,
    query: () => take(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: id.value } } })),
    staleTime: 0,
  });
  const detail = computed(() => query.data.value);
  /** The last step of somebody else that came while this page was open. */
  const news = ref<Step | null>(null);
  let seen: { id: string; seq: number } | null = null;

  watch(
    detail,
    (now) => {
      if (now === undefined) return;
      const last = now.timeline.at(-1);
      const seq = last?.seq ?? 0;
      const moved = seen?.id === now.id && seq > seen.seq;
      if (moved && last !== undefined && last.actor !== session.session?.user.name) news.value = last;
      seen = { id: now.id, seq };
    },
    { immediate: true },
  );

  useCaseEvents((ids) => {
    if (ids.size === 0 || ids.has(id.value)) void query.refetch();
  });

  /** What an action answered is the newest there is. */
  function accept(fresh: CaseDetail): void {
    news.value = null;
    seen = { id: fresh.id, seq: fresh.timeline.at(-1)?.seq ?? 0 };
    cache.setQueryData(key.value, fresh);
    void cache.invalidateQueries({ key: ["cases", "summary"] });
    void cache.invalidateQueries({ key: ["cases", "mine"] });
  }

  return { detail, error: query.error, reload: () => query.refetch(), accept, news };
}
