/** People brought in from a table: tables to take away. */
import type { components } from "#shared/api/schema.d.ts";
import { whyOf } from "../components/import.ts";

export type RosterReport = components["schemas"]["RosterReport"];
type Line = RosterReport["lines"][number];

/** Cells as CSV that Excel opens with the right letters; what begins like a formula is kept a text. */
export function csv(rows: string[][]): string {
  const cell = (text: string) => `"${(/^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

export const linkTable = (links: RosterReport["links"], origin: string, head: string[]): string =>
  csv([head, ...links.map((one) => [one.name, one.username, `${origin}${one.path}`])]);

export const faultyTable = (lines: Line[], head: string[]): string =>
  csv([head, ...lines.filter((row) => row.became === "fault").map((row) => [String(row.line), row.name, row.username, row.unit, row.post, whyOf(row, "admin.roster.column").join(" ")])]);

export function saveText(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
