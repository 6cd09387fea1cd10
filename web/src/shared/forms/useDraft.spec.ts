// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import { effectScope, reactive } from "vue";
import { ApiProblem } from "#shared/api/problem.ts";
import { newer, useDraft } from "./useDraft.ts";

interface Body {
  text: string;
}

/** A server that keeps one draft. */
const server = { version: 0, body: null as Body | null, down: false };

vi.mock("#shared/auth/session.ts", () => ({ useSession: () => ({ session: { user: { id: "u1" } } }) }));
vi.mock("#shared/api/client.ts", () => {
  const answer = <T>(make: () => T) => (server.down ? Promise.reject(new ApiProblem(0, "unreachable")) : Promise.resolve().then(make));
  const told = () => ({ version: server.version, body: server.body, saved_at: "2026-07-12T01:00:00Z" });
  return {
    take: <T>(call: Promise<T>) => call,
    api: {
      GET: () => answer(told),
      PUT: (_path: string, { body }: { body: { body: Body; expected_version: number } }) =>
        answer(() => {
          if (body.expected_version !== server.version) throw new ApiProblem(409, "draft_changed");
          server.version += 1;
          server.body = body.body;
          return told();
        }),
      DELETE: () => answer(() => Object.assign(server, { version: 0, body: null })),
    },
  };
});

function open() {
  const form = reactive<Body>({ text: "" });
  const scope = effectScope();
  const options = { read: () => (form.text === "" ? null : { text: form.text }), write: (kept: Body) => Object.assign(form, kept) };
  const draft = scope.run(() => useDraft<Body>("case.report", options));
  if (draft === undefined) throw new Error("no draft");
  return { form, draft, scope };
}

const pause = () => vi.advanceTimersByTimeAsync(1000);

beforeEach(() => {
  localStorage.clear();
  Object.assign(server, { version: 0, body: null, down: false });
  vi.useFakeTimers();
});

it("saves after a pause, and gives it back to the next window", async () => {
  const first = open();
  await pause();
  first.form.text = "井盖";
  await pause();
  expect([server.body, first.draft.state.value]).toEqual([{ text: "井盖" }, "saved"]);
  const second = open();
  await pause();
  expect([second.form.text, second.draft.restored.value]).toEqual(["井盖", true]);
});

it("asks when another window was first, and then does as it is told", async () => {
  const [one, two] = [open(), open()];
  await pause();
  one.form.text = "一";
  await pause();
  two.form.text = "二";
  await pause();
  expect([two.draft.state.value, server.body]).toEqual(["conflict", { text: "一" }]);
  await two.draft.keepMine();
  expect([two.draft.state.value, server.body]).toEqual(["saved", { text: "二" }]);
  one.form.text = "一再";
  await pause();
  await one.draft.takeTheirs();
  expect([one.form.text, one.draft.state.value]).toEqual(["二", "saved"]);
});

it("holds it here while the server is silent, and sends it when it answers again", async () => {
  const window = open();
  await pause();
  server.down = true;
  window.form.text = "断网";
  await pause();
  expect(window.draft.state.value).toBe("offline");
  window.scope.stop();
  const again = open();
  await pause();
  expect([again.form.text, again.draft.state.value]).toEqual(["断网", "offline"]);
  server.down = false;
  again.form.text = "断网又通";
  await pause();
  expect([server.body, again.draft.state.value]).toEqual([{ text: "断网又通" }, "saved"]);
});

it("is gone once the form is sent, and does not come back by the window's closing", async () => {
  const window = open();
  await pause();
  window.form.text = "发出";
  await pause();
  const gone = window.draft.finish();
  window.scope.stop();
  await gone;
  await pause();
  expect([server.version, server.body, localStorage.length]).toEqual([0, null, 0]);
});

it("knows what it sent itself while the window was reloaded, in whatever order the server gives it back", async () => {
  const body = { text: "路面有坑", place: "路口" };
  const turned = { place: "路口", text: "路面有坑" };
  expect(newer({ body, version: 0 }, { version: 1, body: turned })).toBe("server");
  const { form, draft } = open();
  await pause();
  Object.assign(server, { version: 1, body: { text: "井盖" } });
  form.text = "井盖";
  await pause();
  expect([draft.state.value, server.version]).toEqual(["saved", 1]);
  form.text = "井盖松动";
  await pause();
  expect([draft.state.value, server.body]).toEqual(["saved", { text: "井盖松动" }]);
});
