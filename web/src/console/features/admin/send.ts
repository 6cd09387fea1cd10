/** Sending a change: busy while it runs, and what the server refuses in words, by field where it names one. */
import { reactive, ref } from "vue";
import { asProblem, type ApiProblem } from "#shared/api/problem.ts";
import { wordField, wordProblem } from "#shared/i18n/problem-words.ts";

export function useSending() {
  const busy = ref(false);
  const refused = reactive<{ general: string; fields: Record<string, string>; problem: ApiProblem | null }>({
    general: "",
    fields: {},
    problem: null,
  });

  function clear(): void {
    Object.assign(refused, { general: "", fields: {}, problem: null });
  }

  function show(problem: ApiProblem): void {
    refused.problem = problem;
    refused.fields = Object.fromEntries(problem.errors.map((fault) => [fault.field, wordField(fault)]));
    refused.general = wordProblem(problem);
  }

  /** Whether it went through; otherwise `refused` says why. */
  async function send(call: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    clear();
    busy.value = true;
    try {
      await call();
      return true;
    } catch (error) {
      show(asProblem(error));
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, refused, clear, send };
}

/** "2026-11-22" of the district, a number of days ahead. */
export function dayAhead(now: Date, days: number): string {
  const at = new Date(now.getTime() + (8 * 60 * 60 + days * 24 * 60 * 60) * 1000);
  return at.toISOString().slice(0, 10);
}
