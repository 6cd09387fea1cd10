import { computed } from "vue";
import { useLifecycle } from "#shared/api/reference.ts";
import { useSession } from "#shared/auth/session.ts";

/** Whether this person has steps of the lifecycle to take, or only watches; null while that is not known yet. */
export function useActs() {
  const session = useSession();
  const lifecycle = useLifecycle();
  const acts = computed(() =>
    lifecycle.data.value === undefined
      ? null
      : lifecycle.data.value.transitions.some((transition) => session.can(transition.permission)),
  );
  return { acts, lifecycle };
}
