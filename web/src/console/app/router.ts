import { createRouter, createWebHistory, type RouteLocationNormalized, type Router } from "vue-router";
import { useSession } from "#shared/auth/session.ts";
import type { Feature } from "#shared/feature.ts";
import { i18n } from "#shared/i18n/index.ts";
import { bootError } from "./boot.ts";

const ownRoutes = [
  { path: "/forbidden", name: "forbidden", component: () => import("./pages/ForbiddenPage.vue"), meta: { title: "app.forbidden" } },
  {
    path: "/:rest(.*)*",
    name: "not-found",
    component: () => import("./pages/NotFoundPage.vue"),
    meta: { title: "app.not_found" },
  },
];

/** Where a page may send people who are not (yet) allowed to see it; undefined lets them in. */
async function admit(to: RouteLocationNormalized) {
  const session = useSession();
  if (!session.asked) await session.load();
  if (!session.signedIn) {
    return to.meta.public === true ? undefined : { name: "accounts.sign-in", query: { next: to.fullPath } };
  }
  if (session.session?.must_change_password === true) {
    return to.name === "accounts.first-password" ? undefined : { name: "accounts.first-password" };
  }
  if (to.name === "accounts.sign-in" || to.name === "accounts.first-password") return { path: "/" };
  return session.admits(to.meta) ? undefined : { name: "forbidden", query: { from: to.fullPath } };
}

export function makeRouter(features: Feature[]): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [...features.flatMap((feature) => feature.routes), ...ownRoutes],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
  router.beforeEach(async (to) => {
    try {
      const elsewhere = await admit(to);
      bootError.value = null;
      return elsewhere ?? true;
    } catch (error) {
      bootError.value = error;
      return true;
    }
  });
  router.afterEach((to) => {
    const { t } = i18n.global;
    const title = to.meta.title === undefined ? "" : `${t(to.meta.title)} · `;
    document.title = `${title}${t("app.name")}`;
  });
  router.onError((error, to) => reloadForNewBuild(error, to));
  return router;
}

/** A page chunk that is gone means that the console was updated underneath: load it anew, once. */
function reloadForNewBuild(error: unknown, to: RouteLocationNormalized): void {
  const missing = error instanceof TypeError && /import|module|fetch/i.test(error.message);
  const mark = "yiwang.reloaded-for";
  if (!missing || sessionStorage.getItem(mark) === to.fullPath) return;
  sessionStorage.setItem(mark, to.fullPath);
  window.location.assign(to.fullPath);
}
