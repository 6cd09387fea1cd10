import { computed, readonly, ref, type Ref } from "vue";
import { currentLanguage } from "./index.ts";
import { ago, duration, fullTime, shortTime, timeLeft } from "./time.ts";

const TICK_MS = 15_000;
const clock = ref(new Date());
let ahead = 0;
let ticking: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  clock.value = new Date(Date.now() + ahead);
}

/** The server's clock decides what is overdue, not the clock of this machine. */
export function setServerTime(iso: string): void {
  ahead = Date.parse(iso) - Date.now();
  tick();
}

/** The present, as the server sees it, moving on every fifteen seconds. */
export function useNow(): Readonly<Ref<Date>> {
  ticking ??= setInterval(tick, TICK_MS);
  return readonly(clock) as Readonly<Ref<Date>>;
}

/** Wording of times in the current language, moving on with the clock. */
export function useTime() {
  const now = useNow();
  return {
    now,
    ago: (iso: string) => ago(iso, now.value, currentLanguage()),
    short: (iso: string) => shortTime(iso, now.value, currentLanguage()),
    full: (iso: string) => fullTime(iso),
    span: (ms: number) => duration(ms, currentLanguage()),
    isNow: (ms: number) => ms < 60_000,
    left: (dueAt: string) => timeLeft(dueAt, now.value),
    hour: computed(() => Number(fullTime(now.value.toISOString()).slice(11, 13))),
  };
}
