// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { beforeEach, expect, it, vi } from "vitest";
import { i18n, useLanguage, type Messages } from "#shared/i18n/index.ts";
import RequestRules from "./categories/RequestRules.vue";
import StandingIn from "./components/StandingIn.vue";
import en from "./locales/en.json";
import zh from "./locales/zh-CN.json";

const posts = ["Li", "Wu"].map((name) => ({ on_behalf_of: { name } }));
vi.mock("#shared/auth/session.ts", () => ({ useSession: () => ({ session: { posts } }) }));

const load = (language: string) => Promise.resolve((language === "en" ? en : zh) as Messages);
const show = (component: object, props = {}) => mount(component, { props, global: { plugins: [i18n], stubs: { RouterLink: { template: "<a><slot /></a>" } } } });
const rules = [["return", { most: 0, evidence: true, before_due: false, longest_days: null, also: [] }]];

beforeEach(() => useLanguage("zh-CN", load));

it("writes several things one after another as the language does", async () => {
  expect(show(StandingIn).attributes("title")).toContain("Li、Wu");
  expect(show(RequestRules, { rules }).find("span").text()).toContain("、");
  await useLanguage("en", load);
  expect(show(StandingIn).attributes("title")).toContain("Li, Wu");
  expect(show(RequestRules, { rules }).find("span").text()).not.toMatch(/[、；]/);
});
