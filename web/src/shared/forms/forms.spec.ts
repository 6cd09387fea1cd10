// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { ApiProblem } from "#shared/api/problem.ts";
import { useLanguage, type Messages } from "#shared/i18n/index.ts";
import zh from "#shared/i18n/locales/zh-CN.json";
import { useFieldErrors } from "./field-errors.ts";
import { treeOf } from "./trees.ts";

beforeEach(() => useLanguage("zh-CN", () => Promise.resolve(zh as Messages)));

describe("useFieldErrors", () => {
  const faults = [
    { field: "photos.0.slot", code: "wrong_slot", message: "照片类别与这一步不符。" },
    { field: "expected_version", code: "odd", message: "版本不对。" },
  ];

  it("puts each fault to its field and the rest to the form", () => {
    const { errors, show } = useFieldErrors();
    show(new ApiProblem(422, "invalid_input", {}, "x", faults), ["note", "photos"]);
    expect(errors.fields).toEqual({ photos: "照片类别与这一步不符。" });
    expect(errors.general).toBe("版本不对。");
  });

  it("words a refusal without fields as a whole, and forgets one field at a time", () => {
    const { errors, show, clear } = useFieldErrors();
    show(new ApiProblem(403, "forbidden"), ["note"]);
    expect(errors.general).toBe("您的岗位没有这项权限。");
    show(new ApiProblem(422, "invalid_input", {}, "x", [{ field: "note", code: "required", message: "" }]), ["note"]);
    expect(errors.general).toBe("");
    clear("note");
    expect(errors.fields).toEqual({});
  });
});

describe("treeOf", () => {
  it("hangs rows under their parents and keeps orphans at the top", () => {
    const tree = treeOf([
      { value: "1", parent: null, label: "甲" },
      { value: "2", parent: "1", label: "乙", disabled: true },
      { value: "3", parent: "9", label: "丙" },
    ]);
    expect(tree).toEqual([
      { value: "1", label: "甲", children: [{ value: "2", label: "乙", disabled: true }] },
      { value: "3", label: "丙" },
    ]);
  });
});
