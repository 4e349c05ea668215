import { GUARD_NAMES, type GuardName, type GuardRefs, guardsOf } from "../core/guards";

/** The guards that stand in an account. */
export interface DeployedGuards {
  readonly guards: GuardRefs;
  /** Those of which there is anything. */
  readonly deployed: readonly GuardName[];
}

/** Where a stack's guards are found. */
export interface GuardPlace {
  /** The IAM path of the stack: `/require-mfa/dev/`. */
  readonly path: string;
  /** The name of the component, with which the guards' names begin. */
  readonly name: string;
}

/** What of groups says which are guards'. */
interface Group {
  readonly name: string;
  readonly arn: string;
  /** ARNs of the managed policies attached to the group. */
  readonly policies: readonly string[];
}

/**
 * Finds a stack's guards by their path: `/require-mfa/dev/require-mfa-quarantine-1a2b3c4`, of which the end is Pulumi's,
 * another for the group than for the policy. A guard of which there is nothing gets names that nobody can have in IAM.
 *
 * @param userPolicies ARNs of the managed policies attached to users themselves
 */
export function findGuards(
  groups: readonly Group[],
  userPolicies: Iterable<string>,
  { path, name }: GuardPlace,
): DeployedGuards {
  const isOf = (kind: "group" | "policy", guard: GuardName) => {
    const stem = `:${kind}${path}${name}-${guard}`;
    return (arn: string): boolean => arn.endsWith(stem) || arn.includes(`${stem}-`);
  };
  const policies = [...groups.flatMap((group) => group.policies), ...userPolicies];
  const found = guardsOf((guard) => {
    const isPolicy = isOf("policy", guard);
    const named = groups.filter(({ arn }) => isOf("group", guard)(arn));
    // While a deploy replaces a group there are two, and the one without its policy holds nobody.
    const group = named.find((each) => each.policies.some(isPolicy)) ?? named[0];
    return { group: group?.name, policyArn: group?.policies.find(isPolicy) ?? policies.find(isPolicy) };
  });
  const missing = (guard: GuardName) => `${name}-${guard} (not deployed)`;
  return {
    guards: guardsOf((guard) => ({
      group: found[guard].group ?? missing(guard),
      policyArn: found[guard].policyArn ?? `arn:aws:iam::aws:policy${path}${missing(guard)}`,
    })),
    deployed: GUARD_NAMES.filter((guard) => found[guard].group !== undefined || found[guard].policyArn !== undefined),
  };
}
