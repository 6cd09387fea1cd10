/** What the server says when it refuses, as typed data. The words are ours: see i18n/problem-words.ts. */

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

export type ProblemParams = Record<string, string | number | boolean | null>;

export class ApiProblem extends Error {
  constructor(
    /** HTTP status; 0 when no answer came at all. */
    readonly status: number,
    /** Stable code of the refusal, such as "case_changed". */
    readonly code: string,
    readonly params: ProblemParams = {},
    readonly detail: string | null = null,
    readonly errors: FieldProblem[] = [],
  ) {
    super(detail ?? code);
    this.name = "ApiProblem";
  }

  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function plainParams(value: unknown): ProblemParams {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).filter(
    ([, item]) => item === null || ["string", "number", "boolean"].includes(typeof item),
  );
  return Object.fromEntries(entries) as ProblemParams;
}

function fieldProblems(body: Record<string, unknown>): FieldProblem[] {
  const listed = Array.isArray(body["errors"]) ? body["errors"].filter(isRecord) : [];
  const errors = listed.map((item) => ({
    field: text(item["field"]) ?? "",
    code: text(item["code"]) ?? "invalid",
    message: text(item["message"]) ?? "",
  }));
  const field = text(body["field"]);
  if (errors.length === 0 && field !== null) {
    errors.push({ field, code: text(body["code"]) ?? "invalid", message: text(body["detail"]) ?? "" });
  }
  return errors;
}

/** Reads an RFC 9457 body; anything else becomes a problem that only knows its status. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  if (!isRecord(body)) return new ApiProblem(status, `http_${status}`);
  return new ApiProblem(
    status,
    text(body["code"]) ?? `http_${status}`,
    plainParams(body["params"]),
    text(body["detail"]) ?? text(body["title"]),
    fieldProblems(body),
  );
}

/** Anything thrown, as a problem. A failed fetch throws a TypeError and means: no answer. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof DOMException && error.name === "AbortError") return new ApiProblem(0, "aborted");
  if (error instanceof TypeError) return new ApiProblem(0, "unreachable", {}, error.message);
  return new ApiProblem(500, "unexpected", {}, error instanceof Error ? error.message : null);
}
