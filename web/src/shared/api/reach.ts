/** Whether this browser has a network, and whether the server answered last time. */
import { readonly, ref } from "vue";

const hasNetwork = ref(typeof navigator === "undefined" || navigator.onLine);
const hasServer = ref(true);

if (typeof window !== "undefined") {
  window.addEventListener("online", () => (hasNetwork.value = true));
  window.addEventListener("offline", () => (hasNetwork.value = false));
}

export const network = readonly(hasNetwork);
export const server = readonly(hasServer);

export function noteAnswer(status: number): void {
  hasServer.value = !(status === 502 || status === 503 || status === 504);
}

export function noteSilence(): void {
  hasServer.value = false;
}
