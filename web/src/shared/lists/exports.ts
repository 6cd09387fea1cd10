/** Lists written out as tables: asked for, watched, fetched. */
import { onScopeDispose, ref, shallowRef } from "vue";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";

export type Export = components["schemas"]["ExportOut"];
export type ExportIn = components["schemas"]["ExportIn"];

const LOOK_MS = 700;

export const underWay = (one: Export): boolean => one.state === "waiting" || one.state === "running";

/** How far it is, 0 to 100; null while the rows are not counted yet. */
export function share(one: Export): number | null {
  if (one.state === "ready") return 100;
  return one.total > 0 ? Math.min(99, Math.floor((100 * one.done) / one.total)) : null;
}

export const fileAddress = (one: Export): string => `/api/v1/exports/${one.id}/file`;

/** Lets the browser save the file. */
export function fetchFile(one: Export): void {
  const link = document.createElement("a");
  link.href = fileAddress(one);
  link.download = "";
  link.click();
}

export function stopExport(one: Export): Promise<Export> {
  return take(api.DELETE("/api/v1/exports/{export_id}", { params: { path: { export_id: one.id } } }));
}

/** One export from the asking to its end. */
export function useExport() {
  const current = shallowRef<Export | null>(null);
  const error = shallowRef<unknown>(null);
  const busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function look(): Promise<void> {
    const one = current.value;
    if (one === null || !underWay(one)) return;
    try {
      current.value = await take(api.GET("/api/v1/exports/{export_id}", { params: { path: { export_id: one.id } } }));
      if (current.value.state === "ready") fetchFile(current.value);
    } catch (failure) {
      error.value = failure;
    }
    timer = setTimeout(look, LOOK_MS);
  }

  async function ask(wanted: ExportIn): Promise<void> {
    busy.value = true;
    error.value = null;
    try {
      current.value = await take(api.POST("/api/v1/exports", { body: wanted }));
      timer = setTimeout(look, LOOK_MS / 2);
    } catch (failure) {
      error.value = failure;
    } finally {
      busy.value = false;
    }
  }

  async function stop(): Promise<void> {
    clearTimeout(timer);
    if (current.value !== null) current.value = await stopExport(current.value);
  }

  function forget(): void {
    clearTimeout(timer);
    current.value = null;
    error.value = null;
  }

  onScopeDispose(() => clearTimeout(timer));
  return { current, error, busy, ask, stop, forget };
}
