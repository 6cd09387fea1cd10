import type { Limit } from "#shared/api/types.ts";

/** Key of the wording for a limit and its amount: "2 个工作日", "4 紧急工作时". */
export function limitWords(limit: Limit): [key: string, params: { n: number }] {
  return [`cases.limit.${limit.kind}`, { n: Number(limit.amount) }];
}
