import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Asked } from "#shared/auth/session.ts";
import { features } from "./features.ts";
import zh from "./messages-zh.ts";

const routes = features.flatMap((feature) => feature.routes);
const names = new Set(routes.map((route) => route.name));

function exists(key: string): boolean {
  const found = key.split(".").reduce<unknown>((tree, part) => (tree as Record<string, unknown> | undefined)?.[part], zh);
  return typeof found === "string";
}

describe("features", () => {
  it("are found by their folders", () => {
    const folders = globSync("src/console/features/*/feature.ts").map((file) => file.split("/").at(-2));
    expect(features.map((feature) => feature.key).sort()).toEqual(folders.sort());
  });

  it.each(features)("$key names its routes after itself, gives each a title, and loads pages when needed", (feature) => {
    for (const route of feature.routes) {
      expect(String(route.name)).toMatch(new RegExp(`^${feature.key}(\\.|$)`));
      expect(exists(route.meta?.title ?? "")).toBe(true);
      expect(route.component).toBeTypeOf("function");
    }
  });

  it.each(features)("$key declares every permission that it asks about", (feature) => {
    const asked = [
      ...feature.routes.map((route) => route.meta ?? {}),
      ...(feature.menu ?? []),
      ...(feature.cards ?? []),
      ...(feature.bar ?? []),
    ].flatMap(({ permissions = [], everywhere = [] }: Asked) => [...permissions, ...everywhere]);
    expect(asked.filter((permission) => !feature.permissions.includes(permission))).toEqual([]);
  });

  it("offer menu items that lead somewhere, for exactly those who may go there", () => {
    for (const item of features.flatMap((feature) => feature.menu ?? [])) {
      expect(names.has(item.route)).toBe(true);
      expect(exists(item.title)).toBe(true);
      expect(exists(item.group)).toBe(true);
      const route = routes.find((one) => one.name === item.route);
      expect([item.permissions, item.everywhere]).toEqual([route?.meta?.permissions, route?.meta?.everywhere]);
    }
  });

  it("share no path and no name", () => {
    expect(names.size).toBe(routes.length);
    expect(new Set(routes.map((route) => route.path)).size).toBe(routes.length);
  });
});
