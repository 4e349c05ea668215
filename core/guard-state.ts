import type { GuardName, GuardRef } from "./guards";
import { listInWords } from "./lists";
import { isSameName } from "./names";

/** What IAM's record says of a guard. */
export interface GuardState {
  /** Whether the group of the guard's name is the guard's, or another one under another path, or there is none. */
  readonly group: "ours" | "elsewhere" | "gone";
  /** ARNs of the managed policies attached to the group. */
  readonly policies: readonly string[];
  /** Names of the group's inline policies. */
  readonly inlinePolicies: readonly string[];
  /** The digest of the guard's policy in force; undefined where there is no such policy. */
  readonly policyDigest: string | undefined;
}

/** A way in which a guard is none, or not the one that was deployed. */
export interface GuardFault {
  readonly guard: GuardName;
  readonly fault:
    | "group-gone"
    | "group-elsewhere"
    | "policy-gone"
    | "policy-changed"
    | "policy-detached"
    | "policy-elsewhere"
    | "foreign-policy"
    | "inline-policy"
    | "unreadable";
  /** What it is about: the group's name, a policy's ARN or name, another group's ARN, or IAM's answer. */
  readonly what: string;
}

/** The ARN of a guard's group: it stands under the path under which the guard's policy stands. */
export function groupArnOf({ group, policyArn }: GuardRef): string {
  const [, arn = "", path = ""] = /^(.*?):policy(\/.*)$/.exec(policyArn) ?? [];
  return `${arn}:group${path.slice(0, path.lastIndexOf("/") + 1)}${group}`;
}

/** Everything that is wrong with a guard, by what its record says. */
export function faultsOf(guard: GuardName, ref: GuardRef, digest: string, state: GuardState): readonly GuardFault[] {
  const fault = (of: GuardFault["fault"], what: string): GuardFault => ({ guard, fault: of, what });
  const faults: GuardFault[] = [];
  if (state.policyDigest === undefined) faults.push(fault("policy-gone", ref.policyArn));
  else if (state.policyDigest !== digest) faults.push(fault("policy-changed", ref.policyArn));
  if (state.group !== "ours") return [...faults, fault(`group-${state.group}`, ref.group)];
  const isOurs = (arn: string) => isSameName(arn, ref.policyArn);
  if (!state.policies.some(isOurs)) faults.push(fault("policy-detached", ref.policyArn));
  return [
    ...faults,
    ...state.policies.filter((arn) => !isOurs(arn)).map((arn) => fault("foreign-policy", arn)),
    ...state.inlinePolicies.map((name) => fault("inline-policy", name)),
  ];
}

/** What is wrong with guards, and the way to mend it, in words fit for a log. */
export function brokenInWords(faults: readonly GuardFault[]): string {
  return `${listInWords(faults.map(faultInWords), "; ")}; pulumi up --refresh makes it what was deployed`;
}

function faultInWords({ guard, fault, what }: GuardFault): string {
  switch (fault) {
    case "group-gone":
      return `the group of ${guard}, ${what}, is gone`;
    case "group-elsewhere":
      return `the group of ${guard} is gone, and another of its name, ${what}, stands under another path`;
    case "policy-gone":
      return `the policy of ${guard}, ${what}, is gone`;
    case "policy-changed":
      return `the policy of ${guard}, ${what}, is not the one that was deployed`;
    case "policy-detached":
      return `the policy of ${guard}, ${what}, is not attached to its group`;
    case "policy-elsewhere":
      return `the policy of ${guard} is attached to ${what}, which is no guard's group`;
    case "foreign-policy":
      return `a policy that is not ours, ${what}, is attached to the group of ${guard}`;
    case "inline-policy":
      return `the group of ${guard} has an inline policy, ${what}`;
    case "unreadable":
      return `${guard} could not be verified: ${what}`;
  }
}
