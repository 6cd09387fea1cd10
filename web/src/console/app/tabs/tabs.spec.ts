import { describe, expect, it } from "vitest";
import { beside, closed, following, HOME, kept, living, MOST_LIVING, MOST_TABS, pinned, restored, tooMany, visited, type Place, type Tab } from "./tabs.ts";

const place = (key: string, at = key): Place => ({ key, at, title: `title.${key}`, stays: key === "/cases" });
const home = place(HOME);
const keys = (tabs: readonly Tab[]) => tabs.map((tab) => tab.key).join(" ");

/** Opens one after the other; "=" before a key: it replaces the one before. */
function walk(...ways: string[]): Tab[] {
  let tabs = restored(null, "me", home);
  let before = "";
  for (const way of ways) {
    const key = way.replace("=", "");
    tabs = visited(tabs, place(key), { key: before, replaced: way.startsWith("=") });
    before = key;
  }
  return tabs;
}

describe("opening", () => {
  it("puts a new page behind the others, and finds the one that is open", () => {
    expect(keys(walk("/", "/cases", "/cases/1", "/cases"))).toBe("/ /cases /cases/1");
    const [, list] = visited(walk("/", "/cases"), place("/cases", "/cases?tab=mine"), { key: "/", replaced: false });
    expect(list).toMatchObject({ at: "/cases?tab=mine", page: expect.any(Number) });
  });
  it("stays in the tab for what replaces its page: the next case", () => {
    const one = walk("/", "/cases", "/cases/1");
    const next = visited(one, place("/cases/2"), { key: "/cases/1", replaced: true });
    expect(keys(next)).toBe("/ /cases /cases/2");
    expect(next[2]).toMatchObject({ page: one[2]?.page, name: "" });
  });
  it("closes what is replaced by a page that is open; the first and the pinned stay", () => {
    expect(keys(walk("/", "/cases", "/edit", "=/cases"))).toBe("/ /cases");
    expect(keys(walk("/", "=/cases"))).toBe("/ /cases");
    const fixed = pinned(walk("/", "/cases/1"), "/cases/1", true);
    expect(keys(visited(fixed, place("/cases/2"), { key: "/cases/1", replaced: true }))).toBe("/ /cases/1 /cases/2");
  });
  it("gives up the one that was not looked at for longest, unless it must stay", () => {
    const many = walk("/", ...Array.from({ length: MOST_TABS }, (_, n) => `/${n}`));
    expect(tooMany(many, () => true)?.key).toBe("/0");
    expect(tooMany(many, (tab) => tab.key !== "/0")?.key).toBe("/1");
    expect(tooMany(pinned(many, "/0", true), () => true)?.key).toBe("/1");
    expect(tooMany(many.slice(1), () => true)).toBeUndefined();
  });
});

describe("closing", () => {
  const tabs = pinned(walk("/", "/a", "/b", "/c", "/d"), "/d", true);
  it("takes what is meant", () => {
    expect(keys(tabs)).toBe("/ /d /a /b /c");
    expect(keys(closed(tabs, "/b", "this"))).toBe("/b");
    expect(keys(closed(tabs, "/d", "this"))).toBe("/d");
    expect(keys(closed(tabs, "/b", "others"))).toBe("/a /c");
    expect(keys(closed(tabs, "/a", "right"))).toBe("/b /c");
    expect(keys(closed(tabs, "/", "all"))).toBe("/a /b /c");
    expect(closed(tabs, "/", "this")).toEqual([]);
  });
  it("leads back to what was looked at before", () => {
    expect(following(walk("/", "/a", "/b", "/a", "/c").filter((tab) => tab.key !== "/c"))?.key).toBe("/a");
  });
});

describe("order", () => {
  const tabs = walk("/", "/a", "/b");
  it("goes round", () => {
    expect([beside(tabs, "/b", 1)?.key, beside(tabs, "/", -1)?.key, beside(tabs, "/a", 1)?.key]).toEqual(["/", "/b", "/b"]);
  });
  it("has the pinned behind the first", () => {
    const both = pinned(pinned(tabs, "/b", true), "/a", true);
    expect(keys(both)).toBe("/ /b /a");
    expect(keys(pinned(both, "/b", false))).toBe("/ /a /b");
    expect(pinned(tabs, "/", true)).toEqual(tabs);
  });
});

describe("pages", () => {
  it("live on as long as they are among the last that were looked at", () => {
    const many = walk("/", ...Array.from({ length: MOST_LIVING }, (_, n) => `/${n}`));
    expect(living(many)).toHaveLength(MOST_LIVING);
    expect(living(many)).not.toContain(many[0]?.page);
    expect(living(many)[0]).toBe(many.at(-1)?.page);
  });
  it("do not live before they are looked at", () => {
    const back = restored(kept(walk("/", "/a", "/b"), "me"), "me", home);
    expect(keys(back)).toBe("/ /a /b");
    expect(living(back)).toEqual([]);
  });
});

describe("a reload of the window", () => {
  it("brings back names, order and pins", () => {
    const before = pinned(walk("/", "/a", "/cases"), "/cases", true).map((tab) => ({ ...tab, name: `of ${tab.key}` }));
    const plain = (tabs: readonly Tab[]) => tabs.slice(1).map(({ key, at, name, pinned: on, stays }) => [key, at, name, on, stays]);
    expect(plain(restored(kept(before, "me"), "me", home))).toEqual(plain(before));
  });
  it("brings back nothing of somebody else, and nothing odd", () => {
    const text = kept(walk("/", "/a"), "me");
    for (const odd of [text, null, "{", "[]", '{"person":"you","tabs":[null,{"key":"/x"},{"key":"/x","at":"//evil","title":1,"name":""}]}']) {
      expect(keys(restored(odd, "you", home))).toBe("/");
    }
  });
});
