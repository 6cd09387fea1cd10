/** What a person's phone holds and does by itself: one for the person who is signed in. */
import { reactive, readonly } from "vue";
import { openStore, type FieldDb, type LoggedCommand } from "./db.ts";
import { makeLine } from "./line.ts";
import { append, counts, tidy, withdraw, type NewCommand } from "./log.ts";
import { passAlone, pauseAfter, type Outcome, type Surroundings } from "./sender.ts";

interface Standing {
  unsent: number;
  refused: number;
  sending: boolean;
  /** How the last pass ended. */
  outcome: Outcome;
  /** Milliseconds: when all was answered last. */
  lastSync: number | null;
  /** By how much this phone's clock is behind the server's, seconds. */
  skewS: number;
  /** Goes up whenever the store has changed: whoever shows something of it reads it again. */
  version: number;
  /** The photo that is on its way, and how much of it is up. */
  upload: { id: string; bytes: number } | null;
}

const blank = (): Standing => ({
  unsent: 0,
  refused: 0,
  sending: false,
  outcome: "idle",
  lastSync: null,
  skewS: 0,
  version: 0,
  upload: null,
});

const standing = reactive<Standing>(blank());
export const field = readonly(standing);

interface Running {
  userId: string;
  db: Promise<FieldDb>;
  channel: BroadcastChannel;
  retry: ReturnType<typeof setTimeout> | undefined;
  tries: number;
  /** A pass goes on; another shall follow it. */
  busy: boolean;
  again: boolean;
}

let running: Running | null = null;

/** Photos wait for a network that costs nothing, where the phone can tell. */
const WAIT_KEY = "yiwang.phone.photos-wait";
export const photosWait = {
  get: (): boolean => localStorage.getItem(WAIT_KEY) === "1",
  set: (wait: boolean): void => {
    localStorage.setItem(WAIT_KEY, wait ? "1" : "0");
    kick();
  },
};

interface Connection {
  type?: string;
  saveData?: boolean;
}

function mayUpload(): boolean {
  if (!photosWait.get()) return true;
  const { connection } = navigator as { connection?: Connection };
  return connection?.type === undefined || (connection.type !== "cellular" && connection.saveData !== true);
}

export function fieldDb(): Promise<FieldDb> {
  if (running === null) return Promise.reject(new Error("nobody is signed in"));
  return running.db;
}

export function startField(userId: string): void {
  if (running?.userId === userId) return kick();
  stopField();
  const channel = new BroadcastChannel(`field-${userId}`);
  const one: Running = { userId, db: openStore(userId), channel, retry: undefined, tries: 0, busy: false, again: false };
  running = one;
  channel.onmessage = () => void look(one);
  window.addEventListener("online", fresh);
  document.addEventListener("visibilitychange", seen);
  void one.db.then(async (db) => {
    const [last, skew] = await Promise.all([db.get("meta", "last_sync"), db.get("meta", "skew_s")]);
    standing.lastSync = (last as number | undefined) ?? null;
    standing.skewS = (skew as number | undefined) ?? 0;
    await tidy(db);
    await look(one);
    kick();
  });
}

export function stopField(): void {
  if (running === null) return;
  clearTimeout(running.retry);
  running.channel.close();
  window.removeEventListener("online", fresh);
  document.removeEventListener("visibilitychange", seen);
  void running.db.then((db) => db.close());
  running = null;
  Object.assign(standing, blank());
}

/** Notes what a person did, and sends it as soon as it can go. It is kept when this returns. */
export async function record(command: NewCommand): Promise<LoggedCommand> {
  const made = await append(await fieldDb(), command);
  changed();
  fresh();
  if (made.notBefore !== undefined) setTimeout(fresh, made.notBefore - Date.now() + 50);
  return made;
}

/** Takes back what has not gone out; false when it has. Its photos belong to what is being filled in again. */
export async function takeBack(id: string): Promise<boolean> {
  const back = await withdraw(await fieldDb(), id);
  changed();
  return back;
}

/** Something in the store is different: here, and in other tabs. */
export function changed(): void {
  if (running === null) return;
  running.channel.postMessage("changed");
  void look(running);
}

async function look(one: Running): Promise<void> {
  const now = await counts(await one.db);
  if (running !== one) return;
  Object.assign(standing, now);
  standing.version += 1;
}

function fresh(): void {
  if (running !== null) running.tries = 0;
  kick();
}

function seen(): void {
  if (document.visibilityState === "visible") fresh();
}

/** Sends what there is, now. */
export function kick(): void {
  if (running === null) return;
  if (running.busy) running.again = true;
  else void work(running);
}

async function work(one: Running): Promise<void> {
  one.busy = true;
  standing.sending = true;
  clearTimeout(one.retry);
  let outcome: Outcome;
  try {
    const db = await one.db;
    outcome = await passAlone(surroundings(one, db));
    if (outcome === "idle") await noteSync(db);
  } catch {
    outcome = "later";
  }
  one.busy = false;
  if (running !== one) return;
  standing.sending = false;
  standing.upload = null;
  standing.outcome = outcome;
  await look(one);
  if (one.again) {
    one.again = false;
    kick();
  } else if (outcome === "later" || outcome === "held") {
    one.retry = setTimeout(kick, pauseAfter(one.tries));
    one.tries += 1;
  }
}

async function noteSync(db: FieldDb): Promise<void> {
  standing.lastSync = Date.now();
  await db.put("meta", standing.lastSync, "last_sync");
}

function surroundings(one: Running, db: FieldDb): Surroundings {
  return {
    db,
    userId: one.userId,
    line: makeLine(db, (id, bytes) => (standing.upload = { id, bytes })),
    mayUpload,
    changed,
    skew: (seconds) => {
      standing.skewS = seconds;
      void db.put("meta", seconds, "skew_s");
    },
    // Only a page with a secure address has them.
    locks: (navigator as { locks?: Surroundings["locks"] }).locks,
  };
}
