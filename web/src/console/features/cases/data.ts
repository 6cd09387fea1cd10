import type { Sort } from "./filters.ts";

export interface Column {
  key: string;
  /** Orders that the server has an index for. */
  sorts?: Sort[];
}

export const COLUMNS: Column[] = [
  { key: "due", sorts: ["due_at"] },
  { key: "state" },
  { key: "matter" },
  { key: "place" },
  { key: "unit" },
  { key: "reported", sorts: ["-reported_at", "reported_at"] },
  { key: "number", sorts: ["-number", "number"] },
];
