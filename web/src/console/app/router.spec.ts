// @vitest-environment happy-dom
import { createPinia, setActivePinia } from "pinia";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "#shared/api/problem.ts";
import type { Session } from "#shared/api/types.ts";
import { useSession } from "#shared/auth/session.ts";
import type { Feature } from "#shared/feature.ts";
import { bootError } from "./boot.ts";
import { makeRouter } from "./router.ts";

const page = { template: "<i />" };
const features: Feature[] = [
  {
    key: "accounts",
    permissions: [],
    routes: [
      { path: "/sign-in", name: "accounts.sign-in", component: page, meta: { public: true } },
      { path: "/first-password", name: "accounts.first-password", component: page },
    ],
  },
  {
    key: "cases",
    permissions: ["cases.view_case"],
    routes: [
      { path: "/", name: "home", component: page },
      { path: "/cases", name: "cases.list", component: page, meta: { permissions: ["cases.view_case"] } },
      { path: "/rules", name: "cases.rules", component: page, meta: { everywhere: ["cases.view_case"] } },
    ],
  },
];

function person(change: Partial<Session> = {}): Session {
  return {
    user: { id: "1", username: "a", name: "甲" },
    posts: [],
    permissions: [],
    permissions_everywhere: [],
    must_change_password: false,
    mode: "test",
    district: { code: "420117", name: "新洲区" },
    live_url: "",
    server_time: "2026-07-12T04:00:00Z",
    idle_minutes: 0,
    ...change,
  };
}

function visit(path: string, answer: Session | Error | null) {
  const session = useSession();
  vi.spyOn(session, "load").mockImplementation(() => {
    if (answer instanceof Error) return Promise.reject(answer);
    session.session = answer;
    session.asked = true;
    return Promise.resolve();
  });
  window.history.replaceState(null, "", "/sign-in");
  const router = makeRouter(features);
  return router.push(path).then(() => router.currentRoute.value);
}

beforeEach(() => {
  setActivePinia(createPinia());
  bootError.value = null;
});

describe("admission", () => {
  it("sends strangers to sign in and remembers where they wanted to go", async () => {
    const route = await visit("/cases?tab=mine", null);
    expect(route.name).toBe("accounts.sign-in");
    expect(route.query["next"]).toBe("/cases?tab=mine");
  });

  it("lets in whoever holds the permission, and nobody else", async () => {
    expect((await visit("/cases", person({ permissions: ["cases.view_case"] }))).name).toBe("cases.list");
    setActivePinia(createPinia());
    expect((await visit("/cases", person())).name).toBe("forbidden");
  });

  it.each([
    [[], "forbidden"],
    [["cases.view_case"], "cases.rules"],
  ])("asks for the whole district where a page is the whole district's: %j", async (permissions_everywhere, name) => {
    expect((await visit("/rules", person({ permissions: ["cases.view_case"], permissions_everywhere }))).name).toBe(name);
  });

  it("lets nobody past the first change of the password", async () => {
    expect((await visit("/", person({ must_change_password: true }))).name).toBe("accounts.first-password");
  });

  it("does not show the sign-in page to those who are in", async () => {
    expect((await visit("/sign-in?x=1", person())).name).toBe("home");
  });

  it("says when the server is silent instead of calling people strangers", async () => {
    await visit("/cases", new ApiProblem(0, "unreachable"));
    expect(bootError.value).toBeInstanceOf(ApiProblem);
  });
});
