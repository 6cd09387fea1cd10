import "fake-indexeddb/auto";
import { deleteDB } from "idb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { uuid7 } from "#shared/api/ids.ts";
import { openStore, storeName, type FieldDb, type Picture } from "./db.ts";
import { all, append, counts, forget, plan, tidy, withdraw, type NewCommand } from "./log.ts";
import { passAlone, pauseAfter, type Line, type Outcome, type Surroundings } from "./sender.ts";
import { MOST_AT_ONCE, NotSent, problem, type Answer, type Answers, type Batch } from "./wire.ts";

const ME = "me";
let db: FieldDb;

beforeEach(async () => {
  db = await openStore(ME);
});
afterEach(async () => {
  db.close();
  await deleteDB(storeName(ME));
});

/** A server that does each id once and remembers it, as the real one. */
class Server implements Line {
  readonly done: string[] = [];
  readonly files: string[] = [];
  batches: Batch[] = [];
  person = ME;
  /** What comes in the way of the next calls, in turn. */
  trouble: (NotSent | null)[] = [];
  /** Kinds that it refuses. */
  refuses = new Set<string>();
  loseAnswers = 0;
  private readonly known = new Map<string, Answer>();

  who(): Promise<string> {
    return Promise.resolve(this.person);
  }

  post(batch: Batch): Promise<Answers> {
    const trouble = this.trouble.shift();
    if (trouble != null) return Promise.reject(trouble);
    this.batches.push(batch);
    const items = batch.items.map((item) => {
      const known = this.known.get(item.id);
      if (known !== undefined) return known;
      const refused = this.refuses.has(item.kind);
      if (!refused) this.done.push(String(item.body["n"]));
      const answer: Answer = refused
        ? { id: item.id, state: "refused", problem: { code: "case_changed", params: { actor: "甲" } } }
        : { id: item.id, state: "done", result: { n: item.body["n"] } };
      this.known.set(item.id, answer);
      return answer;
    });
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      return Promise.reject(later());
    }
    return Promise.resolve({ received_at: new Date().toISOString(), skew_s: 12, items });
  }

  upload(picture: Picture): Promise<void> {
    const trouble = this.trouble.shift();
    if (trouble != null) return Promise.reject(trouble);
    this.files.push(picture.id);
    return Promise.resolve();
  }
}

const later = () => new NotSent("later", problem("unreachable"));
const send = (line: Line, more: Partial<Surroundings> = {}) =>
  passAlone({ db, userId: ME, line, mayUpload: () => true, changed: () => undefined, ...more });

function note(n: number, more: Partial<NewCommand> = {}) {
  return append(db, { kind: "cases.report", body: { n }, lane: `lane:${n}`, title: `${n}`, ...more });
}

async function picture(): Promise<string> {
  const id = uuid7();
  const rest = { name: "a.jpg", command: null, takenAt: null, place: null, begun: false, sentBytes: 0, problem: null };
  await db.add("pictures", { id, blob: new Blob(["x"]), state: "waiting", added: Date.now(), ...rest });
  return id;
}

/** Locks as browsers have them: who asks waits until the one before is done. */
function makeLocks(): Surroundings["locks"] {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, work: () => Promise<Outcome>) => {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

describe("order", () => {
  it("is that of the deeds, however many there are", async () => {
    const server = new Server();
    for (let n = 1; n <= MOST_AT_ONCE + 7; n += 1) await note(n);
    expect(await send(server)).toBe("idle");
    expect(server.done).toEqual(Array.from({ length: MOST_AT_ONCE + 7 }, (_, index) => String(index + 1)));
    expect(server.batches.map((batch) => batch.items.length)).toEqual([MOST_AT_ONCE, 7]);
    const seqs = server.batches.flatMap((batch) => batch.items.map((item) => item.seq));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it("gives every command a number of its own when several are noted at once", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => note(n)));
    expect((await all(db)).map((command) => command.seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it("lets a command wait for its photos, what follows on the same thing for it, and nothing else", async () => {
    const server = new Server();
    const photo = await picture();
    await note(1, { lane: "case:a", pictures: [photo] });
    await note(2, { lane: "case:a" });
    await note(3, { lane: "duty" });
    expect(await send(server, { mayUpload: () => false })).toBe("held");
    expect(server.done).toEqual(["3"]);
    expect(await send(server)).toBe("idle");
    expect(server.files).toEqual([photo]);
    expect(server.done).toEqual(["3", "1", "2"]);
    expect(await db.count("pictures")).toBe(0);
  });
});

describe("a line that breaks", () => {
  it("makes nothing twice when only the answer was lost", async () => {
    const server = new Server();
    server.loseAnswers = 1;
    await note(1);
    await note(2);
    expect(await send(server)).toBe("later");
    expect((await all(db)).map((command) => command.state)).toEqual(["sending", "sending"]);
    expect(await send(server)).toBe("idle");
    expect(server.done).toEqual(["1", "2"]);
    const [first, second] = server.batches;
    expect(second?.items).toEqual(first?.items);
  });

  it("keeps everything until it is answered", async () => {
    const server = new Server();
    server.trouble = [later(), later()];
    await note(1, { pictures: [await picture()] });
    expect(await send(server)).toBe("later");
    expect(await send(server)).toBe("later");
    expect(await counts(db)).toEqual({ unsent: 1, refused: 0 });
    expect(await send(server)).toBe("idle");
    expect(await counts(db)).toEqual({ unsent: 0, refused: 0 });
  });

  it("waits for whoever has to sign in, and sends nothing in another's name", async () => {
    const server = new Server();
    await note(1);
    server.person = "somebody else";
    expect(await send(server)).toBe("sign-in");
    expect(server.batches).toEqual([]);
    server.person = ME;
    expect(await send(server)).toBe("idle");
  });

  it("sends the rest again where the server asks for a little time", async () => {
    const server = new Server();
    const post = server.post.bind(server);
    let busy = true;
    server.post = async (batch) => {
      const answers = await post({ ...batch, items: busy ? batch.items.slice(0, 1) : batch.items });
      if (busy) answers.items.push(...batch.items.slice(1).map(({ id }): Answer => ({ id, state: "waiting" })));
      busy = false;
      return answers;
    };
    await note(1);
    await note(2);
    expect(await send(server)).toBe("later");
    expect(await send(server)).toBe("idle");
    expect(server.done).toEqual(["1", "2"]);
  });

  it("is tried more and more rarely, never after more than six minutes", () => {
    const pauses = Array.from({ length: 12 }, (_, tries) => pauseAfter(tries, 0.5));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(Math.max(...Array.from({ length: 12 }, (_, tries) => pauseAfter(tries, 1)))).toBeLessThanOrEqual(360_000);
  });
});

describe("two tabs", () => {
  it("send one after the other, and each thing once", async () => {
    const server = new Server();
    let inside = 0;
    const post = server.post.bind(server);
    server.post = async (batch) => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
      return post(batch);
    };
    const locks = makeLocks();
    for (let n = 1; n <= 3; n += 1) await note(n);
    const both = Promise.all([send(server, { locks }), send(server, { locks })]);
    await note(4);
    expect(await both).toEqual(["idle", "idle"]);
    await send(server, { locks });
    expect(server.done).toEqual(["1", "2", "3", "4"]);
  });
});

describe("what is refused", () => {
  it("is kept with its reason and its photos, and holds up nothing", async () => {
    const server = new Server();
    server.refuses.add("cases.advance");
    const photo = await picture();
    const { id } = await note(1, { kind: "cases.advance", pictures: [photo] });
    await note(2);
    expect(await send(server)).toBe("idle");
    expect(server.done).toEqual(["2"]);
    const refused = await db.get("commands", id);
    expect(refused?.state).toBe("refused");
    expect(refused?.problem).toMatchObject({ code: "case_changed", params: { actor: "甲" } });
    expect(await db.count("pictures")).toBe(1);
    await forget(db, id);
    expect(await counts(db)).toEqual({ unsent: 0, refused: 0 });
    expect(await db.count("pictures")).toBe(0);
  });

  it("is told apart when a whole batch cannot be read", async () => {
    const server = new Server();
    const post = server.post.bind(server);
    server.post = (batch) =>
      batch.items.some((item) => item.body["n"] === 2) ? Promise.reject(new NotSent("refused", problem("invalid_input"))) : post(batch);
    for (let n = 1; n <= 3; n += 1) await note(n);
    expect(await send(server)).toBe("idle");
    expect(server.done).toEqual(["1", "3"]);
    expect((await all(db)).map((command) => command.state)).toEqual(["done", "refused", "done"]);
  });

  it("goes out all the same when a photo cannot be taken: the server says why", async () => {
    const server = new Server();
    server.trouble = [new NotSent("refused", problem("file_damaged"))];
    await note(1, { pictures: [await picture()] });
    expect(await send(server)).toBe("idle");
    expect(server.done).toEqual(["1"]);
  });
});

describe("the store", () => {
  it("notes a command and its photos whole or not at all", async () => {
    const photo = await picture();
    const { id } = await note(1, { pictures: [photo] });
    expect((await db.get("pictures", photo))?.command).toBe(id);
    await expect(note(2, { id })).rejects.toThrow();
    expect((await all(db)).length).toBe(1);
    expect((await note(3)).seq).toBe(2);
  });

  it("forgets after a week what is done, never what is not", async () => {
    const server = new Server();
    server.refuses.add("cases.advance");
    await note(1);
    await note(2, { kind: "cases.advance" });
    await send(server);
    await note(3);
    await picture();
    await tidy(db, Date.now() + 8 * 24 * 3_600_000);
    expect((await all(db)).map((command) => command.title)).toEqual(["2", "3"]);
    expect(await db.count("pictures")).toBe(0);
  });

  it("holds a command back while its person may take it back, and what follows on the same thing", async () => {
    const server = new Server();
    const { id } = await note(1, { lane: "report", holdMs: 60_000, pictures: [await picture()] });
    await note(2);
    expect(await send(server)).toBe("held");
    expect(server.done).toEqual(["2"]);
    expect(await withdraw(db, id)).toBe(true);
    expect((await db.getAll("pictures")).map((one) => one.command)).toEqual([null]);
    expect(await withdraw(db, (await all(db))[0]?.id ?? "")).toBe(false);
  });

  it("plans nothing for photos that are up, or that are gone", () => {
    const command = { lane: "a", pictures: ["p"] } as never;
    expect(plan([command], new Map(), 5)).toEqual({ batch: [command], wants: null });
    expect(plan([command], new Map([["p", { state: "up" } as Picture]]), 5).batch).toEqual([command]);
  });
});
