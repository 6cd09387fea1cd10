/** Being on duty: one's days, clocking in and out, and the positions that are taken meanwhile. */
import { onScopeDispose, readonly, ref, watch } from "vue";
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import { deviceId, type LoggedCommand, type Position } from "./db.ts";
import { fieldDb } from "./field.ts";
import { useKept } from "./packet.ts";
import { metres, toFix } from "./place.ts";

export type Mine = components["schemas"]["MineOut"];
export type Clocking = components["schemas"]["ClockingOut"];

export const useMyDuty = () => useKept<Mine>("duty.mine", () => take(api.GET("/api/v1/duty/mine")));

/** In or out: the other of what was last, unless that was in another shift. */
const SHIFT_MS = 16 * 3_600_000;

export function nextWay(clockings: Pick<Clocking, "way" | "occurred_at">[], log: LoggedCommand[], now: number = Date.now()): "in" | "out" {
  const unsent = log.filter((one) => one.kind === "duty.clock" && one.state !== "refused").map((one) => ({ way: one.body["way"], at: Date.parse(one.at) }));
  const known = clockings.map((one) => ({ way: one.way as unknown, at: Date.parse(one.occurred_at) }));
  const last = [...known, ...unsent].sort((a, b) => a.at - b.at).at(-1);
  return last?.way === "in" && now - last.at < SHIFT_MS ? "out" : "in";
}

/** The nearest place to clock in at, and by how much one is outside of it: its radius and the receiver's error taken off. */
export function nearestPlace(places: Mine["places"], here: { lon: number; lat: number; accuracy_m: number }) {
  const away = places
    .map((place) => ({ place, outside_m: Math.max(0, metres(here, place) - place.radius_m - here.accuracy_m) }))
    .sort((a, b) => a.outside_m - b.outside_m);
  return away[0] ?? null;
}

/** Often while somebody moves, seldom while they stand: the battery has to last for the shift. */
const MOVING_MS = 30_000;
const STANDING_MS = 120_000;
const MOVED_M = 25;
const SEND_EVERY = 4;
const MOST_SENT = 500;
/** A shift's worth: older ones go first. */
const MOST_KEPT = 4_000;

const sampling = ref(false);
/** Whether positions are taken now: said on screen wherever one looks first. */
export const isTracked = readonly(sampling);

/** Samples positions while `on` says so, and sends them in batches. Nothing is taken when it does not. */
export function useTrail(on: () => boolean): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: Position | null = null;
  let waiting = 0;

  async function note(position: GeolocationPosition): Promise<void> {
    const fix = toFix(position);
    const { speed, heading } = position.coords;
    const point: Position = {
      at: new Date(position.timestamp).toISOString(),
      lon: fix.lon,
      lat: fix.lat,
      accuracy_m: fix.accuracy_m,
      ...(speed !== null && speed >= 0 && { speed_mps: speed }),
      ...(heading !== null && !Number.isNaN(heading) && { heading }),
    };
    const moved = last === null || metres(last, point) > MOVED_M;
    last = point;
    await (await fieldDb()).add("positions", point);
    waiting += 1;
    if (waiting >= SEND_EVERY) await sendPositions().catch(() => undefined);
    plan(moved ? MOVING_MS : STANDING_MS);
  }

  function sample(): void {
    navigator.geolocation.getCurrentPosition(
      (position) => void note(position).catch(() => plan(STANDING_MS)),
      () => plan(STANDING_MS),
      { enableHighAccuracy: true, maximumAge: 10_000, timeout: 20_000 },
    );
  }

  function plan(ms: number): void {
    clearTimeout(timer);
    if (sampling.value) timer = setTimeout(sample, ms);
  }

  async function sendPositions(): Promise<void> {
    const db = await fieldDb();
    const keys = (await db.getAllKeys("positions")).slice(-MOST_KEPT);
    const items = (await db.getAll("positions")).slice(-MOST_KEPT).slice(0, MOST_SENT);
    if (items.length === 0) return;
    await take(api.POST("/api/v1/positions", { body: { device_id: await deviceId(db), sent_at: new Date().toISOString(), items } }));
    waiting = 0;
    for (const key of keys.slice(0, items.length)) await db.delete("positions", key);
  }

  watch(
    on,
    (now) => {
      sampling.value = now && "geolocation" in navigator;
      clearTimeout(timer);
      if (sampling.value) sample();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    sampling.value = false;
    clearTimeout(timer);
  });
}
