import { describe, expect, it } from "vitest";
import { endsOf, placeAt, spanOf } from "./data.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 1, minute)).toISOString();
const trail = {
  lines: [
    [
      { at: at(0), lon: 114, lat: 30 },
      { at: at(10), lon: 114.1, lat: 30 },
    ],
    [
      { at: at(40), lon: 115, lat: 31 },
      { at: at(50), lon: 115, lat: 31.2 },
    ],
  ],
};

describe("a trail", () => {
  it("says where somebody was between two of its points", () => {
    const place = placeAt(trail, Date.parse(at(5)));
    expect(place?.[0]).toBeCloseTo(114.05);
    expect(place?.[1]).toBe(30);
  });

  it("stays at the last known point over a gap, and at its ends", () => {
    expect(placeAt(trail, Date.parse(at(20)))).toEqual([114.1, 30]);
    expect(placeAt(trail, Date.parse(at(0)) - 1)).toEqual([114, 30]);
    expect(placeAt(trail, Date.parse(at(59)))).toEqual([115, 31.2]);
    expect(placeAt({ lines: [] }, 0)).toBeNull();
  });

  it("knows its ends, and a day of the district", () => {
    expect(endsOf(trail)).toEqual([Date.parse(at(0)), Date.parse(at(50))]);
    expect(endsOf({ lines: [] })).toBeNull();
    expect(spanOf("2026-11-23")).toEqual({ from: "2026-11-22T16:00:00.000Z", to: "2026-11-23T16:00:00.000Z" });
  });
});
