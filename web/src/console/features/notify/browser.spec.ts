// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { takeOn, tell, wishes, type Word } from "./browser.ts";

const shown: string[] = [];
class Card {
  static permission = "granted";
  onclick: (() => void) | null = null;
  constructor(title: string) {
    shown.push(title);
  }
}

const word = (id: number): Word => ({ id, title: `notice ${id}`, body: "", open: () => undefined });

function look(there: boolean): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(there ? "visible" : "hidden");
  vi.spyOn(document, "hasFocus").mockReturnValue(there);
}

beforeEach(() => {
  shown.length = 0;
  localStorage.clear();
  vi.stubGlobal("Notification", Card);
  Object.defineProperty(window, "isSecureContext", { value: true, configurable: true });
  vi.useFakeTimers();
  wishes.cards = true;
  wishes.sound = false;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function told(id: number): Promise<void> {
  const telling = tell(word(id));
  await vi.runAllTimersAsync();
  await telling;
}

it("tells who looks elsewhere, once in all tabs", async () => {
  look(false);
  await told(7);
  await told(7);
  expect(shown).toEqual(["notice 7"]);
});

it("says nothing while the page is being looked at, nor in the tabs behind it", async () => {
  look(true);
  await told(8);
  look(false);
  await told(8);
  expect(shown).toEqual([]);
});

it("says nothing that was not asked for, or that the browser forbids", async () => {
  look(false);
  wishes.cards = false;
  await told(9);
  wishes.cards = true;
  Card.permission = "denied";
  await told(10);
  Card.permission = "granted";
  expect(shown).toEqual([]);
});

it("an older notice is never told after a newer one", () => {
  expect(takeOn(12)).toBe(true);
  expect(takeOn(11)).toBe(false);
});
