import { expect, it } from "vitest";
import { csv, linkTable } from "./roster.ts";
import { browserOf, isAccountName } from "./staff.ts";

it("says which browser it was", () => {
  expect(browserOf("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0")).toBe("Edge · Windows");
  expect(browserOf("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36")).toBe("Chrome · Android");
  expect(browserOf("curl/8")).toBe("");
});

it("knows what an account may be called", () => {
  expect(["wang1", "li.na-2", "Wang", "1wang", "w", "王"].map(isAccountName)).toEqual([true, true, false, false, false, false]);
});

it("writes tables that Excel opens, and no formulas", () => {
  expect(csv([["=1+1", 'say "hi"']])).toBe('\ufeff"\'=1+1","say ""hi"""\r\n');
  expect(linkTable([{ name: "王一", username: "wang1", path: "/set-password#t" }], "https://here", ["a", "b", "c"])).toContain("https://here/set-password#t");
});
