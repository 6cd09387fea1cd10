import type { Feature } from "#shared/feature.ts";

const feature: Feature = {
  key: "accounts",
  permissions: [],
  routes: [
    {
      path: "/sign-in",
      name: "accounts.sign-in",
      component: () => import("./pages/SignInPage.vue"),
      meta: { title: "accounts.sign_in", public: true, bare: true },
    },
    {
      path: "/set-password",
      name: "accounts.set-password",
      component: () => import("./pages/SetPasswordPage.vue"),
      meta: { title: "accounts.set_password", public: true, bare: true },
    },
    {
      path: "/first-password",
      name: "accounts.first-password",
      component: () => import("./pages/FirstPasswordPage.vue"),
      meta: { title: "accounts.first_password", bare: true },
    },
    {
      path: "/password",
      name: "accounts.password",
      component: () => import("./pages/PasswordPage.vue"),
      meta: { title: "accounts.change_password" },
    },
  ],
};

export default feature;
