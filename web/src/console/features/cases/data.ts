import type { Sort } from "./filters.ts";

export interface Column {
  key: string;
  width: string;
  /** Orders that the server has an index for. */
  sorts?: Sort[];
}

export const COLUMNS: Column[] = [
  { key: "due", width: "156px", sorts: ["due_at"] },
  { key: "state", width: "96px" },
  { key: "matter", width: "auto" },
  { key: "place", width: "17%" },
  { key: "unit", width: "10%" },
  { key: "reported", width: "106px", sorts: ["-reported_at", "reported_at"] },
  { key: "number", width: "158px", sorts: ["-number", "number"] },
];
