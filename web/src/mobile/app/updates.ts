/** The service worker: keeps the app on the phone, and says when a new one has come. */
import { ref, shallowRef } from "vue";

const LOOK_EVERY_MS = 30 * 60_000;

/** A new version is here and waits until it is asked for. */
export const updateReady = ref(false);
const waiting = shallowRef<ServiceWorker | null>(null);

function watchFor(registration: ServiceWorkerRegistration): void {
  const note = (worker: ServiceWorker | null) => {
    if (worker === null || navigator.serviceWorker.controller === null) return;
    waiting.value = worker;
    updateReady.value = true;
  };
  note(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => {
      if (fresh.state === "installed") note(fresh);
    });
  });
  setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
}

/** Registers it; a page without a secure address has none and works as long as there is a network. */
export function keepApp(): void {
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker
    .register("/m/sw.js", { scope: "/m/", updateViaCache: "none" })
    .then(watchFor)
    .catch(() => undefined);
}

/** Changes over to the new version: what is half written is kept by the pages themselves. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
  waiting.value?.postMessage("take-over");
}
