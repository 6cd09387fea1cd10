/** What a person keeps at hand, on every machine. */
import { useQuery, useQueryCache } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";

const KEY = ["pins"];

export function usePins() {
  const cache = useQueryCache();
  const pins = useQuery({ key: KEY, query: async () => (await take(api.GET("/api/v1/pins"))).items, staleTime: 60_000 });
  const has = (kind: string, id: string) => (pins.data.value ?? []).some((pin) => pin.kind === kind && pin.object_id === id);

  async function toggle(kind: string, id: string, title: string): Promise<boolean> {
    const path = { kind, object_id: id };
    const on = !has(kind, id);
    if (on) await take(api.PUT("/api/v1/pins/{kind}/{object_id}", { params: { path }, body: { title } }));
    else await take(api.DELETE("/api/v1/pins/{kind}/{object_id}", { params: { path } }));
    await cache.invalidateQueries({ key: KEY });
    return on;
  }

  return { pins, has, toggle };
}
