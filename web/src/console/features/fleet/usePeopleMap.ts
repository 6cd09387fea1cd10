/** The people and the trail as layers of the map, drawn anew when the map or the data are. */
import type { GeoJSONSource, Map as EngineMap, MapMouseEvent } from "maplibre-gl";
import { shallowRef, watch, type Ref } from "vue";
import { REGULAR } from "#shared/map/base-style.ts";
import { tokenColor } from "#shared/ui/token-color.ts";
import type { Last, Trail } from "./data.ts";

const NONE: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const SOURCES = ["fleet-trail", "fleet-stops", "fleet-people", "fleet-walker"] as const;

const point = (lon: number, lat: number, properties: Record<string, unknown>): GeoJSON.Feature => ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties });

export function usePeopleMap(people: Ref<Last[]>, trail: Ref<Trail | null>, walker: Ref<[number, number] | null>, chosen: Ref<string | null>) {
  const map = shallowRef<EngineMap>();

  function set(source: (typeof SOURCES)[number], features: GeoJSON.Feature[]): void {
    (map.value?.getSource(source) as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features });
  }

  function drawPeople(): void {
    set("fleet-people", people.value.map((one) => point(one.lon, one.lat, { id: one.user.id, name: one.user.name, chosen: one.user.id === chosen.value })));
  }

  function drawTrail(): void {
    set("fleet-trail", (trail.value?.lines ?? []).map((line) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: line.map((one) => [one.lon, one.lat]) } })));
    set("fleet-stops", (trail.value?.stops ?? []).map((stop, index) => point(stop.lon, stop.lat, { n: String(index + 1) })));
  }

  const drawWalker = (): void => set("fleet-walker", walker.value === null ? [] : [point(...walker.value, {})]);

  function attach(made: EngineMap, choose: (id: string) => void): void {
    map.value = made;
    for (const source of SOURCES) made.addSource(source, { type: "geojson", data: NONE });
    made.addLayer({ id: "fleet-trail", type: "line", source: "fleet-trail", layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": tokenColor("--yw-brand"), "line-width": 3.5, "line-opacity": 0.85 } });
    made.addLayer({ id: "fleet-stops", type: "circle", source: "fleet-stops", paint: { "circle-radius": 9, "circle-color": tokenColor("--yw-yellow"), "circle-stroke-color": tokenColor("--yw-surface"), "circle-stroke-width": 1.5 } });
    made.addLayer({ id: "fleet-stop-numbers", type: "symbol", source: "fleet-stops", layout: { "text-field": ["get", "n"], "text-size": 11, "text-font": REGULAR, "text-allow-overlap": true }, paint: { "text-color": tokenColor("--yw-surface") } });
    made.addLayer({ id: "fleet-people", type: "circle", source: "fleet-people", paint: { "circle-radius": ["case", ["get", "chosen"], 9, 6.5], "circle-color": ["case", ["get", "chosen"], tokenColor("--yw-brand"), tokenColor("--yw-green")], "circle-stroke-color": tokenColor("--yw-surface"), "circle-stroke-width": 2 } });
    made.addLayer({ id: "fleet-names", type: "symbol", source: "fleet-people", layout: { "text-field": ["get", "name"], "text-size": 12, "text-font": REGULAR, "text-offset": [0, 1.3], "text-anchor": "top" }, paint: { "text-color": tokenColor("--yw-ink-strong"), "text-halo-color": tokenColor("--yw-surface"), "text-halo-width": 1.4 } });
    made.addLayer({ id: "fleet-walker", type: "circle", source: "fleet-walker", paint: { "circle-radius": 8, "circle-color": tokenColor("--yw-red"), "circle-stroke-color": tokenColor("--yw-surface"), "circle-stroke-width": 2.5 } });
    made.on("click", "fleet-people", (event: MapMouseEvent & { features?: GeoJSON.Feature[] }) => choose(String(event.features?.[0]?.properties?.["id"] ?? "")));
    made.on("mouseenter", "fleet-people", () => (made.getCanvas().style.cursor = "pointer"));
    made.on("mouseleave", "fleet-people", () => (made.getCanvas().style.cursor = ""));
    drawPeople();
    drawTrail();
    drawWalker();
  }

  watch([people, chosen], drawPeople);
  watch(trail, drawTrail);
  watch(walker, drawWalker);

  return { map, attach };
}
