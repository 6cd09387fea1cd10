// @vitest-environment happy-dom
import { effectScope } from "vue";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "#shared/api/problem.ts";
import { upload } from "#shared/api/upload.ts";
import { admit, PHOTO_LIMIT_BYTES, usePhotoUploads } from "./usePhotoUploads.ts";

vi.mock("#shared/api/upload.ts", () => ({ upload: vi.fn() }));
const sent = vi.mocked(upload);

function photo(name: string, type = "image/jpeg", size = 10): File {
  const file = new File(["x"], name, { type });
  Object.defineProperty(file, "size", { value: size });
  return file;
}

/** As a component would make it. */
const make = () => effectScope(true).run(usePhotoUploads) as ReturnType<typeof usePhotoUploads>;
const settle = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  sent.mockReset();
  URL.createObjectURL = () => "blob:preview";
  URL.revokeObjectURL = vi.fn();
});

describe("admit", () => {
  it("refuses what is no photo, what is too large and what is too much, each with its reason", () => {
    const files = [photo("a.jpg"), photo("b.pdf", "application/pdf"), photo("c.png", "image/png", PHOTO_LIMIT_BYTES + 1), photo("d.webp", "image/webp"), photo("e.jpg")];
    const { accepted, refused } = admit(files, 2);
    expect(accepted.map((file) => file.name)).toEqual(["a.jpg", "d.webp"]);
    expect(refused).toEqual([
      { reason: "wrong_type", name: "b.pdf" },
      { reason: "too_large", name: "c.png", most: PHOTO_LIMIT_BYTES },
      { reason: "too_many" },
    ]);
  });
});

describe("usePhotoUploads", () => {
  it("gives file and slot once a photo is up", async () => {
    sent.mockResolvedValue({ id: "f1" } as never);
    const uploads = make();
    uploads.add([photo("a.jpg")], "near");
    expect(uploads.busy.value).toBe(true);
    await settle();
    expect(uploads.busy.value).toBe(false);
    expect(uploads.given.value).toEqual([{ file_id: "f1", slot: "near" }]);
  });

  it("sends a failed photo again under the same key", async () => {
    sent.mockRejectedValueOnce(new ApiProblem(0, "unreachable")).mockResolvedValueOnce({ id: "f2" } as never);
    const uploads = make();
    uploads.add([photo("a.jpg")], "after");
    await settle();
    expect(uploads.failed.value).toBe(true);
    expect(uploads.given.value).toEqual([]);
    const [first] = uploads.photos;
    if (first === undefined) throw new Error("no photo");
    await uploads.retry(first);
    expect(uploads.given.value).toEqual([{ file_id: "f2", slot: "after" }]);
    expect(sent.mock.calls[0]?.[1].key).toBe(sent.mock.calls[1]?.[1].key);
  });

  it("stops the upload of a photo that is taken away, and all when the form goes", () => {
    const signals: AbortSignal[] = [];
    sent.mockImplementation((_file, options) => {
      if (options.signal !== undefined) signals.push(options.signal);
      return new Promise(() => undefined);
    });
    const scope = effectScope();
    scope.run(() => {
      const uploads = usePhotoUploads();
      uploads.add([photo("a.jpg"), photo("b.jpg")], "near");
      uploads.remove(uploads.photos[0]?.key ?? "");
      expect(uploads.photos).toHaveLength(1);
    });
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
    scope.stop();
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
  });
});
