/** Notices in words, and what can be done with them. */
import { useI18n } from "vue-i18n";
import { useRouter } from "vue-router";
import { api, take } from "#shared/api/client.ts";
import { asProblem } from "#shared/api/problem.ts";
import type { Notice } from "#shared/api/types.ts";
import { wordProblem } from "#shared/i18n/problem-words.ts";
import { useTime } from "#shared/i18n/useTime.ts";
import { tell } from "#shared/ui/tell.ts";
import { plainParams, sentence, target } from "./wording.ts";

export function useNotices(changed: () => unknown) {
  const { t, te } = useI18n();
  const router = useRouter();
  const time = useTime();

  function title(notice: Notice): string {
    const params = plainParams(notice.params);
    const due = params["due_at"] === undefined ? "" : time.short(params["due_at"]);
    const key = sentence(notice);
    return t(te(key) ? key : "notify.kind.other", { ...params, due });
  }

  async function run(call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      tell.failed(wordProblem(asProblem(error)));
    }
    await changed();
  }

  const readAll = () => run(take(api.POST("/api/v1/notices/read-all")));

  async function open(notice: Notice): Promise<void> {
    if (notice.read_at === null) {
      void run(take(api.POST("/api/v1/notices/{notice_id}/read", { params: { path: { notice_id: notice.id } } })));
    }
    if (notice.link.startsWith("/")) await router.push(target(notice));
  }

  return { title, readAll, open };
}
