/** How far the installation is, asked once for menu, workbench and page; and what wants attention. */
import { useQuery } from "@pinia/colada";
import { computed, type ComputedRef } from "vue";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import { useSession } from "#shared/auth/session.ts";

export type Setup = components["schemas"]["SetupOut"];
export type SetupStep = components["schemas"]["SetupStepOut"];
export type Attention = components["schemas"]["AttentionOut"];
export type AttentionItem = components["schemas"]["AttentionItemOut"];

const FRESH_MS = 10_000;

export function useSetup() {
  const session = useSession();
  return useQuery({
    key: () => ["setup", session.session?.user.id ?? ""],
    query: () => take(api.GET("/api/v1/setup")),
    enabled: () => session.canEverywhere("system.view_state"),
    staleTime: FRESH_MS,
  });
}

/** Whether the steps belong into the menu and onto the workbench: a real district with something left to do. */
export function useUnfinished(): ComputedRef<boolean> {
  const setup = useSetup();
  return computed(() => setup.data.value?.kind === "real" && !setup.data.value.finished);
}

export const useAttention = () =>
  useQuery({ key: ["attention"], query: () => take(api.GET("/api/v1/attention")) });
