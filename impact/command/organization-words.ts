import { type OrganizationImpact, type ReadAccount, readAccountsOf } from "../organization/organization-impact";

/** How many accounts were read, and how many were not, in words. */
export function accountsInWords({ accounts }: Pick<OrganizationImpact, "accounts">): string {
  const count = (state: string) => accounts.filter(({ outcome }) => outcome.state === state).length;
  const [read, notRead, leftOut] = [count("read"), count("not read"), count("left out")];
  return [
    `${read} of ${accounts.length} accounts read`,
    ...(notRead > 0 ? [`${notRead} could not be read`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
  ].join(", ");
}

/** Accounts of one unit that were read. */
export interface UnitOfAccounts {
  /** r-… or ou-… */
  readonly id: string;
  /** `Root / Workloads` */
  readonly name: string;
  readonly accounts: readonly ReadAccount[];
}

/** The accounts that were read, by unit, in the order of the report. */
export function unitsOf(impact: Pick<OrganizationImpact, "accounts">): readonly UnitOfAccounts[] {
  const units = new Map<string, ReadAccount[]>();
  for (const account of readAccountsOf(impact.accounts)) {
    const known = units.get(account.unit.id);
    if (known === undefined) units.set(account.unit.id, [account]);
    else known.push(account);
  }
  return [...units].map(([id, accounts]) => ({ id, name: pathInWords(accounts[0]?.unit.path ?? []), accounts }));
}

/** `Root / Workloads` */
export function pathInWords(path: readonly string[]): string {
  return path.join(" / ");
}
