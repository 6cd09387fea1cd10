import { expect, it } from "vitest";
import { kindOf } from "./kinds.ts";

const HERE = "https://yiwang.example.org";
const kind = (path: string, { method = "GET", isPage = false } = {}) => kindOf(method, new URL(path, HERE), isPage, HERE);

it.each([
  ["/m/", { isPage: true }, "page"],
  ["/m/cases/1?from=home", { isPage: true }, "page"],
  ["/m/assets/index-abc12345.js", {}, "part"],
  ["/m/icon.svg", {}, "file"],
  ["/api/v1/cases", {}, "elsewhere"],
  ["/", { isPage: true }, "elsewhere"],
  ["/m/", { method: "POST" }, "elsewhere"],
  ["https://other.example.org/m/", {}, "elsewhere"],
])("%s %j is %s", (path, how, expected) => {
  expect(kind(path, how)).toBe(expected);
});
