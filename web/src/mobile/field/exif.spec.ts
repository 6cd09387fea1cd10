import exifr from "exifr/dist/full.esm.mjs";
import { describe, expect, it } from "vitest";
import { withExif } from "./exif.ts";

/** The least that is a JPEG: its beginning, a scan of nothing, its end. */
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0xd9]);

describe("when and where", () => {
  it.each([
    [114.8015, 30.8412],
    [-0.000_01, -33.5],
    [179.999_99, 0],
  ])("is read as it was written: %f %f", async (lon, lat) => {
    const at = new Date("2026-07-12T06:30:09Z");
    const made = withExif(JPEG, { at, place: { lon, lat } });
    const read = await exifr.parse(made, { reviveValues: false });
    expect(read.latitude).toBeCloseTo(lat, 5);
    expect(read.longitude).toBeCloseTo(lon, 5);
    const said = `${read.DateTimeOriginal.replace(":", "-").replace(":", "-").replace(" ", "T")}${read.OffsetTimeOriginal}`;
    expect(new Date(said)).toEqual(at);
  });

  it("needs no place", async () => {
    const made = withExif(JPEG, { at: new Date("2026-01-02T03:04:05Z"), place: null });
    expect(await exifr.gps(made)).toBeUndefined();
    expect((await exifr.parse(made)).DateTimeOriginal).toBeInstanceOf(Date);
  });

  it("goes into nothing but a JPEG", () => {
    expect(() => withExif(new Uint8Array([1, 2, 3]), { at: new Date(), place: null })).toThrow(RangeError);
  });
});
