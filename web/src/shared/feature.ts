/** What a feature folder says about itself. The app collects these; there is no central list of routes or menus. */
import type { Component, InjectionKey, Ref } from "vue";
import { inject } from "vue";
import type { RouteLocationRaw, RouteRecordRaw } from "vue-router";

export interface MenuItem {
  /** Name of the route that it opens. */
  route: string;
  /** Key of its wording. */
  title: string;
  icon: Component;
  order: number;
  /** Shown to those who hold one of these, or one of `everywhere` for the whole district; to everyone when left out. */
  permissions?: string[];
  everywhere?: string[];
  /** Key of what its block of the menu is called: items with the same one stand together. */
  group: string;
  /** Stands in the menu only while this is true; always when left out. Called in the menu's setup. */
  useShown?: () => Readonly<Ref<boolean>>;
}

/** A block on the workbench. */
export interface Card {
  key: string;
  area: "top" | "main" | "aside";
  order: number;
  permissions?: string[];
  everywhere?: string[];
  component: Component;
}

/** Something small that lives in the top bar. */
export interface BarItem {
  key: string;
  side: "start" | "end";
  order: number;
  permissions?: string[];
  everywhere?: string[];
  component: Component;
}

/** An entry of the personal menu: for everyone signed in. */
export interface AccountItem {
  /** Name of the route that it opens. */
  route: string;
  /** Key of its wording. */
  title: string;
  icon: Component;
  order: number;
}

/** How hits of a kind look in the search box, and where they lead. */
export interface FindKind {
  kind: string;
  icon: Component;
  /** Key of what the kind is called. */
  title: string;
  to: (id: string) => RouteLocationRaw;
  /** Where all hits are, when there are more than the box shows. */
  all?: (q: string) => RouteLocationRaw;
}

export interface Feature {
  /** Same name as the room on the server. */
  key: string;
  routes: RouteRecordRaw[];
  /** Permissions that this feature asks about. */
  permissions: string[];
  menu?: MenuItem[];
  cards?: Card[];
  bar?: BarItem[];
  account?: AccountItem[];
  finds?: FindKind[];
}

export const FEATURES: InjectionKey<Feature[]> = Symbol("features");

export function useFeatures(): Feature[] {
  return inject(FEATURES, []);
}

declare module "vue-router" {
  interface RouteMeta {
    /** Key of the page's title. */
    title?: string;
    /** One of these is needed, or one of `everywhere` for the whole district; none means: signed in is enough. */
    permissions?: string[];
    everywhere?: string[];
    /** Open to those who are not signed in. */
    public?: boolean;
    /** Takes the whole window, without menu and top bar. */
    bare?: boolean;
    /** Name of the menu item that stays lit on this page. */
    menu?: string;
    /** The page fills the window and scrolls inside. */
    fill?: boolean;
    /** Each query is a page of its own, with a tab of its own. */
    eachQuery?: boolean;
    /** The page stays as it was while one looks at another, also where no tabs are shown. */
    stays?: boolean;
  }
}
