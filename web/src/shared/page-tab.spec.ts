// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp, nextTick, ref, type App } from "vue";
import { useWatching } from "./api/watching.ts";
import { keysNow, useKeys } from "./keys/useKeys.ts";
import { IN_SIGHT } from "./page-tab.ts";

let page: App | undefined;

/** A part of a page, come while the page is in sight or not. */
function show(here: boolean, use: () => void) {
  const inSight = ref(here);
  page = createApp({ setup: () => (use(), () => null) });
  page.provide(IN_SIGHT, inSight).mount(document.createElement("div"));
  return inSight;
}

afterEach(() => {
  page?.unmount();
  vi.useRealTimers();
});

describe("a part of a page that is out of sight", () => {
  const keys = [{ keys: "a", title: "act", run: () => undefined }];

  it("answers no key before one comes back", () => {
    const inSight = show(false, () => useKeys(keys));
    expect(keysNow()).toEqual([]);
    inSight.value = true;
    expect(keysNow()).toEqual(keys);
    inSight.value = false;
    expect(keysNow()).toEqual([]);
  });

  it("does not look whether long work goes on before one comes back", async () => {
    vi.useFakeTimers();
    const look = vi.fn(() => Promise.resolve());
    const inSight = show(false, () => useWatching(() => true, look, 100));
    await vi.advanceTimersByTimeAsync(1000);
    expect(look).not.toHaveBeenCalled();
    inSight.value = true;
    await nextTick();
    await vi.advanceTimersByTimeAsync(250);
    expect(look).toHaveBeenCalledTimes(3);
    inSight.value = false;
    await nextTick();
    await vi.advanceTimersByTimeAsync(1000);
    expect(look).toHaveBeenCalledTimes(3);
  });
});
