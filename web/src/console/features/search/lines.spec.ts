import { Star } from "@lucide/vue";
import { describe, expect, it } from "vitest";
import type { FindKind } from "#shared/feature.ts";
import { added, MOST_SEEN } from "#shared/find/recent.ts";
import { aroundOf } from "#shared/find/trail.ts";
import { hitBlocks, pageLines, type Group } from "./lines.ts";

const kinds: FindKind[] = [
  { kind: "case", icon: Star, title: "cases", to: (id) => `/cases/${id}`, all: (q) => `/cases?q=${q}` },
  { kind: "area", icon: Star, title: "areas", to: (id) => `/areas/${id}` },
];
const hit = (id: string) => ({ id, title: { zh: `题${id}`, en: `T${id}` }, line: "行", state: { zh: "办", en: "open" } });
const groups: Group[] = [
  { kind: "case", items: [hit("1"), hit("2")], more: true },
  { kind: "star", items: [hit("9")], more: false },
  { kind: "area", items: [hit("3")], more: true },
];

describe("lines of the search box", () => {
  it("are the hits of the kinds that are known, with a way to all of them", () => {
    const blocks = hitBlocks(groups, kinds, "垃圾", (label) => label.zh, (key) => key);
    expect(blocks.map((block) => [block.title, block.lines.map((line) => line.title)])).toEqual([
      ["cases", ["题1", "题2", "search.all"]],
      ["areas", ["题3"]],
    ]);
    expect(blocks[0]?.lines.map((line) => line.to)).toEqual(["/cases/1", "/cases/2", "/cases?q=垃圾"]);
    expect(blocks[0]?.lines[0]?.state).toBe("办");
  });
  it("are pages by a part of their name", () => {
    const pages = [{ route: "a", title: "案件列表", icon: Star }, { route: "b", title: "Map", icon: Star }];
    expect(pageLines(pages, "列表").map((line) => line.key)).toEqual(["a"]);
    expect(pageLines(pages, "MA").map((line) => line.key)).toEqual(["b"]);
  });
});

describe("what one looked at", () => {
  it("stands once, the newest first, and not without end", () => {
    const one = (id: string) => ({ kind: "case", id, title: id });
    expect(added([one("1"), one("2")], one("2")).map((seen) => seen.id)).toEqual(["2", "1"]);
    const many = Array.from({ length: MOST_SEEN }, (_, n) => one(String(n)));
    expect(added(many, one("x"))).toHaveLength(MOST_SEEN);
  });
});

describe("the list that one came from", () => {
  it("tells what stands before and after", () => {
    expect(aroundOf("b", ["a", "b", "c"])).toEqual({ before: "a", after: "c", place: 2, length: 3 });
    expect(aroundOf("a", ["a"])).toEqual({ before: null, after: null, place: 1, length: 1 });
    expect(aroundOf("x", ["a"])).toBeNull();
  });
});
