import { describe, expect, it } from "vitest";
import { uuid7 } from "./ids.ts";

describe("uuid7", () => {
  it("carries version 7 and the RFC 9562 variant", () => {
    expect(uuid7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("begins with the milliseconds of its making", () => {
    const at = Date.UTC(2026, 6, 12, 6, 30);
    expect(Number.parseInt(uuid7(at).replaceAll("-", "").slice(0, 12), 16)).toBe(at);
  });

  it("sorts by time and never repeats", () => {
    expect(uuid7(1_000) < uuid7(2_000)).toBe(true);
    expect(new Set(Array.from({ length: 500 }, () => uuid7(1_000))).size).toBe(500);
  });
});
