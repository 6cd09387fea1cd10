/** A person's cases on the phone: the list of what is theirs to do, each whole, with small pictures of before. */
import { api, take } from "#shared/api/client.ts";
import type { CaseAction, CaseDetail, CaseRow, Category, Lifecycle, Phrase, Unit } from "#shared/api/types.ts";
import { keep, kept, useKept } from "./packet.ts";

const HALF_DAY_MS = 12 * 3_600_000;
/** So many of one's own cases are kept whole: a day's work. */
const KEPT_WHOLE = 40;

const detailKey = (id: string): string => `case:${id}`;
export const thumbnailKey = (photoId: number | string): string => `thumbnail:${photoId}`;

const readCase = (id: string): Promise<CaseDetail> => take(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: id } } }));

export const useMyCases = () =>
  useKept<CaseRow[]>("cases.mine", async () => {
    const page = await take(api.GET("/api/v1/cases", { params: { query: { work: "mine", sort: "due_at", limit: 100 } } }));
    return page.items;
  });

export const useOneCase = (id: () => string) => useKept<CaseDetail>(() => detailKey(id()), () => readCase(id()));

const BASICS = {
  categories: async (): Promise<Category[]> => (await take(api.GET("/api/v1/categories"))).items,
  lifecycle: (): Promise<Lifecycle> => take(api.GET("/api/v1/cases/lifecycle")),
  units: async (): Promise<Unit[]> => (await take(api.GET("/api/v1/units"))).items,
};

export const useKeptCategories = () => useKept("categories", BASICS.categories, HALF_DAY_MS);
export const useKeptLifecycle = () => useKept("lifecycle", BASICS.lifecycle, HALF_DAY_MS);
export const useKeptUnits = () => useKept("units", BASICS.units, HALF_DAY_MS);

/** What every page may need far from any network, whichever page that is: taken along as soon as one is here. */
export async function takeBasics(now: number = Date.now()): Promise<void> {
  for (const [key, ask] of Object.entries(BASICS)) {
    const known = await kept(key);
    if (known === undefined || now - known.at > HALF_DAY_MS) await keep(key, await ask());
  }
}

export const useKeptPhrases = (topic: () => string) =>
  useKept<Phrase[]>(
    () => `phrases:${topic()}`,
    async () => (await take(api.GET("/api/v1/phrases", { params: { query: { topic: topic() } } }))).items,
    HALF_DAY_MS,
  );

/** Forms of steps as they were seen last, by verb: with them the next step can be filled in without a network. */
const FORMS = "step-forms";

export async function knownForms(): Promise<CaseAction[]> {
  return (await kept<CaseAction[]>(FORMS))?.value ?? [];
}

async function noteForms(actions: CaseAction[]): Promise<void> {
  const known = new Map((await knownForms()).map((action) => [action.verb, action]));
  for (const action of actions) known.set(action.verb, action);
  await keep(FORMS, [...known.values()]);
}

/** Takes one's own cases along: those that are not here yet, or have moved since. Ends at the first silence. */
export async function takeAlong(rows: CaseRow[]): Promise<void> {
  for (const row of rows.slice(0, KEPT_WHOLE)) {
    const known = await kept<CaseDetail>(detailKey(row.id));
    if (known !== undefined && known.value.version >= row.version) continue;
    const detail = await readCase(row.id);
    await keep(detailKey(row.id), detail);
    await noteForms(detail.actions);
    for (const topic of detail.actions.map((action) => `case.${action.verb}`)) await takePhrases(topic);
    for (const photo of detail.photos) await takePicture(thumbnailKey(photo.id), photo.thumbnail_url);
  }
}

async function takePhrases(topic: string): Promise<void> {
  if ((await kept(`phrases:${topic}`)) !== undefined) return;
  await keep(`phrases:${topic}`, (await take(api.GET("/api/v1/phrases", { params: { query: { topic } } }))).items);
}

async function takePicture(key: string, url: string | null): Promise<void> {
  if (url === null || (await kept(key)) !== undefined) return;
  const answer = await fetch(url);
  if (answer.ok) await keep(key, await answer.blob());
}
