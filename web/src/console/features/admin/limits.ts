/** Time limits in words and as values. */
export const LIMIT_KINDS = ["urgent_hour", "working_hour", "working_day", "natural_day"] as const;

export interface LimitValue {
  kind: (typeof LIMIT_KINDS)[number];
  amount: string;
}

interface LimitLike {
  kind: string;
  amount: string | number;
}

/** Key of the wording for a limit and its amount: "2 个工作日", "4 紧急工作时"; "无时限" for none. */
export function limitWords(limit: LimitLike | null | undefined): [key: string, params: { n: number }] {
  if (limit == null) return ["admin.limit.none", { n: 0 }];
  return [`admin.limit.words.${limit.kind}`, { n: Number(limit.amount) }];
}

/** The same limit: "2.00" and "2" are. */
export function sameLimit(one: LimitLike | null | undefined, other: LimitLike | null | undefined): boolean {
  if (one == null || other == null) return (one ?? null) === (other ?? null);
  return one.kind === other.kind && Number(one.amount) === Number(other.amount);
}

export function asLimit(limit: LimitLike | null | undefined): LimitValue | null {
  return limit == null ? null : { kind: limit.kind as LimitValue["kind"], amount: String(Number(limit.amount)) };
}
