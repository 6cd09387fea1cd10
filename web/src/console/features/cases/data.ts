import type { Sort } from "./filters.ts";

export interface Column {
  key: string;
  width: string;
  /** Orders that the server has an index for. */
  sorts?: Sort[];
}

export const COLUMNS: Column[] = [
  { key: "due", width: "168px", sorts: ["due_at"] },
  { key: "state", width: "104px" },
  { key: "matter", width: "auto" },
  { key: "place", width: "19%" },
  { key: "unit", width: "12%" },
  { key: "reported", width: "112px", sorts: ["-reported_at", "reported_at"] },
  { key: "number", width: "158px", sorts: ["-number", "number"] },
];
