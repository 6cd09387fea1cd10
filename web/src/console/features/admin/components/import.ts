/** A table that something is brought in from: how it is sent, and what is wrong with a row in words. */
import type { components } from "#shared/api/schema.d.ts";
import { i18n } from "#shared/i18n/index.ts";
import { wordField } from "#shared/i18n/problem-words.ts";

export type ImportLine = Pick<components["schemas"]["RosterLine"], "line" | "became" | "faults">;

export interface ImportReport {
  new: number;
  posts: number;
  same: number;
  faulty: number;
  lines: ImportLine[];
}

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
export function whyOf(row: Pick<ImportLine, "faults">, columns: string): string[] {
  return row.faults.map((fault) => {
    const column = `${columns}.${fault.field}`;
    const words = wordField(fault);
    return te(column) || te(column, "zh-CN") ? t("admin.roster.at", { column: t(column), words }) : words;
  });
}
