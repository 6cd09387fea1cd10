// @vitest-environment happy-dom
import { effectScope, nextTick, ref } from "vue";
import { expect, it, vi } from "vitest";
import { usePages } from "./usePages.ts";

const told = vi.hoisted(() => ({ failed: vi.fn() }));
vi.mock("#shared/ui/tell.ts", () => ({ tell: told }));

interface Asked {
  q: string;
  limit: number;
  after?: string;
}

/** A list of a server with `n` rows that are called after the question; every answer waits until it is let go. */
function listOf(n: number) {
  const q = ref("a");
  const calls: Asked[] = [];
  const waiting: (() => void)[] = [];
  let down = false;
  const fetch = async (query: Asked) => {
    calls.push(query);
    await new Promise<void>((go) => waiting.push(go));
    if (down) throw new Error("down");
    const from = Number(query.after ?? 0);
    const to = Math.min(n, from + query.limit);
    const items = Array.from({ length: to - from }, (_, at) => `${query.q}${from + at}`);
    return { items, next: to < n ? String(to) : null, ...(from === 0 && { total: { value: n, capped: false } }) };
  };
  const list = effectScope().run(() => usePages(() => ({ q: q.value, limit: 2 }), fetch));
  if (list === undefined) throw new Error("no scope");
  const go = async (at = 0) => {
    await nextTick();
    waiting.splice(at, 1)[0]?.();
    for (let turn = 0; turn < 5; turn += 1) await nextTick();
  };
  return { q, calls, list, go, fail: (on: boolean) => (down = on) };
}

it("reads on, and again with as many rows as are shown", async () => {
  const { list, go, calls } = listOf(5);
  expect(list.rows.value).toBeNull();
  await go();
  void list.more();
  void list.more(); // one is under way
  await go();
  expect(list.rows.value).toEqual(["a0", "a1", "a2", "a3"]);
  expect([list.hasMore.value, list.total.value?.value]).toEqual([true, 5]);
  void list.reload();
  void list.reload(); // with the other one
  await go();
  expect(calls.map(({ limit, after }) => [limit, after])).toEqual([[2, undefined], [2, "2"], [4, undefined]]);
  expect(list.rows.value).toHaveLength(4);
});

it("keeps the old rows until the new question is answered, and leaves a late answer to the old one", async () => {
  const { list, go, q } = listOf(1);
  q.value = "b";
  await nextTick();
  await go(1);
  expect([list.rows.value, list.known.value]).toEqual([["b0"], true]);
  await go();
  expect(list.rows.value).toEqual(["b0"]);
  q.value = "c";
  await nextTick();
  expect([list.rows.value, list.known.value]).toEqual([["b0"], false]);
});

it("shows a failure only where there is nothing else, and tells of it otherwise", async () => {
  const { list, go, q, fail } = listOf(3);
  await go();
  fail(true);
  void list.reload();
  await go();
  expect(list.rows.value).toHaveLength(2);
  expect(told.failed).toHaveBeenCalledTimes(1);
  q.value = "b";
  await nextTick();
  await go();
  expect([list.rows.value, told.failed.mock.calls.length]).toEqual([null, 1]);
  expect(list.error.value).toBeInstanceOf(Error);
});
