import { describe, expect, it } from "vitest";
import { ApiProblem, asProblem, problemFrom } from "./problem.ts";

describe("problemFrom", () => {
  it("reads code, parameters and the fields at fault", () => {
    const problem = problemFrom(422, {
      code: "invalid_input",
      detail: "有字段填写不正确。",
      params: { limit: 12, nested: { x: 1 } },
      errors: [{ field: "photos.0.slot", code: "wrong_slot", message: "照片类别与这一步不符。" }, "junk"],
    });
    expect(problem.code).toBe("invalid_input");
    expect(problem.params).toEqual({ limit: 12 });
    expect(problem.errors).toEqual([{ field: "photos.0.slot", code: "wrong_slot", message: "照片类别与这一步不符。" }]);
  });

  it("takes a lone field as its own error", () => {
    const problem = problemFrom(422, { code: "weak_password", detail: "太简单", field: "new", errors: [] });
    expect(problem.errors).toEqual([{ field: "new", code: "weak_password", message: "太简单" }]);
  });

  it("survives a body that is no problem document", () => {
    expect(problemFrom(502, "<html>").code).toBe("http_502");
    expect(problemFrom(500, { code: 7 }).code).toBe("http_500");
  });
});

describe("asProblem", () => {
  it("knows silence from abortion and from a fault of this page", () => {
    expect(asProblem(new TypeError("Failed to fetch")).unreachable).toBe(true);
    expect(asProblem(new DOMException("gone", "AbortError")).code).toBe("aborted");
    expect(asProblem(new RangeError("oops")).code).toBe("unexpected");
    const known = new ApiProblem(409, "case_changed");
    expect(asProblem(known)).toBe(known);
  });
});
