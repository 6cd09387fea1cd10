import type { Photo } from "#shared/api/types.ts";
import { EVIDENCE } from "#shared/forms/usePhotoUploads.ts";

const AFTER_SLOTS = ["after", "check"];

/** What was found, and what it looks like since; evidence of a request is neither. */
export function beforeAndAfter(photos: Photo[]): { before: Photo[]; after: Photo[] } {
  const places = photos.filter((photo) => photo.slot !== EVIDENCE);
  const after = places.filter((photo) => AFTER_SLOTS.includes(photo.slot));
  return { before: places.filter((photo) => !AFTER_SLOTS.includes(photo.slot)), after };
}
