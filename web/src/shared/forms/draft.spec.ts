// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import { draftKey, dropDraft, readDraft, writeDraft } from "./draft.ts";

const key = draftKey("report", "u1");
beforeEach(() => localStorage.clear());

it("gives back what was kept, to the same person only", () => {
  writeDraft(key, { description: "井盖" });
  expect(readDraft(key)).toEqual({ description: "井盖" });
  expect(readDraft(draftKey("report", "u2"))).toBeNull();
  dropDraft(key);
  expect(readDraft(key)).toBeNull();
});

it("forgets after a week", () => {
  writeDraft(key, { a: 1 }, 0);
  expect(readDraft(key, 6 * 24 * 3600 * 1000)).toEqual({ a: 1 });
  expect(readDraft(key, 8 * 24 * 3600 * 1000)).toBeNull();
});

it("survives broken content and a full store", () => {
  localStorage.setItem(key, "{half");
  expect(readDraft(key)).toBeNull();
  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  expect(() => writeDraft(key, { a: 1 })).not.toThrow();
  full.mockRestore();
});
