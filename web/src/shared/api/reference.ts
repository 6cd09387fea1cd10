/** What rarely changes and many pages need: classes, units, areas, states, codes. Asked once, kept for the session. */
import { useQuery } from "@pinia/colada";
import { word } from "#shared/i18n/index.ts";
import { api, take } from "./client.ts";

const LONG_MS = 30 * 60_000;

export const useCategories = () =>
  useQuery({
    key: ["reference", "categories"],
    query: async () => (await take(api.GET("/api/v1/categories"))).items,
    staleTime: LONG_MS,
  });

export const useUnits = () =>
  useQuery({
    key: ["reference", "units"],
    query: async () => (await take(api.GET("/api/v1/units"))).items,
    staleTime: LONG_MS,
  });

export const useAreas = () =>
  useQuery({
    key: ["reference", "areas"],
    query: async () => (await take(api.GET("/api/v1/geo/areas"))).items,
    staleTime: LONG_MS,
  });

export const useLifecycle = () =>
  useQuery({
    key: ["reference", "lifecycle"],
    query: () => take(api.GET("/api/v1/cases/lifecycle")),
    staleTime: LONG_MS,
  });

export const useCodes = (table: string) =>
  useQuery({
    key: ["reference", "codes", table],
    query: async () => (await take(api.GET("/api/v1/codes/{table}", { params: { path: { table } } }))).items,
    staleTime: LONG_MS,
  });

/** How the codes of a table are called in the current language; a code that it knows no more stays as it is. */
export function useCodeWords(table: string): (code: string) => string {
  const codes = useCodes(table);
  return (code) => {
    const found = codes.data.value?.find((one) => one.code === code);
    return found === undefined ? code : word(found);
  };
}
