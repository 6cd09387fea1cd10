/** The line to the server: who one is, commands, photos. Tries once; the sender knows when to try again. */
import { DetailedError, Upload } from "tus-js-client";
import { problemFrom } from "#shared/api/problem.ts";
import { noteAnswer, noteSilence } from "#shared/api/reach.ts";
import { csrfToken, prepare } from "#shared/api/send.ts";
import type { Session } from "#shared/api/types.ts";
import type { FieldDb, Picture } from "./db.ts";
import type { Line } from "./sender.ts";
import { NotSent, problem, type Answers } from "./wire.ts";

const PATIENCE_MS = 30_000;
/** What is lost at most when the network breaks. */
const PART_BYTES = 256 * 1024;
/** Answers that say nothing of what was sent: the network's, or a server that is busy. */
const LATER = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

function notSent(status: number, body: unknown): NotSent {
  const said = problemFrom(status, body);
  const isLater = LATER.has(status) || said.code === "csrf_failed";
  const why = status === 401 ? "sign-in" : isLater ? "later" : "refused";
  return new NotSent(why, problem(said.code, { detail: said.detail, params: said.params, errors: said.errors }));
}

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const request = prepare(new Request(new URL(path, location.origin), { ...init, signal: AbortSignal.timeout(PATIENCE_MS) }));
  let response: Response;
  try {
    response = await fetch(request);
  } catch {
    noteSilence();
    throw new NotSent("later", problem("unreachable"));
  }
  noteAnswer(response.status);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw notSent(response.status, body);
  return body as T;
}

/** Of a photo: where its upload is, that it was begun, and how far it is. */
async function send(db: FieldDb, picture: Picture, progress: (bytes: number) => void): Promise<void> {
  const uploads = `${location.origin}/api/v1/uploads`;
  const begun = async () => {
    const now = await db.get("pictures", picture.id);
    if (now !== undefined && !now.begun) await db.put("pictures", { ...now, begun: true });
  };
  await new Promise<void>((resolve, reject) => {
    const upload = new Upload(picture.blob, {
      endpoint: uploads,
      uploadUrl: picture.begun ? `${uploads}/${picture.id}` : null,
      metadata: { filename: picture.name, id: picture.id },
      headers: { "X-CSRFToken": csrfToken() },
      chunkSize: PART_BYTES,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => void begun(),
      onProgress: progress,
      onSuccess: () => resolve(),
      onError: reject,
    });
    upload.start();
  });
}

function wordFailure(error: unknown): NotSent {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  const status = response?.getStatus() ?? 0;
  noteAnswer(status);
  if (status === 0) noteSilence();
  let body: unknown = null;
  try {
    body = JSON.parse(response?.getBody() ?? "null");
  } catch {
    // An answer of something in between: its status says enough.
  }
  // The place where it stands has changed meanwhile: the next try asks for it.
  return status === 409 || status === 423 ? new NotSent("later", problem("upload_moved")) : notSent(status, body);
}

export function makeLine(db: FieldDb, progress: (id: string, bytes: number) => void): Line {
  return {
    who: async () => (await ask<Session>("/api/v1/session")).user.id,
    post: (batch) =>
      ask<Answers>("/api/v1/commands", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(batch) }),
    upload: async (picture) => {
      try {
        await send(db, picture, (bytes) => progress(picture.id, bytes));
      } catch (error) {
        throw wordFailure(error);
      }
    },
  };
}
