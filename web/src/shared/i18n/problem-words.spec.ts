// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { ApiProblem, problemFrom } from "#shared/api/problem.ts";
import { i18n, useLanguage, type Messages } from "./index.ts";
import en from "./locales/en.json";
import zh from "./locales/zh-CN.json";
import { wordField, wordProblem } from "./problem-words.ts";

const load = (language: string) => Promise.resolve((language === "en" ? en : zh) as Messages);

beforeEach(() => useLanguage("zh-CN", load));

describe("wordProblem", () => {
  it("words by code and parameters, in the language of the person", async () => {
    const problem = problemFrom(401, { code: "wrong_credentials", detail: "错", params: { remaining: 2 } });
    expect(wordProblem(problem)).toBe("账号或密码不正确，还可以再试 2 次。");
    await useLanguage("en", load);
    expect(wordProblem(problem)).toContain("2 tries left");
  });

  it("turns seconds of waiting into minutes", () => {
    expect(wordProblem(new ApiProblem(429, "locked_out", { retry_after_s: 899 }))).toContain("15 分钟");
  });

  it("names the units that the server names, as the language lists them", async () => {
    const problem = problemFrom(422, { code: "which_task", params: { units: "水务局、城管局" } });
    expect(wordProblem(problem)).toContain("水务局、城管局");
    await useLanguage("en", load);
    expect(wordProblem(problem)).toContain("水务局, 城管局");
    expect(wordProblem(new ApiProblem(422, "which_task"))).toBe(i18n.global.t("problem.which_task"));
  });

  it("takes the server's sentence for a code that it does not know, and a plain one when there is none", () => {
    expect(wordProblem(new ApiProblem(422, "brand_new", {}, "服务器的话。"))).toBe("服务器的话。");
    expect(wordProblem(new ApiProblem(503, "http_503"))).toBe(i18n.global.t("problem.unreachable"));
    expect(wordProblem(new ApiProblem(503, "database_busy"))).toBe(i18n.global.t("problem.database_busy"));
    expect(wordProblem(new ApiProblem(500, "http_500"))).toContain("500");
  });
});

describe("wordField", () => {
  it("prefers our words, then the server's, then a general one", () => {
    expect(wordField({ field: "note", code: "required", message: "x" })).toBe("请填写这一项。");
    expect(wordField({ field: "note", code: "odd", message: "服务器的话。" })).toBe("服务器的话。");
    expect(wordField({ field: "note", code: "odd", message: "" })).toBe("这一项填写有误。");
  });
});
