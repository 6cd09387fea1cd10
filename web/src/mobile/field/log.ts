/** The log of what a person did: whole or not at all, in order, kept until the server has said what became of it. */
import { uuid7 } from "#shared/api/ids.ts";
import type { FieldDb, LoggedCommand, Picture } from "./db.ts";
import type { Answer, CommandIn } from "./wire.ts";
import { problem } from "./wire.ts";

export interface NewCommand {
  kind: string;
  body: Record<string, unknown>;
  lane: string;
  title: string;
  /** Ids of photos in the store that the body names. */
  pictures?: string[];
  id?: string;
  /** So long, ms, its person may take it back. */
  holdMs?: number;
}

export interface Counts {
  /** Done here, not answered yet. */
  unsent: number;
  refused: number;
}

const OPEN = ["waiting", "sending"] as const;

/** Notes a command, and which photos are its own, in one transaction: either all of it is there, or nothing. */
export async function append(db: FieldDb, given: NewCommand, now: Date = new Date()): Promise<LoggedCommand> {
  const work = db.transaction(["meta", "commands", "pictures"], "readwrite");
  // A step that fails rejects by itself; the end of the whole need not be told twice.
  work.done.catch(() => undefined);
  const seq = (await work.objectStore("meta").get("next_seq")) as number;
  const command: LoggedCommand = {
    id: given.id ?? uuid7(now.getTime()),
    seq,
    kind: given.kind,
    at: now.toISOString(),
    // A copy without what a form adds to its values: only plain data is kept.
    body: JSON.parse(JSON.stringify(given.body)) as Record<string, unknown>,
    lane: given.lane,
    title: given.title,
    pictures: [...(given.pictures ?? [])],
    state: "waiting",
    result: null,
    problem: null,
    settled: null,
    ...(given.holdMs !== undefined && { notBefore: now.getTime() + given.holdMs }),
  };
  await work.objectStore("meta").put(seq + 1, "next_seq");
  await work.objectStore("commands").add(command);
  for (const id of command.pictures) {
    const picture = await work.objectStore("pictures").get(id);
    if (picture !== undefined) await work.objectStore("pictures").put({ ...picture, command: command.id });
  }
  await work.done;
  return command;
}

/** All that is kept, in the order in which it was done. */
export function all(db: FieldDb): Promise<LoggedCommand[]> {
  return db.getAllFromIndex("commands", "seq");
}

export async function open(db: FieldDb): Promise<LoggedCommand[]> {
  return (await all(db)).filter((command) => OPEN.includes(command.state as "waiting"));
}

export async function counts(db: FieldDb): Promise<Counts> {
  const [waiting, sending, refused] = await Promise.all(
    [...OPEN, "refused" as const].map((state) => db.countFromIndex("commands", "state", state)),
  );
  return { unsent: (waiting ?? 0) + (sending ?? 0), refused: refused ?? 0 };
}

export interface Ready {
  /** What can go out now, in order. */
  batch: LoggedCommand[];
  /** The first photo that something waits for; null when nothing does. */
  wants: Picture | null;
}

/**
 * What goes next. A command waits for its photos, and what is done later in the same lane waits for it; other lanes
 * go past. One whose photo cannot be taken goes as it is: the server says why not, and it lies in the conflict box.
 */
export function plan(commands: LoggedCommand[], pictures: Map<string, Picture>, most: number, now = Date.now()): Ready {
  const held = new Set<string>();
  const batch: LoggedCommand[] = [];
  let wants: Picture | null = null;
  for (const command of commands) {
    if (held.has(command.lane)) continue;
    const missing = command.pictures.map((id) => pictures.get(id)).find((picture) => picture?.state === "waiting");
    if (isHeld(command, now)) held.add(command.lane);
    else if (missing !== undefined) {
      wants ??= missing;
      held.add(command.lane);
    } else if (batch.length < most) batch.push(command);
    else break;
  }
  return { batch, wants };
}

/** A clock that was set back does not hold it longer than its person was told. */
function isHeld({ notBefore, at }: LoggedCommand, now: number): boolean {
  return notBefore !== undefined && now < notBefore && now >= Date.parse(at);
}

export const toWire = ({ id, seq, kind, at, body }: LoggedCommand): CommandIn => ({ id, seq, kind, at, body });

/** From here on the server may know of them: what they say stays as it is. */
export async function markSending(db: FieldDb, batch: LoggedCommand[]): Promise<void> {
  const work = db.transaction("commands", "readwrite");
  await Promise.all([...batch.map((command) => work.store.put({ ...command, state: "sending" })), work.done]);
}

/** Notes what became of a command; photos of what is done have been taken over and go from the phone. */
export async function settle(db: FieldDb, answer: Answer, now: Date = new Date()): Promise<void> {
  const work = db.transaction(["commands", "pictures"], "readwrite");
  const command = await work.objectStore("commands").get(answer.id);
  if (command !== undefined && answer.state !== "waiting" && OPEN.includes(command.state as "waiting")) {
    const isRefused = answer.state === "refused";
    const said = answer.problem ?? {};
    await work.objectStore("commands").put({
      ...command,
      state: isRefused ? "refused" : "done",
      result: answer.result ?? null,
      problem: isRefused ? problem(said.code ?? "unexpected", said) : null,
      settled: now.toISOString(),
    });
    if (!isRefused) for (const id of command.pictures) await work.objectStore("pictures").delete(id);
  }
  await work.done;
}

/** Takes a command back that has not gone out; false when it has. */
export async function withdraw(db: FieldDb, id: string): Promise<boolean> {
  const work = db.transaction(["commands", "pictures"], "readwrite");
  const command = await work.objectStore("commands").get(id);
  const isHere = command?.state === "waiting";
  if (isHere) {
    await work.objectStore("commands").delete(id);
    for (const key of command.pictures) {
      const picture = await work.objectStore("pictures").get(key);
      if (picture !== undefined) await work.objectStore("pictures").put({ ...picture, command: null });
    }
  }
  await work.done;
  return isHere;
}

/** A command of the conflict box was put right or given up: nothing of it is left to do here. */
export async function forget(db: FieldDb, id: string): Promise<void> {
  const work = db.transaction(["commands", "pictures"], "readwrite");
  const command = await work.objectStore("commands").get(id);
  await work.objectStore("commands").delete(id);
  for (const picture of command?.pictures ?? []) await work.objectStore("pictures").delete(picture);
  await work.done;
}

const KEEP_DONE_MS = 7 * 24 * 3_600_000;
const KEEP_DRAFTS_MS = 7 * 24 * 3_600_000;

/** Takes away what was done long ago, and photos that no command and no draft needs any more. */
export async function tidy(db: FieldDb, now: number = Date.now()): Promise<void> {
  const work = db.transaction(["commands", "pictures"], "readwrite");
  for (const command of await work.objectStore("commands").index("state").getAll("done")) {
    if (now - Date.parse(command.settled ?? command.at) > KEEP_DONE_MS) await work.objectStore("commands").delete(command.id);
  }
  for (const picture of await work.objectStore("pictures").getAll()) {
    if (picture.command === null && now - picture.added > KEEP_DRAFTS_MS) await work.objectStore("pictures").delete(picture.id);
  }
  await work.done;
}
