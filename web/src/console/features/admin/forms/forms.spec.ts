/** A form in the making: places move as one expects, nothing is lost, conditions read as they were written. */
import { describe, expect, it } from "vitest";
import { fieldsOf, type Form, type When } from "#shared/forms/declared/rules.ts";
import { addField, addSection, asKind, copyField, earlier, fieldAt, freshForm, freshKey, move, placeOf, remove, step } from "./edit.ts";
import { freshRow, rowsOf, testsOf, whenOf } from "./when.ts";

const say = (text: string) => ({ zh: text, en: text });
const field = (key: string) => ({ key, label: say(key), kind: "text" as const });
const FORM: Form = {
  ...{ key: "f", name: say("表"), purpose: say("用") },
  sections: [
    { key: "one", name: say("一"), fields: [field("a"), field("b")] },
    { key: "two", name: say("二"), fields: [field("c")] },
  ],
};
const order = (form: Form) => form.sections.map(({ key, fields }) => [key, ...fields.map((one) => one.key)].join(" "));

describe("places", () => {
  it("go up and down, over into the section beside, and stay at the ends", () => {
    expect(order(step(FORM, { section: 0, field: 1 }, -1).form)).toEqual(["one b a", "two c"]);
    const over = step(FORM, { section: 0, field: 1 }, 1);
    expect([order(over.form), over.at]).toEqual([["one a", "two b c"], { section: 1, field: 0 }]);
    expect(order(step(FORM, { section: 1, field: 0 }, -1).form)).toEqual(["one a b c", "two"]);
    expect(step(FORM, { section: 0, field: 0 }, -1).form).toBe(FORM);
    expect(order(step(FORM, { section: 0 }, 1).form)).toEqual(["two c", "one a b"]);
  });

  it("are dragged before what they are dropped on", () => {
    const moved = move(FORM, { section: 0, field: 0 }, { section: 1, field: 0 });
    expect([order(moved.form), moved.at]).toEqual([["one b", "two a c"], { section: 1, field: 0 }]);
    expect(order(move(FORM, { section: 0, field: 1 }, { section: 0, field: 0 }).form)).toEqual(["one b a", "two c"]);
    expect(order(move(FORM, { section: 1 }, { section: 0 }).form)).toEqual(["two c", "one a b"]);
  });

  it("are found by what the server says of them", () => {
    expect(placeOf("sections.0.fields.2.when.all_of.1")).toEqual({ section: 0, field: 2 });
    expect(placeOf("sections.1.name")).toEqual({ section: 1 });
    expect(placeOf("name")).toBeNull();
  });
});

describe("changes", () => {
  it("add questions under keys of their own and leave the old form as it was", () => {
    const before = JSON.stringify(FORM);
    const added = addField(FORM, { section: 0, field: 0 }, "choice");
    expect(fieldAt(added.form, added.at)?.options).toHaveLength(2);
    const copied = copyField(added.form, added.at);
    const keys = fieldsOf(addSection(copied.form).form).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(order(remove(FORM, { section: 0, field: 0 }))).toEqual(["one b", "two c"]);
    expect(JSON.stringify(FORM)).toBe(before);
    expect(freshKey(freshForm("x", say("新")), "q")).toBe("q2");
  });

  it("drop what another kind does not have, and keep what it has too", () => {
    const counted = { ...field("n"), kind: "integer" as const, unit: say("处"), deducts: 2, hint: say("数一数") };
    expect(asKind(counted, "number")).toMatchObject({ key: "n", unit: say("处"), hint: say("数一数") });
    expect(asKind(counted, "number")).not.toHaveProperty("deducts");
    expect(asKind(counted, "photo")).not.toHaveProperty("unit");
  });
});

describe("conditions", () => {
  const leaf: When = { field: "a", equals: true };

  it("are rows, and what they were", () => {
    const whens: (When | null)[] = [null, leaf, { any_of: [leaf, { field: "b", among: ["x"] }] }, { all_of: [leaf, { field: "c", filled: false }] }];
    for (const when of whens) {
      const rows = rowsOf(when);
      expect(rows && whenOf(rows)).toEqual(when);
    }
    expect(rowsOf({ all_of: [leaf, { any_of: [leaf, leaf] }] })).toBeNull();
  });

  it("ask what fits the earlier question", () => {
    expect(earlier(FORM, { section: 1, field: 0 }).map(({ key }) => key)).toEqual(["a", "b"]);
    expect(testsOf({ ...field("y"), kind: "yes_no" })[0]).toBe("equals");
    expect(freshRow({ ...field("y"), kind: "choices", options: [{ code: "x", label: say("x") }] })).toEqual({ field: "y", test: "among", value: ["x"] });
  });
});
