// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { useLanguage } from "#shared/i18n/index.ts";
import { plainParams } from "./wording.ts";

beforeEach(() => useLanguage("zh-CN", () => Promise.resolve({})));

it("takes labels in the current language and leaves out what cannot be said", async () => {
  const params = { verb: { zh: "立案", en: "Register" }, number: "420117", version: 3, list: [1], none: null };
  expect(plainParams(params)).toEqual({ verb: "立案", number: "420117", version: "3" });
  await useLanguage("en", () => Promise.resolve({}));
  expect(plainParams(params)["verb"]).toBe("Register");
});
