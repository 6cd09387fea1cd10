/** The district's own layers from the server, fetched once per page. */
import type { Feature, FeatureCollection, Point } from "geojson";
import { api, take } from "#shared/api/client.ts";
import { labelPoint, type AreaGeometry } from "./label-point.ts";

export type LayerName = "districts" | "streets" | "communities" | "duty-grids";

export interface AreaProperties {
  code: string;
  name: string;
  name_en: string;
}

export type AreaFeature = Feature<AreaGeometry, AreaProperties>;
export type AreaCollection = FeatureCollection<AreaGeometry, AreaProperties>;

/** "overview" is drawn for the whole district at once and is small; "full" has every bend of a border. */
export type Detail = "overview" | "full";

const OVERVIEW_ZOOM = 9;
const TONES = 3;
const kept = new Map<string, Promise<AreaCollection>>();

async function fetchLayer(layer: LayerName, detail: Detail): Promise<AreaCollection> {
  const query = detail === "overview" ? { zoom: OVERVIEW_ZOOM } : {};
  const found = (await take(
    api.GET("/api/v1/geo/layers/{layer}", { params: { path: { layer }, query } }),
  )) as unknown as AreaCollection;
  const features = found.features.map((feature, index) => ({
    ...feature,
    properties: { ...feature.properties, tone: index % TONES },
  }));
  return { type: "FeatureCollection", features };
}

export function geoLayer(layer: LayerName, detail: Detail = "full"): Promise<AreaCollection> {
  const key = `${layer}.${detail}`;
  let layerData = kept.get(key);
  if (layerData === undefined) {
    layerData = fetchLayer(layer, detail).catch((error: unknown) => {
      kept.delete(key);
      throw error;
    });
    kept.set(key, layerData);
  }
  return layerData;
}

/** A point per area that carries its name. */
export function namePoints(areas: AreaCollection): FeatureCollection<Point, AreaProperties> {
  const features = areas.features.map((feature) => ({
    type: "Feature" as const,
    properties: feature.properties,
    geometry: { type: "Point" as const, coordinates: labelPoint(feature.geometry) },
  }));
  return { type: "FeatureCollection", features };
}

export type Bounds = [west: number, south: number, east: number, north: number];

const COMMUNITY_DIGITS = 12;

/** The street or community of a code; none when the code names neither. */
export async function areaOf(code: string): Promise<AreaFeature[]> {
  const layer = await geoLayer(code.length >= COMMUNITY_DIGITS ? "communities" : "streets");
  return layer.features.filter((feature) => feature.properties.code === code);
}

/** The box around areas: west, south, east, north in degrees. */
export function boundsOf(features: AreaFeature[]): Bounds {
  const box: Bounds = [180, 90, -180, -90];
  for (const feature of features) {
    const polygons =
      feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
    for (const [lon = 0, lat = 0] of polygons.flat(2)) {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
  }
  return box;
}
