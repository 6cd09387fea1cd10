/** A refusal in words: by its code and parameters, not by the server's sentence. */
import { i18n, listed } from "./index.ts";
import type { ApiProblem, FieldProblem, ProblemParams } from "#shared/api/problem.ts";

const { t, te } = i18n.global;

function params(problem: ApiProblem): ProblemParams {
  const given = { ...problem.params };
  const wait = given["retry_after_s"];
  if (typeof wait === "number") given["minutes"] = Math.max(1, Math.ceil(wait / 60));
  const { units } = given;
  if (typeof units === "string") given["units"] = listed(units.split("、"));
  return given;
}

function known(code: string): string | null {
  const key = `problem.${code}`;
  return te(key) || te(key, "zh-CN") ? key : null;
}

/** The server's own sentence is Chinese; it is better than a bare status when the code is new to this page. */
function spare(problem: ApiProblem): string {
  if (problem.detail !== null && problem.code !== "unexpected") return problem.detail;
  const group = problem.status >= 500 ? "problem.server_error" : "problem.request_refused";
  return t(group, { status: problem.status });
}

/** Where the server names the units that are meant, there are words that name them as well. */
function wordsFor(problem: ApiProblem): string | null {
  const named = problem.params["units"] ? known(`${problem.code}_units`) : null;
  return named ?? known(problem.code);
}

export function wordProblem(problem: ApiProblem): string {
  const key = wordsFor(problem);
  if (problem.unreachable && key === null) return t("problem.unreachable");
  return key === null ? spare(problem) : t(key, params(problem));
}

export function wordField(problem: FieldProblem): string {
  const key = known(problem.code);
  if (problem.message !== "" && key === null) return problem.message;
  return key === null ? t("problem.field_invalid") : t(key, { field: problem.field });
}
