import { createRouter, createWebHistory, type RouteLocationNormalized, type Router, type RouteRecordRaw } from "vue-router";
import { asProblem } from "#shared/api/problem.ts";
import { useSession } from "#shared/auth/session.ts";
import { i18n } from "#shared/i18n/index.ts";
import { keepSession, keptSession } from "./kept-session.ts";

declare module "vue-router" {
  interface RouteMeta {
    /** One of the pages of the bar below. */
    tab?: boolean;
  }
}

export const routes: RouteRecordRaw[] = [
  { path: "/sign-in", name: "sign-in", component: () => import("../pages/SignInPage.vue"), meta: { public: true, bare: true, title: "phone.sign_in" } },
  { path: "/first-password", name: "first-password", component: () => import("../pages/FirstPasswordPage.vue"), meta: { bare: true, title: "phone.first_password" } },
  { path: "/", name: "home", component: () => import("../pages/HomePage.vue"), meta: { tab: true, title: "phone.home" } },
  { path: "/report", name: "report", component: () => import("../pages/ReportPage.vue"), meta: { title: "phone.report.title" } },
  { path: "/patrol/:id", name: "patrol", component: () => import("../pages/PatrolPage.vue"), meta: { title: "phone.patrol.title" } },
  { path: "/clock", name: "clock", component: () => import("../pages/ClockPage.vue"), meta: { tab: true, title: "phone.clock.title" } },
  { path: "/calls", name: "calls", component: () => import("../pages/CallsPage.vue"), meta: { tab: true, title: "phone.calls.title" } },
  { path: "/cases/:id", name: "case", component: () => import("../pages/CasePage.vue"), meta: { title: "phone.case" } },
  { path: "/me", name: "me", component: () => import("../pages/MePage.vue"), meta: { tab: true, title: "phone.me.title" } },
  { path: "/sync", name: "sync", component: () => import("../pages/SyncPage.vue"), meta: { title: "phone.sync.title" } },
  { path: "/conflicts", name: "conflicts", component: () => import("../pages/ConflictsPage.vue"), meta: { title: "phone.conflicts.title" } },
  { path: "/:rest(.*)*", name: "not-found", component: () => import("../pages/NotFoundPage.vue"), meta: { title: "phone.not_found" } },
];

/** Asks the server who is here; where it is silent, who was here last may go on with what is kept. */
async function findOut(): Promise<void> {
  const session = useSession();
  try {
    await session.load();
    if (session.session !== null) keepSession(session.session);
  } catch (error) {
    if (!asProblem(error).unreachable) throw error;
    session.session = keptSession();
    session.asked = true;
  }
}

async function admit(to: RouteLocationNormalized) {
  const session = useSession();
  if (!session.asked) await findOut();
  if (!session.signedIn) return to.meta.public === true ? true : { name: "sign-in", query: { next: to.fullPath } };
  if (session.session?.must_change_password === true) return to.name === "first-password" ? true : { name: "first-password" };
  return to.name === "sign-in" || to.name === "first-password" ? { path: "/" } : true;
}

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory("/m/"),
    routes,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
  router.beforeEach(admit);
  router.afterEach((to) => {
    const { t } = i18n.global;
    document.title = to.meta.title === undefined ? t("app.name") : `${t(to.meta.title)} · ${t("app.name")}`;
  });
  return router;
}
