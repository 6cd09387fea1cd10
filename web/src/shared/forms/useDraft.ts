/**
 * Something half written, saved by itself on the server; on this machine only while the server does not answer.
 *
 * Two windows with the same form: the one that saves second is told, and its person chooses which draft to keep.
 */
import { computed, onScopeDispose, ref, watch } from "vue";
import { api, take } from "#shared/api/client.ts";
import { asProblem } from "#shared/api/problem.ts";
import { useSession } from "#shared/auth/session.ts";
import { useUnsaved } from "#shared/page-tab.ts";
import { draftKey, dropDraft, readDraft, writeDraft } from "./draft.ts";

export type DraftState = "none" | "saving" | "saved" | "offline" | "conflict";

export interface DraftOptions<T> {
  /** The form as it is; null when nothing in it is worth keeping. */
  read: () => T | null;
  /** Puts a kept draft back into the form. */
  write: (body: T) => void;
}

/** What waits on this machine: the body, and the version on the server that it was written over. */
interface Net<T> {
  body: T;
  version: number;
}

/** What the server says of a draft that it keeps. */
interface Kept {
  version: number;
  saved_at: string | null;
}

/** A body as text, whatever the order in which the server gives its fields back. */
function told(body: unknown): string {
  const inOrder = (_: string, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part;
  return JSON.stringify(body, inOrder);
}

const PAUSE_MS = 800;
const AGAIN_MS = 15_000;

/** Which of the two counts when a form is opened again. */
export function newer<T>(local: Net<T> | null, server: { version: number; body: T | null }): "local" | "server" | "ask" {
  if (local === null) return "server";
  if (local.version === server.version) return "local";
  return told(local.body) === told(server.body) ? "server" : "ask";
}

export function useDraft<T extends object>(key: string, { read, write }: DraftOptions<T>) {
  const session = useSession();
  const local = draftKey(key, session.session?.user.id ?? "");
  const path = { params: { path: { key } } };
  const state = ref<DraftState>("none");
  const restored = ref(false);
  const savedAt = ref<string | null>(null);
  let version = 0;
  /** The last body that stands on the server, so that the same is not sent again. */
  let stands = "null";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let work: Promise<unknown> = Promise.resolve();

  /** One after the other: a draft that is thrown away must not come back by a late save. */
  function inTurn<R>(job: () => Promise<R>): Promise<R> {
    const next = work.then(job, job);
    work = next.catch(() => undefined);
    return next;
  }

  function holdHere(body: T): void {
    writeDraft(local, { body, version } satisfies Net<T>);
  }

  async function save(urgent = false): Promise<void> {
    const body = read();
    const content = told(body);
    if (closed || state.value === "conflict" || content === stands) return;
    if (body === null) return discard();
    state.value = "saving";
    try {
      const call = { ...path, body: { body: body as Record<string, unknown>, expected_version: version }, keepalive: urgent };
      saved(await take(api.PUT("/api/v1/drafts/{key}", call)), content);
    } catch (error) {
      const refused = asProblem(error).status === 409;
      if (!refused || !(await stood(content))) failed(body, refused);
    }
  }

  function saved(kept: Kept, content: string): void {
    version = kept.version;
    savedAt.value = kept.saved_at;
    stands = content;
    dropDraft(local);
    state.value = "saved";
    restored.value = false;
  }

  /** Whether just this stands there already: what a window sent while it was being reloaded is nobody else's. */
  async function stood(content: string): Promise<boolean> {
    const known = await take(api.GET("/api/v1/drafts/{key}", path)).catch(() => null);
    if (known === null || told(known.body) !== content) return false;
    saved(known, content);
    return true;
  }

  function failed(body: T, changedElsewhere: boolean): void {
    holdHere(body);
    state.value = changedElsewhere ? "conflict" : "offline";
    if (!changedElsewhere) plan(AGAIN_MS);
  }

  async function discard(): Promise<void> {
    dropDraft(local);
    stands = "null";
    state.value = "none";
    restored.value = false;
    if (version === 0) return;
    version = 0;
    await take(api.DELETE("/api/v1/drafts/{key}", path)).catch(() => undefined);
  }

  function plan(pause = PAUSE_MS): void {
    clearTimeout(timer);
    timer = setTimeout(() => void inTurn(save), pause);
  }

  function put(body: T): void {
    write(body);
    restored.value = true;
  }

  async function load(): Promise<void> {
    const net = readDraft<Net<T>>(local);
    try {
      const known = await take(api.GET("/api/v1/drafts/{key}", path));
      const server = { version: known.version, body: known.body as T | null };
      version = known.version;
      savedAt.value = known.saved_at;
      stands = told(server.body);
      const choice = newer(net, server);
      if (choice === "server" && server.body !== null) {
        put(server.body);
        state.value = "saved";
      } else if (net !== null && choice !== "server") {
        put(net.body);
        if (choice === "ask") state.value = "conflict";
      }
    } catch {
      if (net === null) return;
      version = net.version;
      put(net.body);
      state.value = "offline";
    }
  }

  /** The form is sent, or not wanted. */
  function drop(): Promise<void> {
    clearTimeout(timer);
    return inTurn(discard);
  }

  /** Of two windows, this one counts. */
  function keepMine(): Promise<void> {
    return inTurn(async () => {
      const known = await take(api.GET("/api/v1/drafts/{key}", path)).catch(() => null);
      if (known === null) return;
      version = known.version;
      stands = told(known.body);
      state.value = "none";
      await save();
    });
  }

  /** Of two windows, the other one counts. */
  function takeTheirs(): Promise<void> {
    return inTurn(async () => {
      dropDraft(local);
      state.value = "none";
      await load();
    });
  }

  /** The window goes away before the pause is over: what is typed is held here and sent along. */
  function leave(): void {
    const body = read();
    if (closed || body === null || told(body) === stands || state.value === "conflict") return;
    clearTimeout(timer);
    holdHere(body);
    void inTurn(() => save(true));
  }

  const ready = inTurn(load);
  // All else is kept, here or on the server, and comes back with the form.
  useUnsaved(() => state.value === "conflict");
  watch(() => JSON.stringify(read()), () => plan());
  window.addEventListener("pagehide", leave);
  window.addEventListener("online", leave);
  onScopeDispose(() => {
    leave();
    clearTimeout(timer);
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("online", leave);
  });

  /** The form has been sent: nothing is saved any more, not even on leaving. */
  function finish(): Promise<void> {
    closed = true;
    return drop();
  }

  const kept = computed(() => state.value === "saved" || state.value === "offline");
  return { state, restored, savedAt, kept, ready, drop, finish, keepMine, takeTheirs };
}

export type DraftHandle = ReturnType<typeof useDraft>;
