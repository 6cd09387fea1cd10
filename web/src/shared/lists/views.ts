/** The saved and shared views of a list. */
import { useQuery, useQueryCache } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";

export type SavedView = components["schemas"]["ViewOut"];

/** What a view keeps: the address bar's query of the list, and its columns (null: the plain ones). */
export interface Look {
  query: Record<string, string>;
  columns: string[] | null;
}

/** What another version of the page saved is read as far as it can be. */
export function lookOf(view: Pick<SavedView, "look">): Look {
  const { query, columns } = view.look as Partial<Look>;
  const texts = Object.entries(query ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return { query: Object.fromEntries(texts), columns: Array.isArray(columns) ? columns : null };
}

/** Whether two looks show the same: queries without regard to order. */
export function sameLook(one: Look, other: Look): boolean {
  const plain = (look: Look) => JSON.stringify([Object.entries(look.query).sort(([a], [b]) => (a < b ? -1 : 1)), look.columns]);
  return plain(one) === plain(other);
}

export function useViews(list: string) {
  const cache = useQueryCache();
  const key = ["views", list];
  const views = useQuery({
    key,
    query: async () => (await take(api.GET("/api/v1/views", { params: { query: { list } } }))).items,
    staleTime: 60_000,
  });

  async function then<T>(call: Promise<T>): Promise<T> {
    const answer = await call;
    await cache.invalidateQueries({ key });
    return answer;
  }

  return {
    views,
    save: (name: string, look: Look, sharing: { shared: boolean; unit_id: number | null }) =>
      then(take(api.POST("/api/v1/views", { body: { list_key: list, name, look: { ...look }, ...sharing } }))),
    change: (view: SavedView, name: string, look: Look) =>
      then(
        take(
          api.PUT("/api/v1/views/{view_id}", {
            params: { path: { view_id: view.id } },
            body: { name, look: { ...look }, expected_version: view.version },
          }),
        ),
      ),
    remove: (view: SavedView) => then(take(api.DELETE("/api/v1/views/{view_id}", { params: { path: { view_id: view.id } } }))),
  };
}
