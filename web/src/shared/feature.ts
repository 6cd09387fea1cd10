/** What a feature folder says about itself. The app collects these; there is no central list of routes or menus. */
import type { Component, InjectionKey } from "vue";
import { inject } from "vue";
import type { RouteRecordRaw } from "vue-router";

export interface MenuItem {
  /** Name of the route that it opens. */
  route: string;
  /** Key of its wording. */
  title: string;
  icon: Component;
  order: number;
  /** Shown to those who hold one of these; to everyone signed in when left out. */
  permissions?: string[];
  group: "work" | "manage";
}

/** A block on the workbench. */
export interface Card {
  key: string;
  area: "top" | "main" | "aside";
  order: number;
  permissions?: string[];
  component: Component;
}

/** Something small that lives in the top bar. */
export interface BarItem {
  key: string;
  side: "start" | "end";
  order: number;
  permissions?: string[];
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
}

export const FEATURES: InjectionKey<Feature[]> = Symbol("features");

export function useFeatures(): Feature[] {
  return inject(FEATURES, []);
}

declare module "vue-router" {
  interface RouteMeta {
    /** Key of the page's title. */
    title?: string;
    /** One of these is needed; none means: signed in is enough. */
    permissions?: string[];
    /** Open to those who are not signed in. */
    public?: boolean;
    /** Takes the whole window, without menu and top bar. */
    bare?: boolean;
    /** Name of the menu item that stays lit on this page. */
    menu?: string;
    /** The page fills the window and scrolls inside. */
    fill?: boolean;
  }
}
