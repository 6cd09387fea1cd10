/**
 * When and where a photo was taken, written into the photo: what the camera of a page leaves out, and what making a
 * photo smaller would lose. Source: CIPA DC-008 (Exif 2.32), sections 4.5 and 4.6.
 */
export interface Taken {
  at: Date;
  place: { lon: number; lat: number } | null;
}

const ASCII = 2;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;

interface Entry {
  tag: number;
  type: number;
  count: number;
  bytes: Uint8Array;
}

const u32 = (...values: number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => view.setUint32(4 * index, value));
  return new Uint8Array(view.buffer);
};

function ascii(tag: number, text: string): Entry {
  const bytes = new TextEncoder().encode(`${text}\0`);
  return { tag, type: ASCII, count: bytes.length, bytes };
}

/** Degrees, minutes and hundredths of a second. */
function degrees(tag: number, value: number): Entry {
  const hundredths = Math.round(Math.abs(value) * 360_000);
  const whole = [Math.floor(hundredths / 360_000), 1, Math.floor(hundredths / 6000) % 60, 1, hundredths % 6000, 100];
  return { tag, type: RATIONAL, count: 3, bytes: u32(...whole) };
}

const two = (n: number): string => String(n).padStart(2, "0");

function localTime(at: Date): string {
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join(":");
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
}

function offset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** A directory that begins at `start`, with the values that do not fit into it behind it. */
function directory(entries: Entry[], start: number): Uint8Array {
  const head = 2 + 12 * entries.length + 4;
  const behind = entries.reduce((sum, { bytes }) => sum + (bytes.length > 4 ? bytes.length + (bytes.length % 2) : 0), 0);
  const out = new Uint8Array(head + behind);
  const view = new DataView(out.buffer);
  view.setUint16(0, entries.length);
  let next = head;
  entries.forEach(({ tag, type, count, bytes }, index) => {
    const at = 2 + 12 * index;
    view.setUint16(at, tag);
    view.setUint16(at + 2, type);
    view.setUint32(at + 4, count);
    if (bytes.length <= 4) out.set(bytes, at + 8);
    else {
      view.setUint32(at + 8, start + next);
      out.set(bytes, next);
      next += bytes.length + (bytes.length % 2);
    }
  });
  return out;
}

function place({ lon, lat }: { lon: number; lat: number }): Entry[] {
  return [ascii(1, lat < 0 ? "S" : "N"), degrees(2, lat), ascii(3, lon < 0 ? "W" : "E"), degrees(4, lon)];
}

/** The APP1 segment of a JPEG that says when and where it was taken. */
export function exifSegment(taken: Taken): Uint8Array {
  const pointer = (tag: number, to: number): Entry => ({ tag, type: LONG, count: 1, bytes: u32(to) });
  const has = taken.place !== null;
  const exifAt = 8 + 2 + 12 * (has ? 2 : 1) + 4;
  const version: Entry = { tag: 0x9000, type: UNDEFINED, count: 4, bytes: new TextEncoder().encode("0232") };
  const times = [ascii(0x9003, localTime(taken.at)), ascii(0x9011, offset(taken.at))];
  const exif = directory([version, ...times], exifAt);
  const gpsAt = exifAt + exif.length;
  const gps = taken.place === null ? new Uint8Array() : directory(place(taken.place), gpsAt);
  const first = directory([pointer(0x8769, exifAt), ...(has ? [pointer(0x8825, gpsAt)] : [])], 8);
  const tiff = joined(new Uint8Array([0x4d, 0x4d, 0, 42, 0, 0, 0, 8]), first, exif, gps);
  const length = 2 + 6 + tiff.length;
  return joined(new Uint8Array([0xff, 0xe1, length >> 8, length & 0xff]), new TextEncoder().encode("Exif\0\0"), tiff);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A JPEG that has no Exif yet, with it. Raises RangeError when it is no JPEG. */
export function withExif(jpeg: Uint8Array, taken: Taken): Uint8Array {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw new RangeError("not a JPEG");
  return joined(jpeg.subarray(0, 2), exifSegment(taken), jpeg.subarray(2));
}
