import createClient from "openapi-fetch";
import { asProblem, problemFrom } from "./problem.ts";
import type { paths } from "./schema.d.ts";
import { send } from "./send.ts";

/** Typed calls to the server: `take(api.GET("/api/v1/cases", …))`. */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin", fetch: send });

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; everything else is thrown as an ApiProblem. */
export async function take<T>(call: Promise<Outcome<T>>): Promise<T> {
  const outcome = await call.catch((error: unknown) => {
    throw asProblem(error);
  });
  if (!outcome.response.ok) throw problemFrom(outcome.response.status, outcome.error);
  return outcome.data as T;
}
