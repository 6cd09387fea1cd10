/** The columns of the list of cases. */

export interface Column {
  key: string;
  /** What the server sorts by, and whether the first click is downwards. */
  sort?: string;
  down?: boolean;
  /** The columns of a table that hold what is seen here. */
  written: string[];
}

export const COLUMNS: Column[] = [
  { key: "due", sort: "due_at", written: ["light", "due_at"] },
  { key: "state", sort: "state", written: ["state"] },
  { key: "matter", sort: "category", written: ["category", "description", "rework_count", "pending_request"] },
  { key: "place", sort: "street", written: ["street", "community", "address"] },
  { key: "unit", sort: "unit", written: ["unit"] },
  { key: "reported", sort: "reported_at", down: true, written: ["reported_at"] },
  { key: "number", sort: "number", down: true, written: ["number"] },
  { key: "source", written: ["source"] },
  { key: "registered", written: ["registered_at"] },
  { key: "ended", written: ["ended_at"] },
];

export const KNOWN = COLUMNS.map((column) => column.key);
export const PLAIN = KNOWN.slice(0, 7);
export const SORTABLE = COLUMNS.flatMap((column) => column.sort ?? []);
export const columnOf = new Map(COLUMNS.map((column) => [column.key, column]));

/** Of the 19 digits those that differ in practice: month and day, and the serial of the day. */
export const shortNumber = (number: string): string => `${number.slice(-9, -5)}-${number.slice(-5)}`;
