/** The tabs of the pages that a person has open. */

export interface Tab {
  /** Pages of the same key are one tab. */
  key: string;
  /** The address, with filters and all. */
  at: string;
  /** Key of the wording of the page's title. */
  title: string;
  /** What the page calls itself; empty until it does. */
  name: string;
  pinned: boolean;
  /** Number of the page in it: another number opens the page anew. */
  page: number;
  /** When it was looked at: rises with every look, 0 for a page that is not loaded. */
  seen: number;
  /** Kept also where no tabs are shown. */
  stays: boolean;
}

export type Place = Pick<Tab, "key" | "at" | "title" | "stays">;

/** The first tab, which always stays. */
export const HOME = "/";
export const MOST_TABS = 30;
/** Pages kept as they are; the others open anew when one comes back. */
export const MOST_LIVING = 12;

let count = 0;
/** Numbers rise, over all tabs. */
export const nextNumber = (): number => (count += 1);

export function fresh(place: Place): Tab {
  return { ...place, name: "", pinned: false, page: nextNumber(), seen: 0 };
}

export const closable = (tab: Tab): boolean => tab.key !== HOME && !tab.pinned;

const byLook = (tabs: readonly Tab[]): Tab[] => [...tabs].sort((a, b) => b.seen - a.seen);

/**
 * The tabs once a place is looked at. Where its page is open already, that tab is it. A page that `replaced` the one
 * before (the next case, a form that is done) takes its tab over.
 */
export function visited(tabs: readonly Tab[], place: Place, before: { key: string; replaced: boolean }): Tab[] {
  const seen = nextNumber();
  const left = before.replaced && before.key !== place.key ? tabs.find((tab) => tab.key === before.key && closable(tab)) : undefined;
  if (tabs.some((tab) => tab.key === place.key)) {
    return tabs.filter((tab) => tab !== left).map((tab) => (tab.key === place.key ? { ...tab, ...place, seen } : tab));
  }
  if (left !== undefined) return tabs.map((tab) => (tab === left ? { ...left, ...place, name: "", seen } : tab));
  return [...tabs, { ...fresh(place), seen }];
}

/** The one to give up when there are too many: not looked at for longest. */
export function tooMany(tabs: readonly Tab[], may: (tab: Tab) => boolean): Tab | undefined {
  return tabs.length > MOST_TABS ? byLook(tabs).findLast((tab) => closable(tab) && may(tab)) : undefined;
}

export type Closing = "this" | "others" | "right" | "all";

/** What goes when one asks for it at a tab; pinned ones only when they are meant themselves. */
export function closed(tabs: readonly Tab[], key: string, what: Closing): Tab[] {
  const at = tabs.findIndex((tab) => tab.key === key);
  if (what === "this") return tabs.filter((tab) => tab.key === key && key !== HOME);
  return tabs.filter((tab, place) => closable(tab) && (what === "all" || (what === "others" ? place !== at : place > at)));
}

/** Where one goes when the tab that one looks at closes: to the one before it in time. */
export function following(tabs: readonly Tab[]): Tab | undefined {
  return byLook(tabs)[0];
}

/** The neighbour, round the ends. */
export function beside(tabs: readonly Tab[], key: string, by: -1 | 1): Tab | undefined {
  const at = tabs.findIndex((tab) => tab.key === key);
  return tabs[(at + by + tabs.length) % tabs.length];
}

/** Pinned ones stand behind the first, in the order of their pinning. */
export function pinned(tabs: readonly Tab[], key: string, on: boolean): Tab[] {
  const changed = tabs.map((tab) => (tab.key === key && key !== HOME ? { ...tab, pinned: on } : tab));
  const mine = changed.filter((tab) => tab.key === key);
  const rest = changed.filter((tab) => tab.key !== key);
  const last = rest.findLastIndex((tab) => tab.key === HOME || tab.pinned);
  return key === HOME ? changed : [...rest.slice(0, last + 1), ...mine, ...rest.slice(last + 1)];
}

/** The pages that are kept as they are. */
export function living(tabs: readonly Tab[], most = MOST_LIVING): number[] {
  return byLook(tabs.filter((tab) => tab.seen > 0)).slice(0, most).map((tab) => tab.page);
}

/** What is kept for a reload of the window, for this person alone. */
export function kept(tabs: readonly Tab[], person: string): string {
  return JSON.stringify({ person, tabs: tabs.map(({ key, at, title, name, pinned, stays }) => ({ key, at, title, name, pinned, stays })) });
}

type Kept = Omit<Tab, "page" | "seen">;

const sound = (tab: Partial<Kept> | null): tab is Kept =>
  tab !== null && [tab.key, tab.at, tab.title, tab.name].every((text) => typeof text === "string") && tab.at?.startsWith("/") === true;

/** The tabs of before the reload, no page of them loaded; none of what somebody else had open. */
export function restored(text: string | null, person: string, home: Place): Tab[] {
  let before: Kept[] = [];
  try {
    const read = JSON.parse(text ?? "null") as { person?: unknown; tabs?: unknown } | null;
    if (read?.person === person && Array.isArray(read.tabs)) before = (read.tabs as (Partial<Kept> | null)[]).filter(sound);
  } catch {
    // What cannot be read is not there.
  }
  const others = before.filter((tab) => tab.key !== HOME).slice(0, MOST_TABS - 1);
  return [fresh(home), ...others.map((tab) => ({ ...fresh(tab), name: tab.name, pinned: tab.pinned === true, stays: tab.stays === true }))];
}
