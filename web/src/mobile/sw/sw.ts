/**
 * The service worker of the phone's app, written by hand: docs/adr says why.
 *
 * The files of one build are kept under its version, whole or not at all. The page itself comes from there, so that it
 * opens at once and without a network; answers of the API are never kept here: what one person may see belongs into
 * that person's own store.
 */
import { kindOf } from "./kinds.ts";

interface Waits extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}
interface Asked extends Waits {
  request: Request;
  respondWith: (answer: Promise<Response>) => void;
}
interface Worker {
  addEventListener: ((kind: "install" | "activate", listen: (event: Waits) => void) => void) &
    ((kind: "fetch", listen: (event: Asked) => void) => void) &
    ((kind: "message", listen: (event: MessageEvent) => void) => void);
  skipWaiting: () => Promise<void>;
  clients: { claim: () => Promise<void> };
}

const worker = self as unknown as Worker;
const VERSION = "%version%";
const FILES = "%files%" as unknown as string[];
const SHELL = `phone-${VERSION}`;
/** Parts that only some pages need, each under the name of its content: kept when first shown. */
const PARTS = "phone-parts";
const PAGE = "/m/";

async function install(): Promise<void> {
  const kept = await caches.open(SHELL);
  await kept.addAll([PAGE, ...FILES.map((name) => `/m/${name}`)].map((url) => new Request(url, { cache: "no-cache" })));
}

async function tidy(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("phone-") && name !== SHELL && name !== PARTS).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function fromKept(request: Request | string): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function part(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept !== undefined) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await (await caches.open(PARTS)).put(request, fresh.clone());
  return fresh;
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(tidy()));
worker.addEventListener("message", (event) => {
  if (event.data === "take-over") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const kind = kindOf(request.method, new URL(request.url), request.mode === "navigate", location.origin);
  if (kind === "page") event.respondWith(fromKept(PAGE));
  else if (kind === "part") event.respondWith(part(request));
  else if (kind === "file") event.respondWith(fromKept(request));
});
