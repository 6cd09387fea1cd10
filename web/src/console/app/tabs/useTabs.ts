/** The open pages of this window. */
import { useQueryCache } from "@pinia/colada";
import { ElMessageBox } from "element-plus";
import "element-plus/es/components/message-box/style/css";
import { defineStore } from "pinia";
import { computed, ref, shallowReactive, shallowRef, watch } from "vue";
import { useRouter, type RouteLocationNormalizedLoaded, type RouteLocationResolved } from "vue-router";
import { usePreferences } from "#shared/auth/preferences.ts";
import { useSession } from "#shared/auth/session.ts";
import { i18n, listed } from "#shared/i18n/index.ts";
import { useNarrow } from "#shared/ui/useNarrow.ts";
import { beside, closable, closed, following, HOME, kept, living, nextNumber, pinned, restored, tooMany, visited, type Closing, type Place, type Tab } from "./tabs.ts";

const STORE = "yiwang.tabs";

/** Pages differ by their path; those that say so, by their query, too. */
export function placeOf(route: RouteLocationNormalizedLoaded | RouteLocationResolved): Place {
  const { eachQuery, title, stays } = route.meta;
  return { key: eachQuery === true ? route.fullPath : route.path, at: route.fullPath, title: title ?? "app.name", stays: stays === true };
}

export const useTabs = defineStore("page-tabs", () => {
  const { t } = i18n.global;
  const router = useRouter();
  const session = useSession();
  const preferences = usePreferences();
  const cache = useQueryCache();
  const narrow = useNarrow();
  const list = shallowRef<readonly Tab[]>([]);
  const current = ref("");
  /** What the pages say that would be lost with them, by their number. */
  const guards = shallowReactive(new Map<number, ReadonlySet<() => boolean>>());

  const shown = computed(() => preferences.pageTabs && !narrow.value);
  const tab = computed(() => list.value.find((one) => one.key === current.value));
  /** Whatever is out of room or not shown as a tab: what holds something unsaved stays. */
  const alive = computed(() => [
    ...new Set([
      ...living(shown.value ? list.value : list.value.filter((one) => one.stays)),
      ...list.value.filter((one) => one.seen > 0 && unsaved(one)).map((one) => one.page),
    ]),
  ]);
  const find = (key: string): Tab | undefined => list.value.find((one) => one.key === key);
  const said = (one: Tab): string => one.name || t(one.title);
  const unsaved = (one: Tab): boolean => [...(guards.get(one.page) ?? [])].some((asks) => asks());

  function change(page: number, part: Partial<Tab>): void {
    list.value = list.value.map((one) => (one.page === page ? { ...one, ...part } : one));
  }

  function visit(place: Place, replaced: boolean): void {
    list.value = visited(list.value, place, { key: current.value, replaced });
    current.value = place.key;
    const over = tooMany(list.value, (one) => one.key !== place.key && !unsaved(one));
    list.value = list.value.filter((one) => one !== over);
  }

  async function show(one: Tab | undefined): Promise<void> {
    if (one !== undefined) await router.push(one.at);
  }

  /** Away from the tab that closes: back where one came from, so that the browser's own way back does not open it again. */
  async function leaveFor(one: Tab): Promise<void> {
    if (window.history.state?.back !== one.at) {
      await router.replace(one.at);
      return;
    }
    await new Promise<void>((done) => {
      const stop = router.afterEach(() => (stop(), done()));
      router.back();
    });
  }

  async function mayLose(tabs: readonly Tab[]): Promise<boolean> {
    const held = tabs.filter(unsaved);
    if (held.length === 0) return true;
    const words = { confirmButtonText: t("app.tabs.close_anyway"), cancelButtonText: t("common.cancel"), type: "warning" as const };
    const names = listed(held.map(said));
    return ElMessageBox.confirm(t("app.tabs.unsaved", { names }), t("app.tabs.close"), words).then(
      () => true,
      () => false,
    );
  }

  async function close(key: string, what: Closing = "this"): Promise<void> {
    const going = closed(list.value, key, what);
    if (going.length === 0 || !(await mayLose(going))) return;
    const gone = new Set(going.map((one) => one.key));
    const rest = () => list.value.filter((one) => !gone.has(one.key));
    const to = following(rest());
    if (gone.has(current.value) && to !== undefined) await leaveFor(to);
    list.value = rest();
  }

  /** Opens the page of a tab anew. */
  async function reload(key: string): Promise<void> {
    const one = find(key);
    if (one === undefined || !(await mayLose([one]))) return;
    await cache.invalidateQueries(undefined, false);
    change(one.page, { page: nextNumber(), seen: key === current.value ? one.seen : 0 });
    if (key !== current.value) await show(one);
  }

  /** The page does not stay: it opens anew when one comes back. */
  function unload(key: string): void {
    const one = find(key);
    if (one !== undefined) change(one.page, { page: nextNumber(), seen: 0 });
  }

  function guard(page: number, asks: () => boolean): () => void {
    guards.set(page, new Set([...(guards.get(page) ?? []), asks]));
    return () => {
      const rest = [...(guards.get(page) ?? [])].filter((one) => one !== asks);
      if (rest.length === 0) guards.delete(page);
      else guards.set(page, new Set(rest));
    };
  }

  watch(
    () => session.session?.user.id,
    (person) => {
      if (person === undefined) {
        list.value = [];
        sessionStorage.removeItem(STORE);
      } else list.value = restored(sessionStorage.getItem(STORE), person, placeOf(router.resolve(HOME)));
    },
    { immediate: true, flush: "sync" },
  );
  watch(list, (now) => {
    const person = session.session?.user.id;
    if (person !== undefined) sessionStorage.setItem(STORE, kept(now, person));
  });

  return {
    list,
    current,
    tab,
    shown,
    living: alive,
    find,
    said,
    visit,
    show,
    close,
    reload,
    unload,
    guard,
    closable,
    step: (by: -1 | 1) => show(beside(list.value, current.value, by)),
    pin: (key: string, on: boolean) => (list.value = pinned(list.value, key, on)),
    call: (page: number, name: string) => change(page, { name }),
  };
});
