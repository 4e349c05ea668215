import { type GuardFault, type GuardState, groupArnOf } from "../../core/guard-state";
import { GUARD_NAMES, type GuardRef, type GuardRefs } from "../../core/guards";
import { isSameName } from "../../core/names";
import type { GroupDetail, Iam } from "../iam/iam";
import { readPolicyDigest } from "../verify-guards";

/** What groups that were read in bulk say of a guard; the content of its policy takes two calls more. */
export async function guardInSnapshot(ref: GuardRef, groups: readonly GroupDetail[], iam: Iam): Promise<GuardState> {
  return { ...groupInSnapshot(ref, groups), policyDigest: await readPolicyDigest(iam, ref.policyArn) };
}

/** Whether a guard has its group, by groups that were read in bulk. */
export function groupInSnapshot(ref: GuardRef, groups: readonly GroupDetail[]): Omit<GuardState, "policyDigest"> {
  const group = groups.find(({ name }) => isSameName(name, ref.group));
  if (group === undefined) return { group: "gone", policies: [], inlinePolicies: [] };
  const { arn, policies, inlinePolicies } = group;
  return { group: isSameName(arn, groupArnOf(ref)) ? "ours" : "elsewhere", policies, inlinePolicies };
}

/** The guards' policies on groups that are no guard's. */
export function policiesElsewhere(guards: GuardRefs, groups: readonly GroupDetail[]): readonly GuardFault[] {
  const others = groups.filter(({ arn }) => !GUARD_NAMES.some((name) => isSameName(arn, groupArnOf(guards[name]))));
  return GUARD_NAMES.flatMap((guard) =>
    others
      .filter(({ policies }) => policies.some((policy) => isSameName(policy, guards[guard].policyArn)))
      .map(({ arn }) => ({ guard, fault: "policy-elsewhere", what: arn }) as const),
  );
}
