/** Where the name of an area is written: once per area, always inside it. */
import type { MultiPolygon, Polygon, Position } from "geojson";

export type AreaGeometry = Polygon | MultiPolygon;

function ringArea(ring: Position[]): number {
  let twice = 0;
  for (let index = 0; index < ring.length; index += 1) {
    const [x1 = 0, y1 = 0] = ring[index] ?? [];
    const [x2 = 0, y2 = 0] = ring[(index + 1) % ring.length] ?? [];
    twice += x1 * y2 - x2 * y1;
  }
  return Math.abs(twice) / 2;
}

function largest(geometry: AreaGeometry): Position[][] {
  if (geometry.type === "Polygon") return geometry.coordinates;
  const byArea = [...geometry.coordinates].sort((a, b) => ringArea(b[0] ?? []) - ringArea(a[0] ?? []));
  return byArea[0] ?? [];
}

/** Where a horizontal line crosses the rings, from west to east. */
function crossings(rings: Position[][], y: number): number[] {
  const found: number[] = [];
  for (const ring of rings) {
    for (let index = 0; index < ring.length; index += 1) {
      const [x1 = 0, y1 = 0] = ring[index] ?? [];
      const [x2 = 0, y2 = 0] = ring[(index + 1) % ring.length] ?? [];
      if (y1 > y !== y2 > y) found.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
    }
  }
  return found.sort((a, b) => a - b);
}

/** Middle of the widest stretch on one of a few horizontal lines near the middle: [lon, lat] in degrees. */
export function labelPoint(geometry: AreaGeometry): [number, number] {
  const rings = largest(geometry);
  const heights = (rings[0] ?? []).map((position) => position[1] ?? 0);
  const south = Math.min(...heights);
  const north = Math.max(...heights);
  let best = { width: -1, lon: 0, lat: 0 };
  for (const share of [0.5, 0.42, 0.58, 0.34, 0.66]) {
    const lat = south + (north - south) * share;
    const xs = crossings(rings, lat);
    for (let index = 0; index + 1 < xs.length; index += 2) {
      const [west = 0, east = 0] = [xs[index], xs[index + 1]];
      const width = (east - west) * (1 - Math.abs(share - 0.5));
      if (width > best.width) best = { width, lon: (west + east) / 2, lat };
    }
  }
  return [best.lon, best.lat];
}
