/** Filling in a declared form, without a word on how it looks: answers, what is asked, what is wrong, how far one is. */
import { computed, reactive, ref, watch } from "vue";
import { check, faultOf, fieldsOf, isFilled, kept, visible, type Answers, type Fault, type Field, type Form, type Section } from "./rules.ts";
import { isScored, score, scoreOf, type Score } from "./scoring.ts";

/** A section with what is asked of it; `from` is the number of its first question. */
export interface AskedSection {
  section: Section;
  fields: Field[];
  from: number;
  score: Score | null;
}

/** `start`: answers that are there already, such as a draft's. Both are read again when the form itself changes. */
export function useDeclaredForm(form: () => Form, start: () => Answers = () => ({})) {
  const answers = ref<Answers>({ ...start() });
  const touched = reactive(new Set<string>());
  const tried = ref(false);
  /** The field that the person is led to, and how often: the same one can be meant twice. */
  const wanted = ref<{ key: string; time: number } | null>(null);

  const shown = computed(() => visible(form(), answers.value));
  const asked = computed(() => fieldsOf(form()).filter(({ key }) => shown.value.has(key)));
  const faults = computed(() => check(form(), answers.value).filter(({ field }) => shown.value.has(field)));
  const sections = computed<AskedSection[]>(() => {
    let number = 1;
    return form().sections.flatMap((section) => {
      const fields = section.fields.filter(({ key }) => shown.value.has(key));
      const from = number;
      number += fields.length;
      return fields.length === 0 ? [] : [{ section, fields, from, score: scoreOf(section, answers.value, shown.value) }];
    });
  });
  const progress = computed(() => ({
    done: asked.value.filter(({ key }) => isFilled(answers.value[key])).length,
    all: asked.value.length,
  }));
  const total = computed(() => (isScored(form()) ? score(form(), answers.value) : null));

  function set(key: string, answer: unknown): void {
    answers.value = { ...answers.value, [key]: answer };
  }

  /** The person has left the field: from now on it says what is wrong. */
  function touch(key: string): void {
    if (isFilled(answers.value[key])) touched.add(key);
  }

  /** What is wrong with a field, once the person has been there or has tried to finish. */
  function fault(key: string): Fault | null {
    if (!tried.value && !touched.has(key)) return null;
    const field = asked.value.find((one) => one.key === key);
    return field === undefined ? null : faultOf(field, answers.value[key]);
  }

  /** The answers to send, or null: then every fault is shown, and the person is led to the first one. */
  function finish(): Answers | null {
    tried.value = true;
    const [first] = faults.value;
    if (first === undefined) return kept(form(), answers.value);
    wanted.value = { key: first.field, time: Date.now() };
    return null;
  }

  /** Begins again, with these answers. */
  function reset(fresh: Answers = {}): void {
    answers.value = { ...fresh };
    touched.clear();
    tried.value = false;
    wanted.value = null;
  }

  watch(() => form().key, () => reset(start()));
  return { form, answers, sections, faults, progress, total, wanted, set, touch, fault, finish, reset };
}

export type Filling = ReturnType<typeof useDeclaredForm>;
