import { Mode } from "../core/modes";
import { type Condition, ref, type Template } from "./template";

const ACCOUNT_IS_EXEMPT = "AccountIsExempt";

/** Fn::Or takes from two to ten conditions. */
const MOST_IN_ONE = 10;

/**
 * The template's sections by which a stack knows that it is in an exempt account, for it may well be: StackSets' automatic
 * deployments follow the OU and no list of accounts, and an account may be exempt that has had its stack for long.
 */
export function exemptConditions(accounts: readonly string[]): Pick<Template, "Conditions"> {
  return accounts.length === 0 ? {} : { Conditions: { [ACCOUNT_IS_EXEMPT]: anyOf(accounts.map(isAccount)) } };
}

/** The mode as the handler is told it: off where the account is exempt, so that it holds nobody and frees whom it held. */
export function modeIn(
  mode: Mode,
  exemptAccounts: readonly string[],
): Mode | { readonly "Fn::If": readonly unknown[] } {
  return exemptAccounts.length === 0 ? mode : { "Fn::If": [ACCOUNT_IS_EXEMPT, Mode.Off, mode] };
}

function isAccount(account: string): Condition {
  return { "Fn::Equals": [ref("AWS::AccountId"), account] };
}

function anyOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) return only;
  if (conditions.length <= MOST_IN_ONE) return { "Fn::Or": conditions };
  const parts = Math.ceil(conditions.length / MOST_IN_ONE);
  return anyOf(
    Array.from({ length: parts }, (_, part) => anyOf(conditions.slice(part * MOST_IN_ONE, (part + 1) * MOST_IN_ONE))),
  );
}
