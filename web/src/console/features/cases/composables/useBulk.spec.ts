// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import { ApiProblem } from "#shared/api/problem.ts";
import type { BulkResult, CaseAction, CaseRow } from "#shared/api/types.ts";
import { useBulk } from "./useBulk.ts";

interface Sent {
  headers: Record<string, string>;
  body: { note: string; items: { id: string; expected_version: number }[] };
}

/** A server that answers what it is told to, in turn, and keeps what it was sent. */
const server = { answers: [] as (BulkResult[] | ApiProblem)[], sent: [] as Sent[], looked: [] as string[] };

vi.mock("#shared/api/client.ts", () => ({
  take: <T>(call: Promise<T>) => call,
  api: {
    POST: (_path: string, sent: Sent) => {
      server.sent.push(structuredClone(sent));
      const answer = server.answers.shift() ?? [];
      return answer instanceof ApiProblem ? Promise.reject(answer) : Promise.resolve({ results: answer });
    },
    GET: (_path: string, { params }: { params: { path: { case_id: string } } }) => {
      server.looked.push(params.path.case_id);
      return Promise.resolve({ ...row(params.path.case_id), version: 9 });
    },
  },
}));

const row = (id: string) => ({ id, version: 1 }) as CaseRow;
const action = { verb: "urge", task_id: null, fields: [{ name: "note", input: "text", required: true }] } as unknown as CaseAction;
const silence = new ApiProblem(0, "unreachable");
const good = (id: string) => ({ id, ok: true }) as BulkResult;
const bad = (id: string, code: string, status: number, retryable = false) =>
  ({ id, ok: false, retryable, problem: { code, status } }) as unknown as BulkResult;
const keys = () => server.sent.map((one) => one.headers["Idempotency-Key"]);
const items = (turn: number) => server.sent[turn]?.body.items.map((item) => [item.id, item.expected_version]);

beforeEach(() => Object.assign(server, { answers: [], sent: [], looked: [] }));

function filled(...ids: string[]) {
  const bulk = useBulk(action, ids.map(row));
  bulk.form.note = "请尽快";
  return bulk;
}

it("sends the same form again as the same attempt, and an edited one as a new attempt", async () => {
  const bulk = filled("1");
  server.answers = [silence, silence, [good("1")]];
  await bulk.submit();
  expect(bulk.errors.general).not.toBe("");
  await bulk.submit();
  bulk.form.note = "请今天办";
  await bulk.submit();
  const [first, second, third] = keys();
  expect(first).toBeTruthy();
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

it("looks only at cases that were changed, and sends the others as they were under the same key", async () => {
  const bulk = filled("1", "2", "3", "4", "5");
  server.answers = [
    [good("1"), bad("2", "case_changed", 409), bad("3", "database_busy", 503, true), bad("4", "permission_denied", 403)],
    [good("2"), good("3"), good("5")],
  ];
  await bulk.submit();
  expect(bulk.again.value.map((one) => one.row.id)).toEqual(["2", "3", "5"]);
  await bulk.retry();
  expect(server.looked).toEqual(["2"]);
  expect(items(1)).toEqual([["2", 9], ["3", 1], ["5", 1]]);
  expect(new Set(keys()).size).toBe(1);
  expect(bulk.refused.value.map((one) => one.row.id)).toEqual(["4"]);
  expect([bulk.done.value.length, bulk.again.value.length]).toEqual([4, 0]);
});

it("sends what was never answered once more just as it was, and says that no answer came", async () => {
  const bulk = filled("1", "2");
  server.answers = [[good("1"), bad("2", "case_changed", 409)], silence, [good("2")]];
  await bulk.submit();
  await bulk.retry();
  expect(bulk.errors.general).not.toBe("");
  expect(bulk.again.value).toHaveLength(1);
  await bulk.retry();
  expect(server.looked).toEqual(["2"]);
  expect([items(1), items(2)]).toEqual([[["2", 9]], [["2", 9]]]);
  expect(new Set(keys()).size).toBe(1);
  expect([bulk.errors.general, bulk.done.value.length]).toEqual(["", 2]);
});
