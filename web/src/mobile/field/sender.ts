/** Sends what the log holds: one tab at a time, photos first, in order, again and again until all is answered. */
import { deviceId, type FieldDb, type LoggedCommand, type Picture } from "./db.ts";
import { markSending, open, plan, settle, toWire } from "./log.ts";
import { MOST_AT_ONCE, NotSent, type Answers, type Batch } from "./wire.ts";

export interface Line {
  /** Who the server takes this browser for; throws NotSent. */
  who: () => Promise<string>;
  post: (batch: Batch) => Promise<Answers>;
  /** Sends a photo, from where it was left; throws NotSent. */
  upload: (picture: Picture) => Promise<void>;
}

export interface Surroundings {
  db: FieldDb;
  userId: string;
  line: Line;
  /** Whether photos may go now: a person can let them wait for a good network. */
  mayUpload: () => boolean;
  /** Something in the store has changed. */
  changed: () => void;
  /** By how much this phone's clock is behind, seconds. */
  skew?: (seconds: number) => void;
  locks?: { request: (name: string, work: () => Promise<Outcome>) => Promise<Outcome> } | undefined;
}

/** How a pass ended. `idle`: nothing is left to send; `held`: only what waits for a good network is. */
export type Outcome = "idle" | "held" | "later" | "sign-in";

/** Works in one tab at a time; where the browser has no locks, the server's own memory of ids keeps all once. */
export function passAlone(around: Surroundings): Promise<Outcome> {
  const run = () => pass(around);
  return around.locks === undefined ? run() : around.locks.request(`field-sender-${around.userId}`, run);
}

async function pass(around: Surroundings): Promise<Outcome> {
  const { db, userId, line } = around;
  if ((await open(db)).length === 0) return "idle";
  try {
    // Another tab may have signed somebody else in: nothing goes out in their name.
    if ((await line.who()) !== userId) return "sign-in";
    for (;;) {
      const commands = await open(db);
      if (commands.length === 0) return "idle";
      const pictures = new Map((await db.getAll("pictures")).map((picture) => [picture.id, picture]));
      const { batch, wants } = plan(commands, pictures, MOST_AT_ONCE);
      if (batch.length > 0) {
        if (!(await sendBatch(around, batch))) return "later";
      } else if (wants === null || !around.mayUpload()) return "held";
      else await sendPicture(around, wants);
    }
  } catch (error) {
    if (error instanceof NotSent) return error.why === "sign-in" ? "sign-in" : "later";
    throw error;
  }
}

/** False when the server asks to be left alone for a while. */
async function sendBatch(around: Surroundings, batch: LoggedCommand[]): Promise<boolean> {
  const { db, line } = around;
  await markSending(db, batch);
  around.changed();
  let answers: Answers;
  try {
    answers = await line.post({ device_id: await deviceId(db), sent_at: new Date().toISOString(), items: batch.map(toWire) });
  } catch (error) {
    if (!(error instanceof NotSent) || error.why !== "refused") throw error;
    // One of them cannot even be read: alone, it is told apart from the others.
    return batch.length > 1 ? sendOneByOne(around, batch) : refuse(around, batch, error);
  }
  around.skew?.(answers.skew_s);
  for (const answer of answers.items) await settle(db, answer);
  around.changed();
  return answers.items.every((answer) => answer.state !== "waiting");
}

async function sendOneByOne(around: Surroundings, batch: LoggedCommand[]): Promise<boolean> {
  for (const command of batch) if (!(await sendBatch(around, [command]))) return false;
  return true;
}

async function refuse(around: Surroundings, batch: LoggedCommand[], error: NotSent): Promise<boolean> {
  for (const { id } of batch) await settle(around.db, { id, state: "refused", problem: error.problem });
  around.changed();
  return true;
}

async function sendPicture(around: Surroundings, picture: Picture): Promise<void> {
  const { db, line } = around;
  try {
    await line.upload(picture);
    await note(db, picture.id, { state: "up", sentBytes: picture.blob.size });
  } catch (error) {
    if (!(error instanceof NotSent) || error.why !== "refused") throw error;
    await note(db, picture.id, { state: "refused", problem: error.problem });
  }
  around.changed();
}

async function note(db: FieldDb, id: string, change: Partial<Picture>): Promise<void> {
  const work = db.transaction("pictures", "readwrite");
  const now = await work.store.get(id);
  if (now !== undefined) await work.store.put({ ...now, ...change });
  await work.done;
}

const PAUSES_S = [2, 5, 15, 30, 60, 120, 300];

/** How long to wait after so many passes in vain, ms; a little chance, so that not all phones come back at once. */
export function pauseAfter(tries: number, chance: number = Math.random()): number {
  const seconds = PAUSES_S[Math.min(tries, PAUSES_S.length - 1)] ?? 300;
  return Math.round(seconds * 1000 * (0.8 + chance * 0.4));
}
