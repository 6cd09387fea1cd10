import type { DemoAccount } from "#shared/api/types.ts";

export interface DemoRole {
  key: string;
  first: DemoAccount;
  others: DemoAccount[];
}

/** Accounts by role; roles and accounts keep the order in which the server gives them. */
export function byRole(accounts: DemoAccount[]): DemoRole[] {
  const roles = new Map<string, DemoRole>();
  for (const account of accounts) {
    const role = roles.get(account.role);
    if (role === undefined) roles.set(account.role, { key: account.role, first: account, others: [] });
    else role.others.push(account);
  }
  return [...roles.values()];
}
