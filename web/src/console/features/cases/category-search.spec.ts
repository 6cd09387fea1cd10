import { describe, expect, it } from "vitest";
import type { Category } from "#shared/api/types.ts";
import { search } from "./category-search.ts";

function category(key: string, zh: string, words = ""): Category {
  return {
    key,
    kind: "event",
    zh,
    en: key,
    major: { code: "01", zh: "市容环境", en: "City appearance" },
    code: null,
    search: words,
    conditions: [],
  } as unknown as Category;
}

const all = [
  category("waste", "暴露生活垃圾", "垃圾堆 没人清运 blsh"),
  category("cover", "污水井盖", "井盖 下水道盖"),
  category("lamp", "路灯", "路灯不亮 灯坏了"),
];
const keys = (text: string) => search(all, text).map((found) => found.key);

describe("finding a class of cases", () => {
  it("takes the name, its words, and initials", () => {
    expect(keys("井盖")).toEqual(["cover"]);
    expect(keys("灯坏了")).toEqual(["lamp"]);
    expect(keys("BLSH")).toEqual(["waste"]);
  });

  it("wants every word", () => {
    expect(keys("路灯 井盖")).not.toContain("waste");
    expect(keys("垃圾 没人")).toEqual(["waste"]);
  });

  it("finds the nearest when nothing contains what was typed", () => {
    expect(keys("暴露垃圾")).toEqual(["waste"]);
    expect(keys("小区井盖破了")).toEqual(["cover"]);
  });

  it("finds nothing when nothing is shared", () => {
    expect(keys("飞机")).toEqual([]);
  });
});
