/** The server's own cases: what it says of a filled form is said here, too. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { check, failed, kept, visible, type Answers, type Fault, type Form } from "./rules.ts";
import { asNumber, score, written } from "./scoring.ts";

interface Case {
  form: string;
  answers: Answers;
  visible: string[];
  kept: Answers;
  faults: Fault[];
  failed: string[];
  score: { got: string; most: string } | null;
}

const file = new URL("../../../../../src/yiwang/core/forms/tests/cases.json", import.meta.url);
const { forms, cases } = JSON.parse(readFileSync(file, "utf8")) as { forms: Record<string, Form>; cases: Case[] };

function say(form: Form, answers: Answers): Omit<Case, "form" | "answers"> {
  const found = score(form, answers);
  return {
    visible: [...visible(form, answers)],
    kept: kept(form, answers),
    faults: check(form, answers),
    failed: failed(form, answers),
    score: found === null ? null : { got: written(found.got), most: written(found.most) },
  };
}

it("says of every case what the server says", () => {
  expect(cases.length).toBeGreaterThan(150);
  for (const { form, answers, ...expected } of cases) {
    const asked = forms[form];
    if (asked === undefined) throw new Error(form);
    expect(say(asked, answers), JSON.stringify(answers)).toEqual(expected);
  }
});

it("reads a fraction as the server writes it", () => {
  expect([asNumber("17/2"), asNumber("8"), asNumber("0")]).toEqual([8.5, 8, 0]);
});
