/** The one way a request leaves this page: cookie, CSRF token, idempotency key, retry, signing in again. */
import { markBackground } from "./activity.ts";
import { waitForSignIn } from "./gate.ts";
import { uuid7 } from "./ids.ts";
import { noteAnswer, noteSilence } from "./reach.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const BUSY = new Set([502, 503, 504]);
const PAUSES_MS = [400, 1200];
/** Who says to come back later than this is not asked again at once. */
const PATIENCE_S = 5;

export function csrfToken(cookie: string = document.cookie): string {
  const found = /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookie);
  return found?.[1] === undefined ? "" : decodeURIComponent(found[1]);
}

/** A write carries a key from its first try on, so that the server knows its second try. */
export function prepare(request: Request): Request {
  markBackground(request);
  if (SAFE.has(request.method)) return request;
  request.headers.set("X-CSRFToken", csrfToken());
  if (!request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", uuid7());
  return request;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function wantsAgain(response: Response): boolean {
  return BUSY.has(response.status) && Number(response.headers.get("Retry-After") ?? 0) <= PATIENCE_S;
}

async function attempt(request: Request): Promise<Response | null> {
  try {
    const response = await fetch(request.clone());
    noteAnswer(response.status);
    return wantsAgain(response) ? null : response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    noteSilence();
    return null;
  }
}

/** Sends; when nobody answers, sends the very same request again, twice at most. */
async function sendPatiently(request: Request): Promise<Response> {
  for (const ms of PAUSES_MS) {
    const response = await attempt(request);
    if (response !== null) return response;
    await pause(ms);
  }
  const last = await fetch(request.clone()).catch((error: unknown) => {
    noteSilence();
    throw error;
  });
  noteAnswer(last.status);
  return last;
}

/** Signing in and asking who one is answer 401 as a matter of course. */
function isAboutSession(request: Request): boolean {
  return new URL(request.url).pathname.endsWith("/session");
}

export async function send(input: Request): Promise<Response> {
  const request = prepare(input);
  const response = await sendPatiently(request);
  if (response.status !== 401 || isAboutSession(request)) return response;
  const again = await waitForSignIn();
  return again ? sendPatiently(prepare(request)) : response;
}
