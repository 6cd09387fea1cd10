/** Roles and what they may do. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";

export type Role = components["schemas"]["RoleOut"];
export type Permission = components["schemas"]["PermissionOut"];
export type Why = components["schemas"]["WhyOut"];

export const useRoles = () => useQuery({ key: ["admin", "roles"], query: () => take(api.GET("/api/v1/roles")), staleTime: 0 });

/** Permissions by the room that declares them, in its order. */
export function byRoom(permissions: Permission[]): { room: string; items: Permission[] }[] {
  const rooms = new Map<string, Permission[]>();
  for (const one of permissions) {
    const room = one.key.split(".")[0] ?? "";
    rooms.set(room, [...(rooms.get(room) ?? []), one]);
  }
  return [...rooms].map(([room, items]) => ({ room, items }));
}

/** What differs from another set, both ways. */
export function difference(now: Iterable<string>, before: Iterable<string>): { added: string[]; removed: string[] } {
  const [after, was] = [new Set(now), new Set(before)];
  return { added: [...after].filter((key) => !was.has(key)), removed: [...was].filter((key) => !after.has(key)) };
}
