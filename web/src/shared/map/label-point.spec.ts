import { describe, expect, it } from "vitest";
import { boundsOf, namePoints, type AreaFeature } from "./geo-layers.ts";
import { labelPoint } from "./label-point.ts";

const square = [[[0, 0], [4, 0], [4, 2], [0, 2], [0, 0]]];
/** A horseshoe open to the east: its middle is outside. */
const horseshoe = [[[0, 0], [6, 0], [6, 2], [2, 2], [2, 4], [6, 4], [6, 6], [0, 6], [0, 0]]];

describe("labelPoint", () => {
  it("is the middle of a plain shape", () => {
    expect(labelPoint({ type: "Polygon", coordinates: square })).toEqual([2, 1]);
  });

  it("stays inside a shape that bends around its middle", () => {
    const [lon, lat] = labelPoint({ type: "Polygon", coordinates: horseshoe });
    const inFoot = lon > 0 && lon < 6 && ((lat > 0 && lat < 2) || (lat > 4 && lat < 6));
    const inBack = lon > 0 && lon < 2;
    expect(inFoot || inBack).toBe(true);
  });

  it("avoids a hole", () => {
    const hole = [[1, 0.5], [3, 0.5], [3, 1.5], [1, 1.5], [1, 0.5]];
    const [lon, lat] = labelPoint({ type: "Polygon", coordinates: [...square, hole] });
    expect(lon > 1 && lon < 3 && lat > 0.5 && lat < 1.5).toBe(false);
  });

  it("takes the largest part of several", () => {
    const far = [[[10, 10], [10.5, 10], [10.5, 10.5], [10, 10.5], [10, 10]]];
    expect(labelPoint({ type: "MultiPolygon", coordinates: [far, square] })).toEqual([2, 1]);
  });
});

describe("layers", () => {
  const feature: AreaFeature = {
    type: "Feature",
    properties: { code: "1", name: "甲", name_en: "A" },
    geometry: { type: "MultiPolygon", coordinates: [square] },
  };

  it("knows the box around areas", () => {
    expect(boundsOf([feature])).toEqual([0, 0, 4, 2]);
  });

  it("gives each area one named point", () => {
    const [point] = namePoints({ type: "FeatureCollection", features: [feature] }).features;
    expect(point?.geometry.coordinates).toEqual([2, 1]);
    expect(point?.properties.name).toBe("甲");
  });
});
