// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { Category } from "#shared/api/types.ts";
import { byMajor, recentKeys, remember, search } from "./category-search.ts";

function category(key: string, kind: string, zh: string, en: string, words: string, major = "01"): Category {
  return { key, kind, zh, en, search: words, major: { code: major, zh: "公用设施", en: "Utilities" }, code: null } as Category;
}

const sewage = category("sewage", "component", "污水井盖", "Sewage manhole cover", "污水井盖 窨井盖 wsjg wushuijinggai");
const storm = category("storm", "component", "雨水井盖", "Storm-water manhole cover", "雨水井盖 ysjg yushuijinggai");
const waste = category("waste", "event", "暴露生活垃圾", "Exposed waste", "暴露生活垃圾 垃圾成堆 blshlj");
const all = [storm, waste, sewage];
const keys = (text: string) => search(all, text).map((found) => found.key);

describe("search", () => {
  it("finds by name, by what people say, by pinyin and by initials", () => {
    expect(keys("井盖")).toEqual(["storm", "sewage"]);
    expect(keys("窨井")).toEqual(["sewage"]);
    expect(keys("wsjg")).toEqual(["sewage"]);
    expect(keys("WUSHUI")).toEqual(["sewage"]);
    expect(keys("exposed")).toEqual(["waste"]);
  });

  it("wants every word, and puts names that begin with it first", () => {
    expect(keys("雨水 井盖")).toEqual(["storm"]);
    expect(keys("污水")[0]).toBe("sewage");
  });
});

describe("when nothing contains what was typed", () => {
  it("finds the nearest", () => {
    expect(keys("暴露垃圾")).toEqual(["waste"]);
    expect(keys("小区窨井盖破了")[0]).toBe("sewage");
  });

  it("finds nothing when nothing is shared", () => {
    expect(keys("飞机")).toEqual([]);
  });
});

it("browses events before components", () => {
  expect(byMajor(all).map((group) => [group.kind, group.items.length])).toEqual([
    ["event", 1],
    ["component", 2],
  ]);
});

describe("recent classes", () => {
  beforeEach(() => localStorage.clear());

  it("are the last six, newest first, each once", () => {
    for (const key of ["a", "b", "c", "a", "d", "e", "f", "g"]) remember(key);
    expect(recentKeys()).toEqual(["g", "f", "e", "d", "a", "c"]);
  });
});
