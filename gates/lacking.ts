import { listInWords } from "../core/lists";
import type { StackInstance } from "./read-stack-set";

/** An account of an organization, as far as it matters whether it has its guards. */
export interface Account {
  /** Twelve digits. */
  readonly account: string;
  readonly name: string;
  /** In capitals, as AWS Organizations tells it. */
  readonly state: string;
}

/** In these nobody can sign in, nor CloudFormation do anything. */
const CLOSED: readonly string[] = ["SUSPENDED", "PENDING_CLOSURE", "CLOSED"];

/** Whether anything can be done in an account. */
export function isOpen({ state }: Account): boolean {
  return !CLOSED.includes(state);
}

/**
 * The accounts that have not their guards as they should be, each with why, in words.
 *
 * @param spared accounts that need none: the exempt, the management account, and the one that has a stack of its own
 */
export function lackingAmong(
  accounts: readonly Account[],
  instances: readonly StackInstance[],
  spared: readonly string[],
): readonly string[] {
  const byAccount = new Map(instances.map((instance) => [instance.account, instance]));
  return accounts
    .filter((each) => isOpen(each) && !spared.includes(each.account))
    .flatMap(({ account, name }) => {
      const instance = byAccount.get(account);
      if (instance?.status === "CURRENT") return [];
      return `${account} (${name}): ${instance === undefined ? "no stack" : inWords(instance)}`;
    });
}

function inWords({ status, reason }: StackInstance): string {
  return reason ? `${status}, ${reason}` : status;
}

/** Why an SCP that holds must not be attached, and what to do; in a preview, which changes no stack, why it might not be. */
export function notHeldInWords(lacking: readonly string[], isPreview: boolean): string {
  const people = `people out of ${countOf(lacking)} without guards as they should be`;
  return [
    isPreview
      ? `as it stands the SCP that holds would lock ${people}:`
      : `the SCP that holds is left as it was, for it would lock ${people}:`,
    `  ${listInWords(lacking, "\n  ")}`,
    isPreview
      ? "  pulumi up changes the stacks first, and looks again before the SCP holds."
      : "  All else is deployed. See why in CloudFormation's StackSet, and run pulumi up again; or name the account in organizationExemptAccounts, or move it to an OU that is no target.",
  ].join("\n");
}

/** What a deploy says of accounts that an SCP does not hold. */
export function withoutGuardsInWords(lacking: readonly string[]): string {
  return `${countOf(lacking)} below organizationTargets ${lacking.length === 1 ? "has" : "have"} no guards as they should be: ${listInWords(lacking)}`;
}

function countOf(accounts: readonly string[]): string {
  return accounts.length === 1 ? "1 account" : `${accounts.length} accounts`;
}
