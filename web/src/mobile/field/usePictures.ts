/** Photos of what is being filled in: on the phone from the moment they are taken, each with what it shows. */
import { computed, onScopeDispose, reactive, ref } from "vue";
import type { PhotoIn } from "#shared/api/types.ts";
import type { Picture } from "./db.ts";
import { fieldDb } from "./field.ts";
import { keepPicture, keepShot, readPicture, removePicture } from "./pictures.ts";

export interface Shown {
  id: string;
  slot: string;
  /** An address within this page. */
  url: string;
}

export interface KeptShown {
  id: string;
  slot: string;
}

type Place = { lon: number; lat: number } | null;

export const MOST_PICTURES = 12;

export function usePictures() {
  const list = reactive<Shown[]>([]);
  const failed = ref(false);
  const busy = ref(0);
  const given = computed<PhotoIn[]>(() => list.map(({ id, slot }) => ({ file_id: id, slot })));
  const kept = computed<KeptShown[]>(() => list.map(({ id, slot }) => ({ id, slot })));
  const ids = computed(() => list.map((one) => one.id));

  function show({ id, blob }: Picture, slot: string): void {
    list.push({ id, slot, url: URL.createObjectURL(blob) });
  }

  async function take(making: () => Promise<Picture>, slot: string): Promise<void> {
    failed.value = false;
    busy.value += 1;
    try {
      show(await making(), slot);
    } catch {
      failed.value = true;
    } finally {
      busy.value -= 1;
    }
  }

  const room = (): boolean => list.length + busy.value < MOST_PICTURES;

  async function add(files: Iterable<File>, slot: () => string, place: Place): Promise<void> {
    for (const file of files) if (room()) await take(async () => keepPicture(await fieldDb(), file, place), slot());
  }

  async function shoot(canvas: HTMLCanvasElement, slot: string, place: Place): Promise<void> {
    if (room()) await take(async () => keepShot(await fieldDb(), canvas, place), slot);
  }

  function drop(id: string): void {
    const index = list.findIndex((one) => one.id === id);
    const [gone] = index < 0 ? [] : list.splice(index, 1);
    if (gone !== undefined) URL.revokeObjectURL(gone.url);
  }

  /** Takes a photo away for good. */
  async function remove(id: string): Promise<void> {
    drop(id);
    await removePicture(await fieldDb(), id);
  }

  /** A command has them now: they leave the screen, not the phone. */
  function release(): void {
    for (const id of ids.value) drop(id);
  }

  async function restore(saved: KeptShown[]): Promise<void> {
    const db = await fieldDb();
    for (const { id, slot } of saved) {
      const picture = list.some((one) => one.id === id) ? undefined : await readPicture(db, id);
      if (picture !== undefined) show(picture, slot);
    }
  }

  onScopeDispose(() => list.forEach((one) => URL.revokeObjectURL(one.url)));
  return { list, failed, busy, given, kept, ids, add, shoot, remove, release, restore };
}

export type Pictures = ReturnType<typeof usePictures>;
