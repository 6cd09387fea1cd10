/** The conflict box: what the server would not take, kept there and here until its person has seen to it. */
import { api, take } from "#shared/api/client.ts";
import type { components } from "#shared/api/schema.d.ts";
import { changed, fieldDb } from "./field.ts";
import { all, forget } from "./log.ts";
import { useKept } from "./packet.ts";

export type Conflict = components["schemas"]["ConflictOut"];

export const useConflicts = () =>
  useKept<Conflict[]>("conflicts", async () => {
    const { items } = await take(api.GET("/api/v1/commands/conflicts", { params: { query: { limit: 50 } } }));
    await tidyRefused(new Set(items.map((item) => item.id)));
    return items;
  });

/** What the box holds no more was seen to elsewhere, at a desk or on another phone. What never reached it stays. */
async function tidyRefused(open: Set<string>): Promise<void> {
  const db = await fieldDb();
  const refused = (await all(db)).filter((command) => command.state === "refused" && !open.has(command.id));
  for (const command of refused) if (command.problem?.params["local"] !== true) await forget(db, command.id);
  if (refused.length > 0) changed();
}

/** Tries it once more with what was changed. Raises the problem that still speaks against it. */
export async function tryAgain(conflict: Conflict, change: Record<string, unknown>): Promise<void> {
  const body = { ...conflict.body, ...change };
  if (conflict.kind === "cases.advance") Object.assign(body, await goOnFromNow(String(body["case_id"])));
  await take(api.POST("/api/v1/commands/{command_id}/again", { params: { path: { command_id: conflict.id } }, body: { body } }));
  await done(conflict.id);
}

/** A step is tried on the case as it stands now. */
async function goOnFromNow(caseId: string): Promise<Record<string, unknown>> {
  const now = await take(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: caseId } } }));
  return { after: null, expected_version: now.version };
}

export async function giveUp(conflict: Conflict, note: string): Promise<void> {
  await take(api.POST("/api/v1/commands/{command_id}/drop", { params: { path: { command_id: conflict.id } }, body: { note } }));
  await done(conflict.id);
}

async function done(id: string): Promise<void> {
  await forget(await fieldDb(), id);
  changed();
}
