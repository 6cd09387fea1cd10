import { expect, it } from "vitest";
import { count, fileSize } from "./numbers.ts";

it("groups thousands and says when nobody counted further", () => {
  expect(count(0)).toBe("0");
  expect(count(1234)).toBe("1,234");
  expect(count(1000, true)).toBe("1,000+");
});

it("says sizes as people do", () => {
  expect(fileSize(10)).toBe("1 KB");
  expect(fileSize(300 * 1024)).toBe("300 KB");
  expect(fileSize(20 * 1024 * 1024)).toBe("20.0 MB");
});
