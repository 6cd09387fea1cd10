/** What rarely changes and many pages need: classes, units, areas, states, codes. Asked once, kept for the session. */
import { useQuery } from "@pinia/colada";
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
