/** Cases on the map: asked for the visible box, drawn in clusters, and followed live. */
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as EngineMap, MapGeoJSONFeature } from "maplibre-gl";
import { onScopeDispose, ref, shallowRef, watch, type Ref } from "vue";
import { api, take } from "#shared/api/client.ts";
import { asProblem } from "#shared/api/problem.ts";
import { currentLanguage } from "#shared/i18n/index.ts";
import { useInSight } from "#shared/page-tab.ts";
import { markerExpression, provideMarkers, type TokenColor } from "../case-markers.ts";
import { serverQuery, type CaseFilters } from "../filters.ts";
import { useCaseEvents } from "./useCaseEvents.ts";

const SOURCE = "cases";
/** A press on a cluster brings one visibly nearer, even where a hair would already split it. */
const LEAST_STEP = 1.4;
const NOBODY: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Cluster bubbles say how many, and in red how many of them are overdue. */
function addLayers(map: EngineMap, color: TokenColor): void {
  map.addSource(SOURCE, {
    type: "geojson",
    data: NOBODY,
    cluster: true,
    clusterRadius: 44,
    clusterMaxZoom: 13,
    clusterProperties: { overdue: ["+", ["case", ["==", ["get", "light"], "red"], 1, 0]] },
  });
  map.addLayer({
    id: "clusters",
    type: "circle",
    source: SOURCE,
    filter: ["has", "point_count"],
    paint: {
      "circle-color": color("--yw-brand"),
      "circle-opacity": 0.92,
      "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 14, 20, 19, 100, 26, 1000, 36],
      "circle-stroke-width": ["case", [">", ["get", "overdue"], 0], 4, 2.5],
      "circle-stroke-color": ["case", [">", ["get", "overdue"], 0], color("--yw-red"), color("--yw-surface")],
    },
  });
  map.addLayer({
    id: "cluster-counts",
    type: "symbol",
    source: SOURCE,
    filter: ["has", "point_count"],
    layout: {
      "text-field": ["get", "point_count_abbreviated"],
      "text-font": ["Yiwang Bold", "Noto Sans CJK SC"],
      "text-size": 13,
      "text-allow-overlap": true,
    },
    paint: { "text-color": "#ffffff" },
  });
  map.addLayer({
    id: "points",
    type: "symbol",
    source: SOURCE,
    filter: ["!", ["has", "point_count"]],
    layout: {
      "icon-image": markerExpression() as never,
      "icon-allow-overlap": true,
      "symbol-sort-key": ["match", ["get", "light"], "red", 2, "yellow", 1, 0],
    },
  });
}

export function useCaseMap(filters: Ref<CaseFilters>, color: TokenColor) {
  const map = shallowRef<EngineMap>();
  const shown = ref(0);
  const truncated = ref(false);
  const error = shallowRef<unknown>(null);
  const loading = ref(false);
  let running = new AbortController();

  async function read(): Promise<void> {
    const made = map.value;
    if (made === undefined) return;
    running.abort();
    running = new AbortController();
    const box = made.getBounds();
    const bbox = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((n) => n.toFixed(5)).join(",");
    const query = Object.fromEntries(Object.entries(serverQuery(filters.value)).filter(([name]) => name !== "sort"));
    loading.value = true;
    try {
      const found = await take(
        api.GET("/api/v1/cases/map", { params: { query: { ...query, bbox } }, signal: running.signal }),
      );
      (made.getSource(SOURCE) as GeoJSONSource | undefined)?.setData(found as unknown as FeatureCollection);
      shown.value = found.features.length;
      truncated.value = found.truncated;
      error.value = null;
      loading.value = false;
    } catch (failure) {
      if (asProblem(failure).code === "aborted") return;
      error.value = failure;
      loading.value = false;
    }
  }

  async function zoomInto(feature: MapGeoJSONFeature): Promise<void> {
    const made = map.value;
    if (made === undefined || feature.geometry.type !== "Point") return;
    const source = made.getSource(SOURCE) as GeoJSONSource;
    const zoom = await source.getClusterExpansionZoom(Number(feature.properties["cluster_id"]));
    const nearer = Math.max(zoom + 0.2, made.getZoom() + LEAST_STEP);
    made.easeTo({ center: feature.geometry.coordinates as [number, number], zoom: nearer });
  }

  function attach(made: EngineMap, onCase: (id: string, at: [number, number]) => void): void {
    map.value = made;
    provideMarkers(made, color);
    addLayers(made, color);
    made.on("click", "clusters", (event) => {
      const [feature] = event.features ?? [];
      if (feature !== undefined) void zoomInto(feature);
    });
    made.on("click", "points", (event) => {
      const [feature] = event.features ?? [];
      if (feature?.geometry.type !== "Point") return;
      onCase(String(feature.properties["id"]), feature.geometry.coordinates as [number, number]);
    });
    for (const layer of ["clusters", "points"]) {
      made.on("mouseenter", layer, () => (made.getCanvas().style.cursor = "pointer"));
      made.on("mouseleave", layer, () => (made.getCanvas().style.cursor = ""));
    }
    made.on("moveend", () => void read());
    void read();
  }

  watch(filters, read);
  watch(currentLanguage, () => map.value?.setLayoutProperty("points", "icon-image", markerExpression() as never));
  useCaseEvents(() => void read());
  watch(useInSight(), (now) => !now && (map.value = undefined));
  onScopeDispose(() => running.abort());
  return { map, attach, read, shown, truncated, error, loading };
}
