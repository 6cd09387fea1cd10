/** The lines under the search box: hits, or what one looked at and keeps at hand; and the pages of the menu. */
import type { Component } from "vue";
import type { RouteLocationRaw } from "vue-router";
import type { components } from "#shared/api/schema.d.ts";
import type { FindKind } from "#shared/feature.ts";

export type Group = components["schemas"]["FoundGroup"];

export interface Line {
  key: string;
  icon: Component;
  title: string;
  line: string;
  state: string;
  to: RouteLocationRaw;
}

export interface Block {
  key: string;
  title: string;
  lines: Line[];
}

export interface Page {
  route: string;
  title: string;
  icon: Component;
}

type Word = (label: { zh: string; en: string }) => string;

const label = (given: Record<string, string>) => ({ zh: given["zh"] ?? "", en: given["en"] ?? "" });

/** What the server found, of the kinds that this page can show; with a last line to all of them where there are more. */
export function hitBlocks(groups: Group[], kinds: FindKind[], q: string, word: Word, t: (key: string) => string): Block[] {
  return groups.flatMap((group) => {
    const kind = kinds.find((one) => one.kind === group.kind);
    if (kind === undefined) return [];
    const lines = group.items.map((hit) => ({
      key: `${group.kind}-${hit.id}`,
      icon: kind.icon,
      title: word(label(hit.title)),
      line: hit.line,
      state: hit.state === null ? "" : word(label(hit.state)),
      to: kind.to(hit.id),
    }));
    if (group.more && kind.all !== undefined) {
      lines.push({ key: `${group.kind}-all`, icon: kind.icon, title: t("search.all"), line: "", state: "", to: kind.all(q) });
    }
    return [{ key: group.kind, title: t(kind.title), lines }];
  });
}

/** Pages of the menu whose name holds the words. */
export function pageLines(pages: Page[], q: string): Line[] {
  const wanted = q.toLocaleLowerCase();
  return pages
    .filter((page) => page.title.toLocaleLowerCase().includes(wanted))
    .slice(0, 5)
    .map((page) => ({ key: page.route, icon: page.icon, title: page.title, line: "", state: "", to: { name: page.route } }));
}
