/** Where this phone is: the best of what it says while a page wants to know. */
import { onScopeDispose, readonly, ref } from "vue";

export interface Fix {
  lon: number;
  lat: number;
  accuracy_m: number;
  /** Milliseconds. */
  at: number;
}

const STALE_MS = 60_000;

/** A newer place counts when it is as good, or when the one before is old. */
export function better(before: Fix | null, fresh: Fix): Fix {
  if (before === null || fresh.at - before.at > STALE_MS) return fresh;
  return fresh.accuracy_m <= before.accuracy_m * 1.5 ? fresh : before;
}

export function toFix({ coords, timestamp }: GeolocationPosition): Fix {
  return {
    lon: Number(coords.longitude.toFixed(6)),
    lat: Number(coords.latitude.toFixed(6)),
    accuracy_m: Math.round(coords.accuracy),
    at: timestamp,
  };
}

export type PlaceTrouble = "denied" | "silent" | "";

/** Follows the phone while the calling component lives. */
export function useHere() {
  const here = ref<Fix | null>(null);
  const trouble = ref<PlaceTrouble>("");
  const places = (navigator as { geolocation?: Geolocation }).geolocation;
  if (places === undefined) trouble.value = "denied";
  const id = places?.watchPosition(
    (position) => {
      trouble.value = "";
      here.value = better(here.value, toFix(position));
    },
    (error) => (trouble.value = error.code === error.PERMISSION_DENIED ? "denied" : "silent"),
    { enableHighAccuracy: true, maximumAge: 15_000, timeout: 20_000 },
  );
  onScopeDispose(() => {
    if (id !== undefined) places?.clearWatch(id);
  });
  return { here: readonly(here), trouble: readonly(trouble) };
}

/** Metres between two points of a district: flat is near enough. */
export function metres(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const rad = Math.PI / 180;
  const dx = (a.lon - b.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  const dy = (a.lat - b.lat) * rad;
  return Math.round(Math.hypot(dx, dy) * 6_371_008);
}
