// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { begins, isForField, meant, pressed, type Key } from "./keys.ts";

const key = (keys: string, told = false): Key => ({ keys, title: keys, run: () => undefined, told });
const KEYS = [key("g l"), key("l"), key("j"), key("/", true), key("j")];
const press = (name: string, more: object = {}) => pressed({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more });

describe("keys", () => {
  it("are written as they are pressed; the arrows are J and K", () => {
    expect([press("J"), press("ArrowDown"), press("ArrowUp"), press("Enter"), press("?")]).toEqual(["j", "j", "k", "Enter", "?"]);
    expect(press("k", { ctrlKey: true })).toBe("");
  });
  it("mean two after each other before one, and the newest page", () => {
    expect(meant(KEYS, "g", "l")).toBe(KEYS[0]);
    expect(meant(KEYS, "", "l")).toBe(KEYS[1]);
    expect(meant(KEYS, "x", "j")).toBe(KEYS[4]);
    expect(meant(KEYS, "", "/")).toBeUndefined();
    expect(begins(KEYS, "g")).toBe(true);
    expect(begins(KEYS, "l")).toBe(false);
  });
  it("belong to a field where one is", () => {
    document.body.innerHTML = "<input><input type=checkbox><button>x</button><div class=el-drawer><p></p></div><section></section>";
    const at = (selector: string) => document.querySelector(selector);
    expect(isForField(at("input"), "j")).toBe(true);
    expect(isForField(at("[type=checkbox]"), "j")).toBe(false);
    expect(isForField(at("button"), "j")).toBe(false);
    expect(isForField(at("button"), "Enter")).toBe(true);
    expect(isForField(at(".el-drawer p"), "1")).toBe(true);
    expect(isForField(at("section"), "Enter")).toBe(false);
  });
});
