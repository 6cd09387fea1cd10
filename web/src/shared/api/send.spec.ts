// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sessionEnded, settleSignIn } from "./gate.ts";
import { server } from "./reach.ts";
import { csrfToken, send } from "./send.ts";

const answers: (Response | Error)[] = [];
const sent: Request[] = [];

function fakeFetch(request: Request): Promise<Response> {
  sent.push(request);
  const answer = answers.shift() ?? new Response("{}");
  return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
}

const post = () => new Request("http://here/api/v1/cases", { method: "POST", body: "{}" });

beforeEach(() => {
  answers.length = 0;
  sent.length = 0;
  document.cookie = "csrftoken=t0ken";
  vi.stubGlobal("fetch", fakeFetch);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("csrfToken", () => {
  it("finds its cookie among others", () => {
    expect(csrfToken("a=1; csrftoken=x%3Dy; b=2")).toBe("x=y");
    expect(csrfToken("mycsrftoken=no")).toBe("");
  });
});

describe("send", () => {
  it("gives a write its token and an idempotency key, a read neither", async () => {
    await send(post());
    await send(new Request("http://here/api/v1/cases"));
    expect(sent[0]?.headers.get("X-CSRFToken")).toBe("t0ken");
    expect(sent[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent[1]?.headers.has("Idempotency-Key")).toBe(false);
  });

  it("sends the same key again when nobody answers", async () => {
    answers.push(new TypeError("no network"), new Response(null, { status: 503 }), new Response("{}", { status: 201 }));
    const answer = send(post());
    await vi.runAllTimersAsync();
    expect((await answer).status).toBe(201);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map((request) => request.headers.get("Idempotency-Key"))).size).toBe(1);
    expect(server.value).toBe(true);
  });

  it("keeps the caller's own key", async () => {
    const request = post();
    request.headers.set("Idempotency-Key", "mine");
    await send(request);
    expect(sent[0]?.headers.get("Idempotency-Key")).toBe("mine");
  });

  it("gives up after three tries and says that the server is silent", async () => {
    answers.push(new TypeError("1"), new TypeError("2"), new TypeError("3"));
    const answer = send(post()).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await answer).toBeInstanceOf(TypeError);
    expect(server.value).toBe(false);
  });

  it("does not press somebody who says to come back later", async () => {
    const later = (seconds: string) => new Response("{}", { status: 503, headers: { "Retry-After": seconds } });
    answers.push(later("60"));
    expect((await send(post())).status).toBe(503);
    expect(sent).toHaveLength(1);
    answers.push(later("1"), new Response("{}", { status: 201 }));
    const answer = send(post());
    await vi.runAllTimersAsync();
    expect((await answer).status).toBe(201);
  });

  it("does not repeat a refusal", async () => {
    answers.push(new Response("{}", { status: 422 }));
    expect((await send(post())).status).toBe(422);
    expect(sent).toHaveLength(1);
  });

  it("waits for signing in again, then sends once more with the new token", async () => {
    answers.push(new Response("{}", { status: 401 }), new Response("{}", { status: 201 }));
    const answer = send(post());
    await vi.runAllTimersAsync();
    expect(sessionEnded.value).toBe(true);
    document.cookie = "csrftoken=fresh";
    settleSignIn(true);
    expect((await answer).status).toBe(201);
    expect(sent[1]?.headers.get("X-CSRFToken")).toBe("fresh");
    expect(sent[1]?.headers.get("Idempotency-Key")).toBe(sent[0]?.headers.get("Idempotency-Key"));
  });

  it("takes 401 as an answer when it asks about the session itself", async () => {
    answers.push(new Response("{}", { status: 401 }));
    expect((await send(new Request("http://here/api/v1/session"))).status).toBe(401);
    expect(sessionEnded.value).toBe(false);
  });
});
