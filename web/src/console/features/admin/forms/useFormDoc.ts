/** A form in the making: changed and changed back, looked through by the server, kept as the person's draft. */
import { computed, ref, shallowRef } from "vue";
import { api, take } from "#shared/api/client.ts";
import { useDraft } from "#shared/forms/useDraft.ts";
import type { Form } from "#shared/forms/declared/rules.ts";
import type { FormChange, FormFault } from "./data.ts";

const CHECK_AFTER_MS = 400;
const MOST_BACK = 60;

interface Kept {
  form: Form;
  base: number | null;
}

/** `key`: of the form; `base`: the version that it is made from, null for a new one. */
export function useFormDoc(key: string) {
  const doc = shallowRef<Form | null>(null);
  const base = ref<number | null>(null);
  const start = ref("");
  const past = shallowRef<Form[]>([]);
  const future = shallowRef<Form[]>([]);
  const faults = ref<FormFault[]>([]);
  const changes = ref<FormChange[]>([]);
  const checked = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const touched = computed(() => doc.value !== null && JSON.stringify(doc.value) !== start.value);
  const draft = useDraft<Kept>(`admin.form.${key}`, {
    read: () => (touched.value && doc.value !== null ? { form: doc.value, base: base.value } : null),
    write: (body) => {
      doc.value = body.form;
      base.value = body.base;
      plan();
    },
  });

  function begin(form: Form, version: number | null): void {
    start.value = JSON.stringify(form);
    if (doc.value !== null) return;
    doc.value = form;
    base.value = version;
    plan();
  }

  function put(form: Form): void {
    doc.value = form;
    plan();
  }

  function change(form: Form): void {
    if (doc.value === null || form === doc.value) return;
    past.value = [...past.value.slice(1 - MOST_BACK), doc.value];
    future.value = [];
    put(form);
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

  function plan(): void {
    checked.value = false;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), CHECK_AFTER_MS);
  }

  /** Asks the server what makes no sense; an answer that was overtaken by a later question is dropped. */
  async function look(): Promise<void> {
    if (doc.value === null) return;
    const number = (asked += 1);
    try {
      const answer = await take(api.POST("/api/v1/forms/check", { body: { form: sent(doc.value), base: base.value } }));
      if (number !== asked) return;
      faults.value = answer.faults;
      changes.value = answer.changes;
      checked.value = true;
    } catch {
      if (number === asked) checked.value = false;
    }
  }

  return { doc, base, past, future, faults, changes, checked, touched, draft, begin, change, undo, redo };
}

export type FormDoc = ReturnType<typeof useFormDoc>;

/** The form as the wire takes it. */
export function sent(form: Form): Record<string, unknown> {
  return form as unknown as Record<string, unknown>;
}
