import { useQuery } from "@pinia/colada";
import { api, take } from "#shared/api/client.ts";
import { useCaseEvents } from "./useCaseEvents.ts";

/** The figures of the workbench and the list's tabs. */
export function useSummary() {
  const summary = useQuery({
    key: ["cases", "summary"],
    query: () => take(api.GET("/api/v1/cases/summary")),
  });
  useCaseEvents(() => void summary.refetch());
  return summary;
}
