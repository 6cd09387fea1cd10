/** The designed base map: land, boundaries and names of the district, nothing else, nothing from outside. */
import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

/** First name only sets the weight; the rest are looked up on this machine. */
const FONTS = ["PingFang SC", "Source Han Sans SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei"];
export const REGULAR = ["Yiwang Medium", ...FONTS];
const BOLD = ["Yiwang Bold", ...FONTS];

export const LOCAL_FONTS = FONTS.join(",");

export type TokenColor = (token: string) => string;

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const SOURCES = ["district", "streets", "communities", "grids", "chosen", "street-points", "community-points"];

/** Which token paints what: read again when the theme changes. */
export const PAINTS: [layer: string, property: string, token: string][] = [
  ["outside", "background-color", "--yw-map-outside"],
  ["land", "fill-color", "--yw-map-land"],
  ["halo", "line-color", "--yw-map-edge"],
  ["edge", "line-color", "--yw-map-edge"],
  ["community-lines", "line-color", "--yw-map-community"],
  ["street-lines", "line-color", "--yw-map-street"],
  ["grid-lines", "line-color", "--yw-brand-bright"],
  ["street-names", "text-color", "--yw-map-label"],
  ["street-names", "text-halo-color", "--yw-map-land"],
  ["community-names", "text-color", "--yw-map-label-soft"],
  ["community-names", "text-halo-color", "--yw-map-land"],
];

function layers(color: TokenColor, name: ExpressionSpecification): LayerSpecification[] {
  const wide = ["interpolate", ["linear"], ["zoom"], 8, 10, 12, 26] as never;
  return [
    { id: "outside", type: "background", paint: { "background-color": color("--yw-map-outside") } },
    {
      id: "halo",
      type: "line",
      source: "district",
      paint: { "line-color": color("--yw-map-edge"), "line-width": wide, "line-blur": 14, "line-opacity": 0.28 },
    },
    { id: "land", type: "fill", source: "district", paint: { "fill-color": color("--yw-map-land") } },
    {
      id: "street-tints",
      type: "fill",
      source: "streets",
      paint: {
        "fill-color": color("--yw-map-land-alt"),
        "fill-opacity": ["match", ["get", "tone"], 0, 0, 1, 0.55, 1],
      },
    },
    {
      id: "community-lines",
      type: "line",
      source: "communities",
      minzoom: 10.5,
      paint: {
        "line-color": color("--yw-map-community"),
        "line-width": ["interpolate", ["linear"], ["zoom"], 10.5, 0.5, 14, 1.2],
      },
    },
    {
      id: "grid-lines",
      type: "line",
      source: "grids",
      paint: {
        "line-color": color("--yw-brand-bright"),
        "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.4, 13, 1.4],
        "line-opacity": 0.75,
      },
    },
    {
      id: "street-lines",
      type: "line",
      source: "streets",
      paint: {
        "line-color": color("--yw-map-street"),
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.7, 12, 1.6],
        "line-dasharray": [4, 2, 1, 2],
      },
    },
    {
      id: "chosen-area",
      type: "fill",
      source: "chosen",
      paint: { "fill-color": color("--yw-brand-bright"), "fill-opacity": 0.07 },
    },
    {
      id: "chosen-edge",
      type: "line",
      source: "chosen",
      paint: { "line-color": color("--yw-brand-bright"), "line-width": 2 },
    },
    {
      id: "edge",
      type: "line",
      source: "district",
      paint: {
        "line-color": color("--yw-map-edge"),
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1.4, 12, 2.4],
      },
    },
    {
      id: "community-names",
      type: "symbol",
      source: "community-points",
      minzoom: 11.6,
      layout: { "text-field": name, "text-font": REGULAR, "text-size": 11, "text-padding": 6 },
      paint: {
        "text-color": color("--yw-map-label-soft"),
        "text-halo-color": color("--yw-map-land"),
        "text-halo-width": 1.4,
      },
    },
    {
      id: "street-names",
      type: "symbol",
      source: "street-points",
      layout: {
        "text-field": name,
        "text-font": BOLD,
        "text-size": ["interpolate", ["linear"], ["zoom"], 8, 11, 12, 15],
        "text-letter-spacing": 0.12,
        // A name steps aside for what lies on the map.
        "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
        "text-radial-offset": 1.4,
        "text-justify": "auto",
        "text-max-width": 7,
        "text-padding": 4,
      },
      paint: {
        "text-color": color("--yw-map-label"),
        "text-halo-color": color("--yw-map-land"),
        "text-halo-width": 1.8,
        "text-opacity": ["interpolate", ["linear"], ["zoom"], 12.5, 1, 14, 0.45],
      },
    },
  ];
}

/** No glyphs address is given on purpose: the engine then draws every letter from this machine's own fonts. */
export function baseStyle(
  color: TokenColor,
  name: ExpressionSpecification,
  data: Record<string, FeatureCollection>,
): StyleSpecification {
  return {
    version: 8,
    sources: Object.fromEntries(SOURCES.map((key) => [key, { type: "geojson", data: data[key] ?? EMPTY }])),
    layers: layers(color, name),
  };
}
