/** Photos, and other evidence, on their way up: chosen, checked, sent with progress, sent again when it failed. */
import { computed, onScopeDispose, reactive } from "vue";
import { uuid7 } from "#shared/api/ids.ts";
import { asProblem, type ApiProblem } from "#shared/api/problem.ts";
import type { PhotoIn, StoredFile } from "#shared/api/types.ts";
import { upload } from "#shared/api/upload.ts";

const MIB = 1024 * 1024;
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"];
export const PHOTO_LIMIT_BYTES = 20 * MIB;
export const PHOTOS_PER_STEP = 12;
/** Largest size by type, as the server has it. Documents and films prove something; only photos show it. */
const PHOTO_SIZES: Record<string, number> = Object.fromEntries(PHOTO_TYPES.map((type) => [type, PHOTO_LIMIT_BYTES]));
const EVIDENCE_SIZES: Record<string, number> = { ...PHOTO_SIZES, "application/pdf": 50 * MIB, "video/mp4": 100 * MIB };
export const EVIDENCE = "evidence";

/** The types that can be given where photos of these slots are asked for. */
export function typesFor(slots: string[]): Record<string, number> {
  return slots.includes(EVIDENCE) ? EVIDENCE_SIZES : PHOTO_SIZES;
}

export interface PhotoDraft {
  key: string;
  name: string;
  slot: string;
  /** Whether there is a picture to show; a document or a film has none. */
  isImage: boolean;
  preview: string;
  /** The server's own address of the picture; good for an hour or two. */
  stored: string;
  /** 0 to 1. */
  progress: number;
  state: "sending" | "done" | "failed";
  fileId: string | null;
  problem: ApiProblem | null;
}

/** What a draft keeps of a photo that is up already: unclaimed files stay on the server for a week. */
export interface KeptPhoto {
  file_id: string;
  slot: string;
  name: string;
  preview: string;
}

export type Refusal = { reason: "too_large"; name: string; most: number } | { reason: "wrong_type"; name: string } | { reason: "too_many" };

interface Waiting {
  file: File;
  abort: AbortController;
}

/** Sorts chosen files into those that can go and those that cannot, with the reason. */
export function admit(files: File[], room: number, types = PHOTO_SIZES): { accepted: File[]; refused: Refusal[] } {
  const refused: Refusal[] = [];
  const fitting = files.filter((file) => {
    const most = types[file.type];
    if (most === undefined) refused.push({ reason: "wrong_type", name: file.name });
    else if (file.size > most) refused.push({ reason: "too_large", name: file.name, most });
    else return true;
    return false;
  });
  if (fitting.length > room) refused.push({ reason: "too_many" });
  return { accepted: fitting.slice(0, room), refused };
}

/** Where a form is only tried out: nothing leaves this page. */
export const sendNowhere: Send = (_file, { key }) => Promise.resolve({ id: key, thumbnail_url: null });

type Send = (...given: Parameters<typeof upload>) => Promise<Pick<StoredFile, "id" | "thumbnail_url">>;

export function usePhotoUploads(limit = PHOTOS_PER_STEP, sendOne: Send = upload) {
  const photos = reactive<PhotoDraft[]>([]);
  const waiting = new Map<string, Waiting>();

  const busy = computed(() => photos.some((photo) => photo.state === "sending"));
  const failed = computed(() => photos.some((photo) => photo.state === "failed"));
  const given = computed<PhotoIn[]>(() =>
    photos.flatMap((photo) => (photo.fileId === null ? [] : [{ file_id: photo.fileId, slot: photo.slot }])),
  );
  const kept = computed<KeptPhoto[]>(() =>
    photos.flatMap((photo) =>
      photo.fileId === null ? [] : [{ file_id: photo.fileId, slot: photo.slot, name: photo.name, preview: photo.stored }],
    ),
  );

  async function send(photo: PhotoDraft): Promise<void> {
    const job = waiting.get(photo.key);
    if (job === undefined) return;
    photo.state = "sending";
    photo.problem = null;
    try {
      const onProgress = (share: number) => (photo.progress = share);
      const stored = await sendOne(job.file, { key: photo.key, onProgress, signal: job.abort.signal });
      photo.fileId = stored.id;
      photo.stored = stored.thumbnail_url ?? "";
      photo.state = "done";
    } catch (error) {
      photo.problem = asProblem(error);
      photo.state = "failed";
    }
  }

  function add(files: File[], slot: string, types = PHOTO_SIZES): Refusal[] {
    const { accepted, refused } = admit(files, limit - photos.length, types);
    for (const file of accepted) {
      const key = uuid7();
      waiting.set(key, { file, abort: new AbortController() });
      photos.push({
        key,
        name: file.name,
        slot,
        isImage: PHOTO_TYPES.includes(file.type),
        preview: URL.createObjectURL(file),
        stored: "",
        progress: 0,
        state: "sending",
        fileId: null,
        problem: null,
      });
      const photo = photos.at(-1);
      if (photo !== undefined) void send(photo);
    }
    return refused;
  }

  /** Shows again what a draft has kept. */
  function restore(list: KeptPhoto[]): void {
    for (const { file_id, slot, name, preview } of list) {
      if (photos.some((photo) => photo.fileId === file_id)) continue;
      const known = { key: uuid7(), name, slot, isImage: preview !== "", preview, stored: preview };
      photos.push({ ...known, progress: 1, state: "done", fileId: file_id, problem: null });
    }
  }

  function forget(photo: PhotoDraft): void {
    waiting.get(photo.key)?.abort.abort();
    waiting.delete(photo.key);
    if (photo.preview.startsWith("blob:")) URL.revokeObjectURL(photo.preview);
  }

  function remove(key: string): void {
    const index = photos.findIndex((photo) => photo.key === key);
    const photo = photos[index];
    if (photo === undefined) return;
    forget(photo);
    photos.splice(index, 1);
  }

  function clear(): void {
    photos.forEach(forget);
    photos.splice(0);
  }

  onScopeDispose(() => photos.forEach(forget));
  return { photos, given, kept, busy, failed, add, restore, remove, retry: send, clear, limit };
}

export type PhotoUploads = ReturnType<typeof usePhotoUploads>;
