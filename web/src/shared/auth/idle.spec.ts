// @vitest-environment happy-dom
import { createPinia, setActivePinia } from "pinia";
import { effectScope } from "vue";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { markBackground } from "#shared/api/activity.ts";
import { sessionEnded, settleSignIn } from "#shared/api/gate.ts";
import { useSession } from "./session.ts";
import { useIdle } from "./useIdle.ts";

const told = vi.hoisted(() => ({ GET: vi.fn(() => Promise.resolve({})), DELETE: vi.fn(() => Promise.resolve({})) }));
vi.mock("#shared/api/client.ts", () => ({ api: told, take: vi.fn() }));

const scope = effectScope();
const minutes = (n: number) => vi.advanceTimersByTime(n * 60_000);

function start() {
  setActivePinia(createPinia());
  useSession().session = { idle_minutes: 30, user: { id: "a" } } as never;
  const idle = scope.run(() => useIdle());
  if (idle === undefined) throw new Error("no scope");
  window.dispatchEvent(new Event("keydown"));
  return idle;
}

beforeEach(() => {
  vi.useFakeTimers();
  told.GET.mockClear();
  told.DELETE.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  settleSignIn(false);
});

it("says so two minutes before, and stays when told", () => {
  const idle = start();
  minutes(27);
  expect(idle.isWarning.value).toBe(false);
  minutes(1.5);
  expect(idle.isWarning.value).toBe(true);
  idle.remain();
  expect(idle.isWarning.value).toBe(false);
  expect(told.GET).toHaveBeenCalledWith("/api/v1/session");
  expect(told.DELETE).not.toHaveBeenCalled();
});

it("ends the session, and leaves the page below the dialog", () => {
  start();
  minutes(31);
  expect(told.DELETE).toHaveBeenCalledTimes(1);
  expect(sessionEnded.value).toBe(true);
});

it("lets the server know of somebody who types and sends nothing", () => {
  start();
  for (let n = 0; n < 40; n += 1) {
    minutes(1);
    window.dispatchEvent(new Event("keydown"));
  }
  expect(told.GET.mock.calls.length).toBeGreaterThan(10);
  expect(told.DELETE).not.toHaveBeenCalled();
});

it("marks what nobody asked for", () => {
  start();
  const marked = () => {
    const request = new Request("http://here/api");
    markBackground(request);
    return request.headers.has("X-Background");
  };
  expect(marked()).toBe(false);
  minutes(2);
  expect(marked()).toBe(true);
});
