import { guardsOf } from "../../core/guards";
import type { Finding, Impact, Places } from "../impact";
import type { OrganizationAccount } from "./list-accounts";

/** What a deploy would do to one account's users; by which settings, the organization's report says once. */
export type AccountImpact = Omit<Impact, "settings">;

/** What became of an account. */
export type Outcome =
  | { readonly state: "read"; readonly impact: AccountImpact }
  /** It is to be read and could not be; and what mends that, in words. */
  | { readonly state: "not read"; readonly why: string; readonly remedy: string }
  /** Nothing of the settings is to reach it. */
  | { readonly state: "left out"; readonly why: string };

/** An account, and what became of it. */
export type AccountReport = OrganizationAccount & { readonly outcome: Outcome };

/** What a deploy by these settings would do to the users of an organization's accounts. */
export interface OrganizationImpact
  extends Pick<Impact, "stack" | "settings" | "users" | "before" | "after" | "changes"> {
  /** o-… */
  readonly organization: string;
  /** Twelve digits. */
  readonly managementAccount: string;
  /** As whom the organization was listed. */
  readonly caller: string;
  /** The name of the role by which accounts other than the caller's are read. */
  readonly role: string;
  /** Roots and OUs below which accounts were looked for. */
  readonly targets: readonly string[];
  /** ISO 8601 */
  readonly readAt: string;
  /** By unit and name. */
  readonly accounts: readonly AccountReport[];
}

/** An account that was read. */
export type ReadAccount = OrganizationAccount & { readonly impact: AccountImpact };

const NOBODY: Places = { free: 0, ...guardsOf(() => 0) };
const NO_CHANGE: Impact["changes"] = { held: 0, moved: 0, freed: 0, none: 0, withheld: 0, pending: 0, unknown: 0 };

/** The accounts that were read, in the order of the report. */
export function readAccountsOf(accounts: readonly AccountReport[]): readonly ReadAccount[] {
  return accounts.flatMap(({ outcome, ...account }) =>
    outcome.state === "read" ? [{ ...account, impact: outcome.impact }] : [],
  );
}

/** How many there are in several accounts, who stand where and change how. */
export function totalOf(
  impacts: readonly AccountImpact[],
): Pick<OrganizationImpact, "users" | "before" | "after" | "changes"> {
  return impacts.reduce(
    (sum, { users, before, after, changes }) => ({
      users: sum.users + users,
      before: added(sum.before, before),
      after: added(sum.after, after),
      changes: added(sum.changes, changes),
    }),
    { users: 0, before: NOBODY, after: NOBODY, changes: NO_CHANGE },
  );
}

function added<Key extends string>(
  one: Readonly<Record<Key, number>>,
  other: Readonly<Record<Key, number>>,
): Readonly<Record<Key, number>> {
  const sum: Record<Key, number> = { ...one };
  for (const key in other) sum[key] += other[key];
  return sum;
}

/** What wants a look in several accounts, by what it is. */
export interface FindingInAccounts {
  readonly finding: Finding["finding"];
  /** Each with how many of its users it is about; none where it is about no user. */
  readonly accounts: readonly { readonly account: string; readonly name: string; readonly users: number }[];
}

/** What wants a look, by what it is: that of most accounts first. */
export function findingsIn(accounts: readonly ReadAccount[]): readonly FindingInAccounts[] {
  const byKind = new Map<Finding["finding"], FindingInAccounts["accounts"]>();
  for (const { account, name, impact } of accounts) {
    for (const { finding, users } of impact.findings) {
      byKind.set(finding, [...(byKind.get(finding) ?? []), { account, name, users: users.length }]);
    }
  }
  return [...byKind]
    .map(([finding, concerned]) => ({ finding, accounts: concerned }))
    .toSorted((one, other) => other.accounts.length - one.accounts.length);
}

/** What became of each account, as one report. */
export function organizationImpactOf(
  about: Omit<OrganizationImpact, "users" | "before" | "after" | "changes" | "accounts">,
  accounts: readonly AccountReport[],
): OrganizationImpact {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const sorted = accounts.toSorted(
    (one, other) =>
      compare(one.unit.path.join(" / "), other.unit.path.join(" / ")) ||
      compare(one.name, other.name) ||
      compare(one.account, other.account),
  );
  const read = readAccountsOf(sorted).map(({ impact }) => impact);
  return { ...about, ...totalOf(read), accounts: sorted };
}
