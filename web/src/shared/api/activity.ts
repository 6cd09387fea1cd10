/** When the person at this browser last did something: what a page asks for by itself is no use of the session. */

const KEY = "yiwang.last-input";
/** From here on a request is the page's own (a poll, the news), not the person's. */
const OWN_MS = 60_000;
const TOLD_EVERY_MS = 5_000;
let lastInput = Date.now();
let told = 0;
let lastUse = 0;

/** Every tab of this browser hears of it: they share one session. */
function noteInput(): void {
  lastInput = Date.now();
  if (lastInput - told < TOLD_EVERY_MS) return;
  told = lastInput;
  localStorage.setItem(KEY, String(lastInput));
}

if (typeof window !== "undefined") {
  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) window.addEventListener(sign, noteInput, { capture: true, passive: true });
  window.addEventListener("storage", (event) => {
    if (event.key === KEY) lastInput = Math.max(lastInput, Number(event.newValue) || 0);
  });
}

export const sinceInput = (): number => Date.now() - lastInput;
export const sinceUse = (): number => Date.now() - lastUse;

/** Marks a request that nobody asked for. */
export function markBackground(request: Request): void {
  if (sinceInput() >= OWN_MS) request.headers.set("X-Background", "1");
  else lastUse = Date.now();
}

/** As if the person had just done something: they have signed in, or said that they stay. */
export function stay(): void {
  told = 0;
  noteInput();
}
