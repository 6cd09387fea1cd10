import { expect, it } from "vitest";
import type { DemoAccount } from "#shared/api/types.ts";
import { byRole } from "./demo-roles.ts";
import { passwordRules } from "./password-rules.ts";

const met = (password: string, again: string) =>
  passwordRules(password, again)
    .filter((rule) => rule.met)
    .map((rule) => rule.key);

it("says which rules a new password meets", () => {
  expect(met("", "")).toEqual([]);
  expect(met("abcdefghij", "abcdefghij")).toEqual(["length", "repeat"]);
  expect(met("江水2026abcd", "江水2026abc")).toEqual(["length"]);
  expect(met("江水-2026abcd", "江水2026abc")).toEqual(["length", "mixed"]);
  expect(met("river-2026-x", "river-2026-x")).toEqual(["length", "mixed", "repeat"]);
});

it("shows demo accounts by role, the first of each in front, in the server's order", () => {
  const account = (username: string, role: string) => ({ username, role }) as DemoAccount;
  const roles = byRole([account("a1", "acceptor"), account("s1", "shift_leader"), account("a2", "acceptor")]);
  expect(roles.map((role) => [role.key, role.first.username, role.others.length])).toEqual([
    ["acceptor", "a1", 1],
    ["shift_leader", "s1", 0],
  ]);
});
