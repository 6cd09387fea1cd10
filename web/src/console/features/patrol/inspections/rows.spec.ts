import { describe, expect, it } from "vitest";
import { readRows } from "./rows.ts";

describe("a list copied from a table", () => {
  it("passes a heading and empty lines over, and names lines that are no row", () => {
    const read = readRows("名称\t经度\t纬度\n公厕一\t114.80\t30.86\t邾城街\n\n公厕二,114.81,30.87\n公厕三\t东\t30");
    expect(read.rows).toEqual([
      { name: "公厕一", lon: 114.8, lat: 30.86, address: "邾城街" },
      { name: "公厕二", lon: 114.81, lat: 30.87, address: "" },
    ]);
    expect(read.faults).toEqual([5]);
  });

  it("takes no place outside the world", () => {
    expect(readRows("a,200,30").faults).toEqual([1]);
  });
});
