/** The store of one person on this phone: what was done and is not sent yet, photos, what is kept to work without a network. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { uuid7 } from "#shared/api/ids.ts";
import type { Problem } from "./wire.ts";

/** `sending`: it went out, its answer is not here; what it says must not change any more. */
export type CommandState = "waiting" | "sending" | "done" | "refused";

export interface LoggedCommand {
  /** UUIDv7; the server makes what the command makes under it. */
  id: string;
  /** Counts up on this phone; the order in which things were done. */
  seq: number;
  kind: string;
  /** By this phone's clock, ISO. */
  at: string;
  body: Record<string, unknown>;
  /** What it is about, such as "case:…": one that waits for its photos holds up only its own lane. */
  lane: string;
  /** What the person calls it, as worded when it was done. */
  title: string;
  /** Photos that have to be up before it goes. */
  pictures: string[];
  state: CommandState;
  result: unknown;
  problem: Problem | null;
  /** Ms: until then its person may take it back. */
  notBefore?: number;
  /** When it was answered, ISO. */
  settled: string | null;
}

/** A number that counts: photos not yet named by a command are drafts. */
export interface Picture {
  /** UUIDv7, and the id of the file on the server. */
  id: string;
  blob: Blob;
  name: string;
  /** Null while it belongs to what is still being filled in. */
  command: string | null;
  /** Of the photo itself, where it says so: ISO, degrees. */
  takenAt: string | null;
  place: { lon: number; lat: number } | null;
  /** `up`: the server has it whole. */
  state: "waiting" | "up" | "refused";
  /** Its upload was begun: go on, do not begin anew. */
  begun: boolean;
  sentBytes: number;
  problem: Problem | null;
  /** Milliseconds. */
  added: number;
}

export interface Position {
  at: string;
  lon: number;
  lat: number;
  accuracy_m: number;
  speed_mps?: number;
  heading?: number;
}

export interface Kept {
  key: string;
  value: unknown;
  /** Milliseconds: when the server said so. */
  at: number;
}

interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  commands: { key: string; value: LoggedCommand; indexes: { seq: number; state: string } };
  pictures: { key: string; value: Picture; indexes: { command: string } };
  packet: { key: string; value: Kept };
  drafts: { key: string; value: { key: string; value: unknown; at: number } };
  positions: { key: number; value: Position };
}

export type FieldDb = IDBPDatabase<Schema>;

const VERSION = 1;

/** One store for each person: what one has not sent yet can never go out in another's name. */
export const storeName = (userId: string): string => `yiwang-field-${userId}`;

export function openStore(userId: string): Promise<FieldDb> {
  return openDB<Schema>(storeName(userId), VERSION, {
    upgrade(db) {
      const meta = db.createObjectStore("meta");
      void meta.put(uuid7(), "device_id");
      void meta.put(1, "next_seq");
      const commands = db.createObjectStore("commands", { keyPath: "id" });
      commands.createIndex("seq", "seq", { unique: true });
      commands.createIndex("state", "state");
      db.createObjectStore("pictures", { keyPath: "id" }).createIndex("command", "command");
      db.createObjectStore("packet", { keyPath: "key" });
      db.createObjectStore("drafts", { keyPath: "key" });
      db.createObjectStore("positions", { autoIncrement: true });
    },
    // Another tab runs a newer version: let it go on.
    blocking(_old, _new, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

export async function deviceId(db: FieldDb): Promise<string> {
  return (await db.get("meta", "device_id")) as string;
}
