import type { LonLat } from "#shared/map/PointPicker.vue";

/**
 * A point out of written coordinates: two decimal degrees in either order, whatever stands between them.
 *
 * Longitudes here lie above 70 and latitudes below 60, so that the order tells itself.
 */
export function parseLonLat(text: string): LonLat | null {
  const numbers = [...text.matchAll(/\d+(?:\.\d+)?/g)].map((match) => Number(match[0]));
  const [first, second] = numbers;
  if (numbers.length !== 2 || first === undefined || second === undefined) return null;
  const [lon, lat] = first > second ? [first, second] : [second, first];
  return lon > 70 && lon < 140 && lat > 0 && lat < 60 ? { lon, lat } : null;
}
