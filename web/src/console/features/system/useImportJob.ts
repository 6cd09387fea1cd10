/** The job that brings in what was just uploaded; found again after the page was left. */
import { ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import type { LongJob } from "./data.ts";

const KEPT = "yiwang.import-job";

export function useImportJob() {
  const job = ref<LongJob | null>(null);

  async function look(): Promise<void> {
    const id = sessionStorage.getItem(KEPT);
    if (id === null) return;
    job.value = await take(api.GET("/api/v1/imports/jobs/{job_id}", { params: { path: { job_id: id } } })).catch(() => null);
  }

  async function follow(id: string): Promise<void> {
    sessionStorage.setItem(KEPT, id);
    await look();
  }

  void look();
  return { job, follow, look };
}
