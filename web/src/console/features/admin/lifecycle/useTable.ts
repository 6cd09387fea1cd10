/** A lifecycle table in the making: what was changed and back again, looked through by the server, saved as a draft. */
import { computed, ref, shallowRef, watch } from "vue";
import { api, take } from "#shared/api/client.ts";
import { uuid7 } from "#shared/api/ids.ts";
import { asProblem, type ApiProblem } from "#shared/api/problem.ts";
import type { components } from "#shared/api/schema.d.ts";
import type { Doc, Fault } from "./doc.ts";

type Operation = components["schemas"]["EditIn"]["operations"][number];
const CHECK_AFTER_MS = 450;
const SAVE_AFTER_MS = 1600;
const MOST_BACK = 60;

export function useTable() {
  const doc = shallowRef<Doc | null>(null);
  const start = shallowRef<Doc | null>(null);
  const past = shallowRef<Doc[]>([]);
  const future = shallowRef<Doc[]>([]);
  const faults = ref<Fault[]>([]);
  const checking = ref(false);
  const checked = ref(false);
  const situations = ref(0);
  const draft = ref({ id: "", version: 0, name: "", base: 0 });
  const saving = ref<"no" | "wanted" | "yes" | "failed">("no");
  const savedAt = ref<Date | null>(null);
  const conflict = ref<ApiProblem | null>(null);
  let checkTimer: ReturnType<typeof setTimeout> | undefined;
  let saveTimer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const ok = computed(() => checked.value && !faults.value.some((fault) => fault.level === "error"));
  const touched = computed(() => past.value.length > 0 || draft.value.version > 0);

  function begin(table: Doc, of: { id?: string; version?: number; name: string; base: number }): void {
    doc.value = start.value = table;
    past.value = future.value = [];
    draft.value = { id: of.id ?? uuid7(), version: of.version ?? 0, name: of.name, base: of.base };
    void check();
  }

  function change(next: Doc): void {
    if (doc.value === null || next === doc.value) return;
    past.value = [...past.value.slice(1 - MOST_BACK), doc.value];
    future.value = [];
    put(next);
  }

  function put(next: Doc): void {
    doc.value = next;
    checked.value = false;
    clearTimeout(checkTimer);
    checkTimer = setTimeout(() => void check(), CHECK_AFTER_MS);
    wantSaving();
  }

  function undo(): void {
    const last = past.value.at(-1);
    if (last === undefined || doc.value === null) return;
    future.value = [doc.value, ...future.value];
    past.value = past.value.slice(0, -1);
    put(last);
  }

  function redo(): void {
    const [next, ...rest] = future.value;
    if (next === undefined || doc.value === null) return;
    past.value = [...past.value, doc.value];
    future.value = rest;
    put(next);
  }

  /** Asks the server what is wrong; an answer that was overtaken by a later question is dropped. */
  async function check(): Promise<void> {
    if (doc.value === null) return;
    const number = (asked += 1);
    checking.value = true;
    try {
      const answer = await take(api.POST("/api/v1/lifecycles/check", { body: { table: doc.value as unknown as Record<string, unknown> } }));
      if (number !== asked) return;
      faults.value = answer.problems;
      situations.value = answer.situations;
      checked.value = true;
    } catch {
      if (number === asked) checked.value = false;
    } finally {
      if (number === asked) checking.value = false;
    }
  }

  /** What only the server can do well: putting a state between two, taking one out. Throws its refusal. */
  async function operate(...operations: Operation[]): Promise<void> {
    if (doc.value === null) return;
    const answer = await take(
      api.POST("/api/v1/lifecycles/edit", { body: { table: doc.value as unknown as Record<string, unknown>, operations } }),
    );
    change(answer.table as unknown as Doc);
  }

  function wantSaving(): void {
    saving.value = "wanted";
    clearTimeout(saveTimer);
    saveTimer = setTimeout(() => void save(), SAVE_AFTER_MS);
  }

  async function save(): Promise<void> {
    clearTimeout(saveTimer);
    if (doc.value === null || conflict.value !== null || saving.value === "yes") return;
    saving.value = "yes";
    const { id, version, name, base } = draft.value;
    try {
      const row = await take(
        api.PUT("/api/v1/lifecycles/drafts/{draft_id}", {
          params: { path: { draft_id: id } },
          body: { name, base, expected_version: version, table: doc.value as unknown as Record<string, unknown> },
        }),
      );
      draft.value = { ...draft.value, version: row.version };
      savedAt.value = new Date();
      saving.value = "no";
    } catch (error) {
      const problem = asProblem(error);
      saving.value = "failed";
      if (problem.status === 409) conflict.value = problem;
    }
  }

  watch(() => draft.value.name, (now, then) => {
    if (then !== "" && now !== "" && now !== then) wantSaving();
  });

  return { doc, start, past, future, faults, checking, checked, ok, situations, draft, saving, savedAt, conflict, touched, begin, change, undo, redo, operate, save };
}
