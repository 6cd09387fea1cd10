import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import { settleSignIn } from "#shared/api/gate.ts";
import { ApiProblem } from "#shared/api/problem.ts";
import { csrfToken } from "#shared/api/send.ts";
import type { Session } from "#shared/api/types.ts";
import { setServerTime } from "#shared/i18n/useTime.ts";

/** What a page, a menu item or a card asks for; nothing: signed in is enough. */
export interface Asked {
  /** Held for some part of the district at least. */
  permissions?: string[];
  /** Held for the whole district: what it changes or shows is no part's. */
  everywhere?: string[];
}

/** Who is signed in, with which posts and permissions. */
export const useSession = defineStore("session", () => {
  const session = ref<Session | null>(null);
  /** Who was the last one here: what they read is still in memory after they signed out. */
  let last: string | undefined;
  const asked = ref(false);

  const signedIn = computed(() => session.value !== null);
  const permissions = computed(() => new Set(session.value?.permissions ?? []));
  const everywhere = computed(() => new Set(session.value?.permissions_everywhere ?? []));

  function accept(fresh: Session): void {
    session.value = fresh;
    last = fresh.user.id;
    asked.value = true;
    setServerTime(fresh.server_time);
  }

  /** Asks the server once who is here; 401 is an answer, silence is an error. */
  async function load(): Promise<void> {
    try {
      accept(await take(api.GET("/api/v1/session")));
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      session.value = null;
      asked.value = true;
    }
  }

  async function signIn(username: string, password: string): Promise<void> {
    const before = last;
    // Asking who is here brings the token that a write needs, should the browser have lost it.
    if (csrfToken() === "") await api.GET("/api/v1/session");
    accept(await take(api.POST("/api/v1/session", { body: { username, password } })));
    const same = before === undefined || before === session.value?.user.id;
    settleSignIn(same);
    if (!same) window.location.assign("/");
  }

  async function signOut(): Promise<void> {
    await take(api.DELETE("/api/v1/session"));
    session.value = null;
  }

  async function changePassword(current: string, fresh: string): Promise<void> {
    await take(api.POST("/api/v1/session/password", { body: { current, new: fresh } }));
    await load();
  }

  function can(permission: string): boolean {
    return permissions.value.has(permission);
  }

  function canAny(needed: string[] | undefined): boolean {
    return needed === undefined || needed.length === 0 || needed.some(can);
  }

  /** Held for the whole district, not for a part of it alone. */
  function canEverywhere(permission: string): boolean {
    return everywhere.value.has(permission);
  }

  /** Whether a page, or a way to it, is for this person: one of what it names is held as it is asked for. */
  function admits({ permissions: some = [], everywhere: all = [] }: Asked): boolean {
    return some.length + all.length === 0 || some.some(can) || all.some(canEverywhere);
  }

  return { session, asked, signedIn, load, signIn, signOut, changePassword, can, canAny, canEverywhere, admits };
});
