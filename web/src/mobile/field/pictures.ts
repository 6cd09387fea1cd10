/** Photos on the phone: read when and where, made smaller, kept until they are up, sent from where they were left. */
import { uuid7 } from "#shared/api/ids.ts";
import type { FieldDb, Picture } from "./db.ts";
import { withExif } from "./exif.ts";

/** On the longer side, px: what a plate or a house number needs to be read. */
const LONGEST_PX = 2560;
/** A photo that is no larger goes as it is. */
const SMALL_BYTES = 900_000;
const QUALITY = 0.84;
/** A file that is not older was taken just now, even where it does not say so. */
const JUST_NOW_MS = 120_000;

export interface Taking {
  at: Date | null;
  place: { lon: number; lat: number } | null;
}

/** What the photo itself says of when and where; nothing is guessed but that a file made just now was taken just now. */
export async function readTaking(file: File, now: number = Date.now()): Promise<Taking> {
  const { default: exifr } = await import("exifr/dist/lite.esm.mjs");
  const read = (await exifr
    .parse(file, { pick: ["DateTimeOriginal", "OffsetTimeOriginal", "GPSLatitude", "GPSLatitudeRef", "GPSLongitude", "GPSLongitudeRef"] })
    .catch(() => undefined)) as { DateTimeOriginal?: Date; latitude?: number; longitude?: number } | undefined;
  const isFresh = Math.abs(now - file.lastModified) < JUST_NOW_MS;
  const at = read?.DateTimeOriginal ?? (isFresh ? new Date(file.lastModified) : null);
  const { latitude: lat, longitude: lon } = read ?? {};
  return { at, place: lat !== undefined && lon !== undefined ? { lon, lat } : null };
}

/** An upright JPEG of at most LONGEST_PX, which says when and where it was taken. Raises when it cannot be decoded. */
async function smaller(file: Blob, taking: Taking): Promise<Blob> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const share = Math.min(1, LONGEST_PX / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * share);
  canvas.height = Math.round(image.height * share);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return told(await asJpeg(canvas), taking);
}

export function asJpeg(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/jpeg", QUALITY);
  });
}

/** A JPEG that was just made, with when and where in it. */
export async function told(jpeg: Blob, taking: Taking): Promise<Blob> {
  if (taking.at === null) return jpeg;
  const bytes = new Uint8Array(await jpeg.arrayBuffer());
  return new Blob([withExif(bytes, { at: taking.at, place: taking.place }) as Uint8Array<ArrayBuffer>], { type: "image/jpeg" });
}

/**
 * Keeps a photo: it is on the phone before anything else happens to it. `place` is where the phone is now, for photos
 * that do not say. Raises when the file is no picture that this phone can read.
 */
export async function keepPicture(db: FieldDb, file: File, place: Taking["place"] = null): Promise<Picture> {
  const taking = await readTaking(file);
  const whole = { at: taking.at, place: taking.place ?? place };
  const isFit = file.type === "image/jpeg" && file.size <= SMALL_BYTES && taking.place !== null;
  const blob = isFit ? file : await smaller(file, whole);
  return put(db, blob, whole);
}

/** Keeps a photo that the page's own camera took. */
export async function keepShot(db: FieldDb, canvas: HTMLCanvasElement, place: Taking["place"], at = new Date()): Promise<Picture> {
  return put(db, await told(await asJpeg(canvas), { at, place }), { at, place });
}

async function put(db: FieldDb, blob: Blob, taking: Taking): Promise<Picture> {
  const id = uuid7();
  const picture: Picture = {
    id,
    blob,
    name: `${id}.jpg`,
    command: null,
    takenAt: taking.at?.toISOString() ?? null,
    // A plain copy: what a page watches cannot be stored.
    place: taking.place === null ? null : { lon: taking.place.lon, lat: taking.place.lat },
    state: "waiting",
    begun: false,
    sentBytes: 0,
    problem: null,
    added: Date.now(),
  };
  await db.add("pictures", picture);
  return picture;
}

export async function removePicture(db: FieldDb, id: string): Promise<void> {
  await db.delete("pictures", id);
}

/** Sees to it that a photo outlives what is being filled in, for the time of a draft. */
export async function readPicture(db: FieldDb, id: string): Promise<Picture | undefined> {
  return db.get("pictures", id);
}
