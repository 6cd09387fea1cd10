// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { beforeEach, expect, it } from "vitest";
import { nextTick, ref } from "vue";
import { i18n, useLanguage, type Messages } from "#shared/i18n/index.ts";
import en from "#shared/i18n/locales/en.json";
import zh from "#shared/i18n/locales/zh-CN.json";
import DeclaredForm from "./DeclaredForm.vue";
import type { FilledForm } from "./filled.ts";
import FilledView from "./FilledView.vue";
import type { Form } from "./rules.ts";
import { written } from "./scoring.ts";
import { useDeclaredForm } from "./useDeclaredForm.ts";
import { wordAnswer, wordFault, wordPoints } from "./words.ts";

const say = (text: string) => ({ zh: text, en: text });
const FORM: Form = {
  key: "toilet",
  name: say("公厕"),
  purpose: say("检查"),
  sections: [
    {
      key: "open",
      name: say("开放"),
      fields: [
        { key: "open", label: say("开放吗"), kind: "yes_no", required: true, fails_on: false, points: 10 },
        { key: "why", label: say("为什么"), kind: "text", required: true, when: { field: "open", equals: false } },
      ],
    },
    { key: "clean", name: say("卫生"), fields: [{ key: "flies", label: say("苍蝇"), kind: "integer", deducts: 2, deducts_at_most: 6, when: { field: "open", equals: true } }], starts: 10 },
  ],
};

beforeEach(() => useLanguage("zh-CN", (language) => Promise.resolve((language === "en" ? en : zh) as Messages)));

it("asks what follows from the answers, and counts what is there", () => {
  const filling = useDeclaredForm(() => FORM);
  expect(filling.sections.value.map(({ section }) => section.key)).toEqual(["open"]);
  filling.set("open", true);
  expect(filling.sections.value.map(({ section, from }) => [section.key, from])).toEqual([["open", 1], ["clean", 2]]);
  filling.set("flies", 2);
  expect(filling.progress.value).toEqual({ done: 2, all: 2 });
  expect(filling.total.value && [written(filling.total.value.got), written(filling.total.value.most)]).toEqual(["16", "20"]);
});

it("says what is wrong once one has been there or tries to finish, and leads to the first", () => {
  const filling = useDeclaredForm(() => FORM, () => ({ open: false, stale: 1 }));
  expect(filling.fault("why")).toBeNull();
  filling.set("why", "  ");
  filling.touch("why");
  expect(filling.fault("why")).toBeNull();
  expect(filling.finish()).toBeNull();
  expect(filling.wanted.value?.key).toBe("why");
  expect(filling.fault("why")?.code).toBe("required");
  filling.set("why", "维修");
  expect(filling.finish()).toEqual({ open: false, why: "维修" });
  filling.reset();
  expect(filling.fault("open")).toBeNull();
});

it("begins anew with another form", async () => {
  const form = ref(FORM);
  const filling = useDeclaredForm(() => form.value);
  filling.set("open", true);
  form.value = { ...FORM, key: "other" };
  await nextTick();
  expect(filling.answers.value).toEqual({});
});

it("words faults, answers and points", () => {
  const [open, why] = FORM.sections[0]?.fields ?? [];
  const [flies] = FORM.sections[1]?.fields ?? [];
  if (open === undefined || why === undefined || flies === undefined) throw new Error();
  expect(wordFault({ field: "open", code: "required", params: {} }, open)).toBe("请选择");
  expect(wordFault({ field: "p", code: "slot_empty", params: { slot: "near" } })).toBe("还缺“近景”");
  expect([wordAnswer(open, false), wordAnswer(why, ""), wordAnswer({ ...flies, unit: say("只") }, 3)]).toEqual(["否", "", "3 只"]);
  expect([wordPoints(open), wordPoints(flies), wordPoints(why)]).toEqual(["10 分", "每处扣 2 分，最多扣 6 分", ""]);
});

it("is filled in with the keyboard's own radios and says what is missing", async () => {
  const filling = useDeclaredForm(() => FORM);
  const shown = mount(DeclaredForm, { props: { filling, trial: true }, global: { plugins: [i18n] } });
  filling.finish();
  await nextTick();
  expect(shown.find("[role=alert]").text()).toBe("请选择");
  await shown.find("input[value=no]").trigger("change");
  expect(filling.answers.value["open"]).toBe(false);
  expect(shown.findAll("[data-field]").map((one) => one.attributes("data-field"))).toEqual(["open", "why"]);
  expect(shown.find(".on.fails").text()).toBe("否");
});

it("is read with its findings marked", () => {
  const filled: FilledForm = {
    ...{ id: "1", key: "toilet", version: 1, edition: "local", form: FORM, answers: { open: false, why: "维修" } },
    ...{ score: { got: "0", most: "10" }, percent: "0.00", failed: ["open"], photos: [] },
    ...{ filled_by: "王明", filled_at: "2026-11-23T00:00:00Z", received_at: "2026-11-23T00:00:00Z" },
  };
  const shown = mount(FilledView, { props: { filled }, global: { plugins: [i18n], stubs: { teleport: true } } });
  expect(shown.findAll("dt").map((one) => one.text())).toEqual(["开放吗", "为什么"]);
  expect(shown.find(".finding dd").text()).toBe("否");
  expect(shown.text()).toContain("0 / 10 分");
  expect(shown.text()).toContain("1 项不合格");
});
