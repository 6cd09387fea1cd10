/** What must hold for the words of an app: both languages whole, alike, and all that its code asks for. */
import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Messages } from "#shared/i18n/index.ts";

function leaves(tree: Messages, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(tree)) {
    const key = path === "" ? name : `${path}.${name}`;
    if (typeof value === "string") found.set(key, value);
    else if (Array.isArray(value)) value.forEach((item, index) => found.set(`${key}.${index}`, item));
    else leaves(value, key).forEach((text, inner) => found.set(inner, text));
  }
  return found;
}

const slots = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/** `app` is its folder beside `shared`; `zh` and `en` are all words that it loads. */
export function wordsHold(app: string, zh: Messages, en: Messages): void {
  const chinese = leaves(zh);
  const english = leaves(en);

  describe("languages", () => {
    it("have the same keys", () => {
      expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    });

    it("have the same gaps to fill in each wording", () => {
      const unlike = [...chinese].filter(([key, text]) => slots(text).join() !== slots(english.get(key) ?? "").join());
      expect(unlike.map(([key]) => key)).toEqual([]);
    });

    it("leave nothing empty, and no Chinese in English but the name of the other language", () => {
      expect([...chinese, ...english].filter(([, text]) => text.trim() === "")).toEqual([]);
      const han = [...english].filter(([key, text]) => /\p{Script=Han}/u.test(text) && key !== "app.other_language");
      expect(han).toEqual([]);
    });
  });

  describe("signs with a meaning of their own", () => {
    it("are written as such: {'@'}", () => {
      const odd = [...chinese, ...english].filter(([, text]) => /[@|]/.test(text.replaceAll(/\{'[^']*'\}/g, "")));
      expect(odd.map(([key]) => key)).toEqual([]);
    });
  });

  describe("wordings asked for", () => {
    const folders = `src/{shared,${app}}/**/*.{ts,vue}`;
    const sources = globSync(folders, { exclude: ["**/*.spec.ts", "**/schema.d.ts"] });
    const asked = sources.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\bt\(\s*["'`]([a-z_]+(?:\.[a-z_0-9]+)+)["'`]/g)].map((match) => [
        match[1] ?? "",
        file,
      ]),
    );

    it("are many, and all exist", () => {
      expect(asked.length).toBeGreaterThan(100);
      expect(asked.filter(([key]) => !chinese.has(key ?? ""))).toEqual([]);
    });

    it("stand in the code as keys, not as Chinese sentences", () => {
      const worded = sources
        .filter((file) => file.endsWith(".vue"))
        .filter((file) => {
          const template = /<template>([\s\S]*)<\/template>/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
          return /\p{Script=Han}/u.test(template.replaceAll(/简体中文|语言 Language/g, ""));
        });
      expect(worded).toEqual([]);
    });
  });
}
