/** People brought in from a table: what is wrong with a row in words, and tables to take away. */
import type { components } from "#shared/api/schema.d.ts";
import { i18n } from "#shared/i18n/index.ts";
import { wordField } from "#shared/i18n/problem-words.ts";

export type RosterReport = components["schemas"]["RosterReport"];
type Line = RosterReport["lines"][number];
type Faulty = Pick<Line, "faults">;

const { t, te } = i18n.global;

/** A table as it is sent. */
export function formOf(file: File) {
  return {
    body: { file: file as unknown as string },
    bodySerializer: () => {
      const data = new FormData();
      data.append("file", file);
      return data;
    },
  };
}

/** What is wrong, each with the column that it stands in. */
export function whyOf(row: Faulty, columns = "admin.roster.column"): string[] {
  return row.faults.map((fault) => {
    const column = `${columns}.${fault.field}`;
    const words = wordField(fault);
    return te(column) || te(column, "zh-CN") ? t("admin.roster.at", { column: t(column), words }) : words;
  });
}

/** Cells as CSV that Excel opens with the right letters; what begins like a formula is kept a text. */
export function csv(rows: string[][]): string {
  const cell = (text: string) => `"${(/^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

export const linkTable = (links: RosterReport["links"], origin: string, head: string[]): string =>
  csv([head, ...links.map((one) => [one.name, one.username, `${origin}${one.path}`])]);

export const faultyTable = (lines: Line[], head: string[]): string =>
  csv([head, ...lines.filter((row) => row.became === "fault").map((row) => [String(row.line), row.name, row.username, row.unit, row.post, whyOf(row).join(" ")])]);

export function saveText(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
