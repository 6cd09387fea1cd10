import { computed } from "vue";
import { useLifecycle } from "#shared/api/reference.ts";
import { useSession } from "#shared/auth/session.ts";

/**
 * Whether this person takes main steps of the lifecycle (`acts`), and decides on requests (`decides`: at some level
 * of the table; classes may add levels of their own).
 *
 * Who only urges and supervises watches. `acts` is null while the table is not known yet.
 */
export function useActs() {
  const session = useSession();
  const lifecycle = useLifecycle();
  const acts = computed(() =>
    lifecycle.data.value === undefined
      ? null
      : lifecycle.data.value.transitions.some((row) => row.style === "primary" && session.can(row.permission)),
  );
  const decides = computed(() =>
    (lifecycle.data.value?.requests ?? []).some((policy) => policy.approvals.some((level) => session.can(level.permission))),
  );
  return { acts, decides, lifecycle };
}
