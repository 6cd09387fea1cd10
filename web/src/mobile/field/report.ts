/** A report from the spot: what it says, and what is still missing before it can go. */
import type { PhotoIn } from "#shared/api/types.ts";
import { PATROL } from "#shared/cases/sources.ts";
import type { Fix } from "./place.ts";

export const SELF_HANDLE = "self_handle";
/** What is seen in streets most, until this person's own habit is known. */
export const OFTEN = [
  "event.exposed_waste",
  "event.trading_on_road",
  "event.trading_outside_shop",
  "event.misparked_bicycles",
  "event.misparked_vehicle",
  "event.illegal_small_ads",
  "event.overflowing_bin",
  "event.road_flooding",
];
export const FOUND_SLOTS = ["near", "far", "reference"];
export const MENDED_SLOTS = ["before", "after"];

export interface Report {
  category: string;
  description: string;
  /** Chosen on the map; null: where the phone is. */
  point: { lon: number; lat: number } | null;
  address: string;
  /** Put right on the spot. */
  mended: boolean;
}

export const blankReport = (): Report => ({ category: "", description: "", point: null, address: "", mended: false });

export type Lacking = "photo" | "after" | "place" | "category";

export function lacking(report: Report, photos: PhotoIn[], here: Fix | null): Lacking[] {
  const slots = photos.map((photo) => photo.slot);
  const missing: Lacking[] = [];
  if (slots.length === 0) missing.push("photo");
  else if (report.mended && !(slots.includes("after") && slots.some((slot) => slot !== "after"))) missing.push("after");
  if (report.point === null && here === null) missing.push("place");
  if (report.category === "") missing.push("category");
  return missing;
}

/** The body of `cases.report`. What nobody wrote is the name of the class. */
export function reportBody(report: Report, photos: PhotoIn[], here: Fix | null, categoryName: string): Record<string, unknown> {
  const at = report.point ?? here;
  const said = report.description.trim();
  return {
    category: report.category,
    description: said.length < 2 ? categoryName : said,
    lon: at?.lon ?? 0,
    lat: at?.lat ?? 0,
    address: report.address.trim(),
    source: PATROL,
    photos,
    verb: report.mended ? SELF_HANDLE : "",
  };
}

/** What a photo that is taken now shows: the first that is not there yet, then the last. */
export function nextSlot(photos: { slot: string }[], slots: string[]): string {
  const taken = new Set(photos.map((photo) => photo.slot));
  return slots.find((slot) => !taken.has(slot)) ?? slots.at(-1) ?? "other";
}
