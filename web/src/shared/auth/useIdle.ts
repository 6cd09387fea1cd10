/** Signing out by itself after a while without use; says so two minutes before. The server keeps the same time. */
import { computed, onScopeDispose, ref, watch } from "vue";
import { sinceInput, sinceUse, stay } from "#shared/api/activity.ts";
import { api } from "#shared/api/client.ts";
import { sessionEnded, waitForSignIn } from "#shared/api/gate.ts";
import { useSession } from "./session.ts";

export const NOTICE_MS = 120_000;
const LOOK_MS = 1_000;
/** Somebody who types for long without sending anything is there, and the server hears of it. */
const TELL_MS = 60_000;

export function useIdle() {
  const session = useSession();
  const left = ref(Number.POSITIVE_INFINITY);
  const most = computed(() => (session.session?.idle_minutes ?? 0) * 60_000);
  const isWarning = computed(() => left.value <= NOTICE_MS && !sessionEnded.value);

  function look(): void {
    if (most.value === 0 || sessionEnded.value) {
      left.value = Number.POSITIVE_INFINITY;
      return;
    }
    const idle = sinceInput();
    left.value = most.value - idle;
    if (left.value <= 0) void end();
    else if (idle < TELL_MS && sinceUse() >= TELL_MS) api.GET("/api/v1/session").catch(() => undefined);
  }

  /** What is on screen stays: the dialog to sign in again lies over it. */
  async function end(): Promise<void> {
    void waitForSignIn();
    await api.DELETE("/api/v1/session").catch(() => undefined);
  }

  function remain(): void {
    stay();
    look();
    api.GET("/api/v1/session").catch(() => undefined);
  }

  watch(sessionEnded, (ended) => {
    if (!ended) stay();
  });
  watch(() => session.session?.user.id, stay);
  const timer = setInterval(look, LOOK_MS);
  onScopeDispose(() => clearInterval(timer));
  return { left, isWarning, remain };
}
