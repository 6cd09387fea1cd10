import { expect, it } from "vitest";
import { nextTick, ref } from "vue";
import type { ActionField, BulkResult, CaseAction, CaseDetail, CaseRow } from "#shared/api/types.ts";
import { commonActions, outcomes, representatives } from "./bulk.ts";
import { useSelection } from "./composables/useSelection.ts";

const row = (id: string, state = "reported", pending = "", mine = "") => ({ id, state, pending_request: pending, to_decide: mine }) as CaseRow;
const field = (input: string, required: boolean) => ({ name: input, input, required }) as ActionField;
const action = (verb: string, ...fields: ActionField[]) => ({ verb, fields, task_id: "t", unit: { id: 1 } }) as unknown as CaseAction;
const detail = (...actions: CaseAction[]) => ({ actions }) as CaseDetail;

it("asks one row of each kind for its steps", () => {
  const rows = [row("1"), row("2"), row("3", "handling"), row("4", "handling", "extension"), row("5", "handling", "extension", "return")];
  expect(representatives(rows).map((one) => one.id)).toEqual(["1", "3", "4", "5"]);
});

it("offers what all can do and what can be given for all of them", () => {
  const note = field("text", true);
  const accept = action("accept", note, field("photos", false));
  const both = [detail(accept, action("register", field("condition", true)), action("x")), detail(accept, action("register", field("condition", true)))];
  expect(commonActions(both, true).map((one) => one.verb)).toEqual(["accept", "register"]);
  const [only, ...none] = commonActions(both, false);
  expect(none).toEqual([]);
  expect([only?.verb, only?.fields, only?.task_id]).toEqual(["accept", [note], null]);
  expect(commonActions([detail(action("report_done", field("photos", true)))], true)).toEqual([]);
});

it("tells what came of each, the refused first with their reason", () => {
  const problem = { status: 409, code: "case_changed", params: { actor: "胡敏" } } as unknown as BulkResult["problem"];
  const found = outcomes([row("1"), row("2"), row("3")], [
    { id: "1", ok: true } as BulkResult,
    { id: "2", ok: false, problem } as BulkResult,
  ]);
  expect(found.map((one) => [one.row.id, one.ok, one.problem?.code])).toEqual([
    ["2", false, "case_changed"],
    ["3", false, "http_0"],
    ["1", true, undefined],
  ]);
});

it("selects one by one, a range, and all; what leaves the list is no longer chosen", async () => {
  const rows = ref([row("1"), row("2"), row("3"), row("4")]);
  const { chosen, toggle, toggleAll, all, some } = useSelection(rows);
  toggle(0);
  toggle(2, true);
  expect(chosen.value.map((one) => one.id)).toEqual(["1", "2", "3"]);
  expect([all.value, some.value]).toEqual([false, true]);
  toggleAll();
  expect(all.value).toBe(true);
  rows.value = rows.value.slice(2);
  await nextTick();
  expect(chosen.value.map((one) => one.id)).toEqual(["3", "4"]);
  toggleAll();
  expect(chosen.value).toEqual([]);
});
