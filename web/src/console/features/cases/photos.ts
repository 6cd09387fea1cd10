import type { Photo } from "#shared/api/types.ts";

const AFTER_SLOTS = ["after", "check"];

/** What was found, and what it looks like since. */
export function beforeAndAfter(photos: Photo[]): { before: Photo[]; after: Photo[] } {
  const after = photos.filter((photo) => AFTER_SLOTS.includes(photo.slot));
  return { before: photos.filter((photo) => !AFTER_SLOTS.includes(photo.slot)), after };
}
