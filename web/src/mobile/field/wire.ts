/** What goes over the line: shapes of `/api/v1/commands`. */

export interface Problem {
  code: string;
  detail: string | null;
  params: Record<string, string | number | boolean | null>;
  errors: { field: string; code: string; message: string }[];
}

export interface CommandIn {
  id: string;
  seq: number;
  kind: string;
  at: string;
  body: Record<string, unknown>;
}

export interface Batch {
  device_id: string;
  sent_at: string;
  items: CommandIn[];
}

/** `waiting`: nothing is noted of it, send it again. `dropped`: its person gave it up in the conflict box. */
export interface Answer {
  id: string;
  state: "done" | "refused" | "dropped" | "waiting";
  result?: unknown;
  problem?: Partial<Problem> | null;
}

export interface Answers {
  received_at: string;
  /** By how much the phone's clock is behind the server's, in seconds. */
  skew_s: number;
  items: Answer[];
}

export const MOST_AT_ONCE = 50;

/** Why something could not go out now. `later`: try again; `sign-in`: somebody has to sign in; `refused`: as it is, never. */
export class NotSent extends Error {
  constructor(
    readonly why: "later" | "sign-in" | "refused",
    readonly problem: Problem,
  ) {
    super(problem.code);
    this.name = "NotSent";
  }
}

export function problem(code: string, more: Partial<Problem> = {}): Problem {
  return { code, detail: more.detail ?? null, params: more.params ?? {}, errors: more.errors ?? [] };
}
