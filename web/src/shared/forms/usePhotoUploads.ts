/** Photos on their way up: chosen, checked, sent with progress, sent again when it failed. */
import { computed, onScopeDispose, reactive } from "vue";
import { uuid7 } from "#shared/api/ids.ts";
import { asProblem, type ApiProblem } from "#shared/api/problem.ts";
import type { PhotoIn } from "#shared/api/types.ts";
import { upload } from "#shared/api/upload.ts";

export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"];
export const PHOTO_LIMIT_BYTES = 20 * 1024 * 1024;
export const PHOTOS_PER_STEP = 12;

export interface PhotoDraft {
  key: string;
  name: string;
  slot: string;
  preview: string;
  /** 0 to 1. */
  progress: number;
  state: "sending" | "done" | "failed";
  fileId: string | null;
  problem: ApiProblem | null;
}

export type Refusal = { reason: "too_large" | "wrong_type"; name: string } | { reason: "too_many" };

interface Waiting {
  file: File;
  abort: AbortController;
}

/** Sorts chosen files into those that can go and those that cannot, with the reason. */
export function admit(files: File[], room: number): { accepted: File[]; refused: Refusal[] } {
  const refused: Refusal[] = [];
  const fitting = files.filter((file) => {
    if (!PHOTO_TYPES.includes(file.type)) refused.push({ reason: "wrong_type", name: file.name });
    else if (file.size > PHOTO_LIMIT_BYTES) refused.push({ reason: "too_large", name: file.name });
    else return true;
    return false;
  });
  if (fitting.length > room) refused.push({ reason: "too_many" });
  return { accepted: fitting.slice(0, room), refused };
}

export function usePhotoUploads(limit = PHOTOS_PER_STEP) {
  const photos = reactive<PhotoDraft[]>([]);
  const waiting = new Map<string, Waiting>();

  const busy = computed(() => photos.some((photo) => photo.state === "sending"));
  const failed = computed(() => photos.some((photo) => photo.state === "failed"));
  const given = computed<PhotoIn[]>(() =>
    photos.flatMap((photo) => (photo.fileId === null ? [] : [{ file_id: photo.fileId, slot: photo.slot }])),
  );

  async function send(photo: PhotoDraft): Promise<void> {
    const job = waiting.get(photo.key);
    if (job === undefined) return;
    photo.state = "sending";
    photo.problem = null;
    try {
      const onProgress = (share: number) => (photo.progress = share);
      const stored = await upload(job.file, { key: photo.key, onProgress, signal: job.abort.signal });
      photo.fileId = stored.id;
      photo.state = "done";
    } catch (error) {
      photo.problem = asProblem(error);
      photo.state = "failed";
    }
  }

  function add(files: File[], slot: string): Refusal[] {
    const { accepted, refused } = admit(files, limit - photos.length);
    for (const file of accepted) {
      const key = uuid7();
      waiting.set(key, { file, abort: new AbortController() });
      photos.push({
        key,
        name: file.name,
        slot,
        preview: URL.createObjectURL(file),
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

  function forget(photo: PhotoDraft): void {
    waiting.get(photo.key)?.abort.abort();
    waiting.delete(photo.key);
    URL.revokeObjectURL(photo.preview);
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
  return { photos, given, busy, failed, add, remove, retry: send, clear, limit };
}

export type PhotoUploads = ReturnType<typeof usePhotoUploads>;
