/** Sending one file with progress. fetch cannot tell how much has gone up, XMLHttpRequest can. */
import { waitForSignIn } from "./gate.ts";
import { ApiProblem, problemFrom } from "./problem.ts";
import { csrfToken } from "./send.ts";
import type { StoredFile } from "./types.ts";

export interface UploadOptions {
  /** Stays the same when the same file is sent again. */
  key: string;
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}

function post(file: File, options: UploadOptions): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/files");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Idempotency-Key", options.key);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => resolve({ status: request.status, body: parse(request.responseText) });
    request.onerror = () => reject(new ApiProblem(0, "unreachable"));
    request.onabort = () => reject(new ApiProblem(0, "aborted"));
    options.signal?.addEventListener("abort", () => request.abort(), { once: true });
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}

export async function upload(file: File, options: UploadOptions): Promise<StoredFile> {
  let answer = await post(file, options);
  if (answer.status === 401 && (await waitForSignIn())) answer = await post(file, options);
  if (answer.status >= 400) throw problemFrom(answer.status, answer.body);
  return answer.body as StoredFile;
}
