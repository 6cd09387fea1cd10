/** What else may be the same matter as a case, likeliest first. */
import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";

export function useDuplicates(id: () => string) {
  return useQuery({
    key: () => ["cases", "duplicates", id()],
    query: () => take(api.GET("/api/v1/cases/{case_id}/duplicates", { params: { path: { case_id: id() } } })),
  });
}
