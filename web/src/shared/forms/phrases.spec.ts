import { expect, it } from "vitest";
import { fillPlaces, insertAt } from "./phrases.ts";
import { newer } from "./useDraft.ts";

it("fills the places of a phrase, and leaves a blank for what is not known", () => {
  expect(fillPlaces("已派{unit}到{address}，见{number}。", { unit: "水务局", number: "N1", address: "" })).toBe("已派水务局到____，见N1。");
});

it("puts a phrase at the cursor without running into what stands there", () => {
  expect(insertAt("已看", "属实。", 2, 2)).toEqual({ text: "已看 属实。", at: 6 });
  expect(insertAt("已看，后面", "属实。", 3, 3)).toEqual({ text: "已看，属实。后面", at: 6 });
  expect(insertAt("换掉", "属实。", 0, 2)).toEqual({ text: "属实。", at: 3 });
});

it("opens the newer draft, and asks when two windows have gone their own ways", () => {
  const server = { version: 2, body: { a: 1 } };
  expect(newer(null, server)).toBe("server");
  expect(newer({ body: { a: 2 }, version: 2 }, server)).toBe("local");
  expect(newer({ body: { a: 2 }, version: 1 }, server)).toBe("ask");
  expect(newer({ body: { a: 1 }, version: 1 }, server)).toBe("server");
});
