/** The people whom one administers: what the server says of them, and how that is worded. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import { useAreas } from "#shared/api/reference.ts";
import type { components, operations } from "#shared/api/schema.d.ts";
import { currentLanguage, listed } from "#shared/i18n/index.ts";

type Schemas = components["schemas"];
export type StaffRow = Schemas["StaffRow"];
export type Staff = Schemas["StaffOut"];
export type Assignment = Schemas["AssignmentOut"];
export type AssignmentIn = Schemas["AssignmentIn"];
export type PasswordLink = Schemas["LinkOut"];
export type SessionRow = Schemas["SessionRow"];
export type Try = Schemas["TryOut"];
export type StaffQuery = NonNullable<operations["list_staff"]["parameters"]["query"]>;

export const STATES = ["active", "closed", "former", "locked"] as const;
export const STATE_TONES = { active: "green", closed: "red", former: "plain", erased: "plain" } as const;

export const useRoleOptions = () =>
  useQuery({ key: ["admin", "role-options"], query: async () => (await take(api.GET("/api/v1/roles/options"))).items, staleTime: 60_000 });

export const usePosts = () =>
  useQuery({ key: ["admin", "posts"], query: async () => (await take(api.GET("/api/v1/posts"))).items, staleTime: 60_000 });

/** A name in the language of the screen; what has no English one keeps its Chinese. */
export function named(one: { name: string; name_en: string }): string {
  return currentLanguage() === "en" && one.name_en !== "" ? one.name_en : one.name;
}

export function useAreaNames(): (codes: string[]) => string {
  const areas = useAreas();
  return (codes) =>
    listed(
      codes.map((code) => {
        const area = areas.data.value?.find((row) => row.code === code);
        return area === undefined ? code : named(area);
      }),
    );
}

/** "Chrome · Windows" of what a browser says of itself; empty when it says nothing that is known. */
export function browserOf(agent: string): string {
  const names: [RegExp, string][] = [[/Edg\//, "Edge"], [/MicroMessenger/, "WeChat"], [/Firefox\//, "Firefox"], [/Chrome\//, "Chrome"], [/Safari\//, "Safari"]];
  const systems: [RegExp, string][] = [[/Windows/, "Windows"], [/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Mac OS/, "macOS"], [/Linux/, "Linux"]];
  const first = (known: [RegExp, string][]) => known.find(([sign]) => sign.test(agent))?.[1];
  return [first(names), first(systems)].filter(Boolean).join(" · ");
}

/** An account's name made of nothing but what may stand in one, for a beginning. */
export function isAccountName(text: string): boolean {
  return /^[a-z][a-z0-9_.-]{1,49}$/.test(text);
}
