/** Sending a change: busy while it runs, and what the server refuses in words, by field where it names one. */
import { reactive, ref } from "vue";
import { asProblem } from "#shared/api/problem.ts";
import { wordField, wordProblem } from "#shared/i18n/problem-words.ts";

export function useSending() {
  const busy = ref(false);
  const refused = reactive<{ general: string; fields: Record<string, string> }>({ general: "", fields: {} });

  /** Whether it went through; otherwise `refused` says why. */
  async function send(call: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    Object.assign(refused, { general: "", fields: {} });
    busy.value = true;
    try {
      await call();
      return true;
    } catch (error) {
      const problem = asProblem(error);
      refused.fields = Object.fromEntries(problem.errors.map((fault) => [fault.field, wordField(fault)]));
      refused.general = wordProblem(problem);
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, refused, send };
}
