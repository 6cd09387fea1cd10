/** What is kept on the phone to work without a network: shown at once, asked for anew whenever somebody answers. */
import { onScopeDispose, readonly, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from "vue";
import { asProblem, type ApiProblem } from "#shared/api/problem.ts";
import { fieldDb } from "./field.ts";

export async function keep(key: string, value: unknown, at: number = Date.now()): Promise<void> {
  await (await fieldDb()).put("packet", { key, value: plain(value), at });
}

/** What a page made reactive cannot be stored as it is; pictures can. */
const plain = (value: unknown): unknown => (value instanceof Blob ? value : (JSON.parse(JSON.stringify(value)) as unknown));

export async function kept<T>(key: string): Promise<{ value: T; at: number } | undefined> {
  const found = await (await fieldDb()).get("packet", key);
  return found === undefined ? undefined : { value: found.value as T, at: found.at };
}

export interface Offline<T> {
  data: Readonly<ShallowRef<T | undefined>>;
  /** When the server said so, ms; undefined while nothing is there. */
  at: Readonly<ShallowRef<number | undefined>>;
  /** Why it could not be asked for; what is kept stays on screen. */
  problem: Readonly<ShallowRef<ApiProblem | null>>;
  loading: Readonly<ShallowRef<boolean>>;
  refresh: () => Promise<void>;
}

/** A reading of the server that works without it. What was asked less than `freshMs` ago is not asked again by itself. */
export function useKept<T>(key: MaybeRefOrGetter<string>, ask: () => Promise<T>, freshMs = 0): Offline<T> {
  const data = shallowRef<T>();
  const at = ref<number>();
  const problem = shallowRef<ApiProblem | null>(null);
  const loading = ref(true);
  let turn = 0;

  async function refresh(): Promise<void> {
    const mine = (turn += 1);
    const name = toValue(key);
    loading.value = true;
    try {
      const fresh = await ask();
      if (mine !== turn) return;
      data.value = fresh;
      at.value = Date.now();
      problem.value = null;
      await keep(name, fresh);
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error);
    } finally {
      if (mine === turn) loading.value = false;
    }
  }

  async function begin(name: string): Promise<void> {
    data.value = undefined;
    at.value = undefined;
    problem.value = null;
    const known = await kept<T>(name).catch(() => undefined);
    if (known !== undefined && name === toValue(key)) {
      data.value = known.value;
      at.value = known.at;
    }
    if (known !== undefined && Date.now() - known.at < freshMs) loading.value = false;
    else await refresh();
  }

  const again = () => void refresh();
  watch(() => toValue(key), begin, { immediate: true });
  window.addEventListener("online", again);
  onScopeDispose(() => window.removeEventListener("online", again));
  return { data, at: readonly(at), problem, loading: readonly(loading), refresh };
}
