/** Word of new notices by the browser itself, for those who look elsewhere: a card of the system, a soft sound. Asked for by the
 * person, kept in this browser. */
import { reactive, watch } from "vue";

const KEY = "yiwang.browser-notices";
const TOLD = "yiwang.told-notice";
/** Another tab that is being looked at says so first. */
const PATIENCE_MS = 400;

export interface Wishes {
  cards: boolean;
  sound: boolean;
}

function kept(): Wishes {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Wishes>;
    return { cards: found.cards === true, sound: found.sound === true };
  } catch {
    return { cards: false, sound: false };
  }
}

export const wishes = reactive<Wishes>(kept());
watch(wishes, () => localStorage.setItem(KEY, JSON.stringify(wishes)));

export type Allowed = "yes" | "no" | "not_asked" | "impossible";

/** What the browser says to cards; they are possible over https and on this machine only. */
export function allowed(): Allowed {
  if (typeof Notification === "undefined" || !window.isSecureContext) return "impossible";
  return Notification.permission === "granted" ? "yes" : Notification.permission === "denied" ? "no" : "not_asked";
}

/** Asks the person; only ever upon a click of theirs. */
export async function ask(): Promise<Allowed> {
  if (allowed() === "not_asked") await Notification.requestPermission();
  return allowed();
}

let sounding: AudioContext | undefined;

/** Two soft notes, made here: nothing is loaded. */
export async function chime(): Promise<void> {
  sounding ??= new AudioContext();
  await sounding.resume();
  const begin = sounding.currentTime;
  for (const [after, pitch] of [[0, 660], [0.16, 880]] as const) {
    const tone = sounding.createOscillator();
    const volume = sounding.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, begin + after);
    volume.gain.linearRampToValueAtTime(0.07, begin + after + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + after + 0.45);
    tone.connect(volume).connect(sounding.destination);
    tone.start(begin + after);
    tone.stop(begin + after + 0.5);
  }
}

export interface Word {
  id: number;
  title: string;
  body: string;
  open: () => void;
}

function card(word: Word): void {
  const shown = new Notification(word.title, { body: word.body, tag: `yiwang-${word.id}`, icon: "/favicon.svg" });
  shown.onclick = () => {
    window.focus();
    word.open();
    shown.close();
  };
}

/** As it would be, at once: so that a person hears and sees what they chose. */
export async function tryOut(word: Word): Promise<void> {
  if (wishes.sound) await chime();
  if (wishes.cards && allowed() === "yes") card(word);
}

const looking = (): boolean => document.visibilityState === "visible" && document.hasFocus();

/** Takes the telling of a notice on, for all tabs of this browser: true for the first that asks. */
export function takeOn(id: number): boolean {
  if (Number(localStorage.getItem(TOLD) ?? 0) >= id) return false;
  localStorage.setItem(TOLD, String(id));
  return true;
}

/** Tells of a new notice, once in all tabs; not at all while one of them is being looked at, where the bell shows it. */
export async function tell(word: Word): Promise<void> {
  if (looking()) {
    takeOn(word.id);
    return;
  }
  await new Promise((done) => setTimeout(done, PATIENCE_MS));
  if (!takeOn(word.id)) return;
  // A browser that has not been touched since it was opened makes no sound.
  if (wishes.sound) await chime().catch(() => undefined);
  if (wishes.cards && allowed() === "yes") card(word);
}
