/** Which sending belongs to which: the key by which the server knows what it has done already. */
import { uuid7 } from "./ids.ts";

/** The key for a filled-in form: the same form sent again is the same attempt, a changed one is a new one. */
export function attempts(): (content: unknown) => string {
  let last = { key: "", told: "" };
  return (content) => {
    const told = JSON.stringify(content);
    if (last.key === "" || last.told !== told) last = { key: uuid7(), told };
    return last.key;
  };
}
