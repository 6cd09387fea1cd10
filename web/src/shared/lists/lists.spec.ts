import { describe, expect, it } from "vitest";
import { moved, shownColumns, toggled } from "./columns.ts";
import { clicked, sortOf, waysOf } from "./sorting.ts";

const KNOWN = ["number", "due_at", "street", "unit"];
const ways = (sort: string) => waysOf(sort, KNOWN);

describe("an order", () => {
  it("is read and written", () => {
    for (const sort of ["number", "-due_at", "street,-due_at,number"]) expect(sortOf(ways(sort))).toBe(sort);
  });
  it("loses what makes no sense", () => {
    expect(sortOf(ways("colour,-number,number,street,unit,due_at"))).toBe("-number,street,unit");
    expect(ways("")).toEqual([]);
  });
  it("is one column by a click, and turns round by the next", () => {
    const first = clicked(ways("number"), "due_at", false, false);
    expect(sortOf(first)).toBe("due_at");
    expect(sortOf(clicked(first, "due_at", false, false))).toBe("-due_at");
    expect(sortOf(clicked(ways("street,-due_at"), "street", false, false))).toBe("street");
  });
  it("grows by a click with Shift, turns round, and shrinks again", () => {
    const two = clicked(ways("street"), "due_at", true, true);
    expect(sortOf(two)).toBe("street,-due_at");
    const turned = clicked(two, "due_at", true, true);
    expect(sortOf(turned)).toBe("street,due_at");
    expect(sortOf(clicked(turned, "due_at", true, true))).toBe("street");
    expect(sortOf(clicked(ways("street,unit,number"), "due_at", false, true))).toBe("street,unit,due_at");
  });
});

describe("columns", () => {
  it("are the plain ones when nothing fit was kept", () => {
    for (const kept of [null, "number", [], ["colour"], [7]]) expect(shownColumns(kept, KNOWN, ["number"])).toEqual(["number"]);
    expect(shownColumns(["unit", "unit", "colour", "number"], KNOWN, ["number"])).toEqual(["unit", "number"]);
  });
  it("move within their row", () => {
    expect(moved(["a", "b", "c"], "b", -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], "c", 1)).toEqual(["a", "b", "c"]);
  });
  it("are shown and hidden, the last one stays", () => {
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
    expect(toggled(["a"], "a")).toEqual(["a"]);
  });
});
