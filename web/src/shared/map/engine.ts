/** The map engine, fetched only when a map is shown. Its worker is a file of ours: no blob, no outside host. */
import type * as MapLibre from "maplibre-gl";

export type Engine = typeof MapLibre;

let engine: Promise<Engine> | undefined;

async function fetchEngine(): Promise<Engine> {
  const [module, worker] = await Promise.all([
    import("maplibre-gl"),
    import("maplibre-gl/dist/maplibre-gl-worker.mjs?url"),
    import("maplibre-gl/dist/maplibre-gl.css"),
  ]);
  module.setWorkerUrl(worker.default);
  return module;
}

export function loadEngine(): Promise<Engine> {
  engine ??= fetchEngine().catch((error: unknown) => {
    engine = undefined;
    throw error;
  });
  return engine;
}

/** Whether this browser can draw maps at all. */
export function hasWebGL(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}
