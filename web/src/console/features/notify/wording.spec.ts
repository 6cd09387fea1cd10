// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { useLanguage } from "#shared/i18n/index.ts";
import { plainParams, secondLine, sentence, target } from "./wording.ts";

beforeEach(() => useLanguage("zh-CN", () => Promise.resolve({})));

it("takes labels in the current language and leaves out what cannot be said", async () => {
  const params = { verb: { zh: "立案", en: "Register" }, number: "420117", version: 3, list: [1], none: null };
  expect(plainParams(params)).toEqual({ verb: "立案", number: "420117", version: "3" });
  await useLanguage("en", () => Promise.resolve({}));
  expect(plainParams(params)["verb"]).toBe("Register");
});

it("says which answer a request got, and leads a mention to the comments", () => {
  const about = (kind: string, params: Record<string, unknown>) => ({ kind, params, link: "/cases/1" });
  expect(sentence(about("case.request_decided", { approved: false }))).toBe("notify.kind.case_request_decided_refused");
  expect(sentence(about("case.overdue", {}))).toBe("notify.kind.case_overdue");
  expect(secondLine(about("x", { category: "井盖", address: "文昌大道", note: "" }))).toBe("井盖 · 文昌大道");
  expect(secondLine(about("x", { note: "请抓紧", address: "文昌大道", category: "井盖" }))).toBe("请抓紧 · 文昌大道");
  expect(target(about("comment.mentioned", {}))).toBe("/cases/1#comments");
  expect(target(about("case.urged", {}))).toBe("/cases/1");
});
