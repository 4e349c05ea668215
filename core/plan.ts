import type { Decision } from "./decide";
import { GUARD_NAMES, type GuardName, type GuardRefs } from "./guards";
import { hasPolicy, isHeldBy, isInGroup, type Placement } from "./user";

/** One call that changes where a user stands. */
export interface Write {
  readonly call: "addUserToGroup" | "attachUserPolicy" | "removeUserFromGroup" | "detachUserPolicy";
  readonly guard: GuardName;
}

/** The writes that put a user where the decision says. `into` comes first, so that no moment is without a guard. */
export interface Plan {
  readonly into: Write | undefined;
  readonly outOf: readonly Write[];
}

/** The plan for who is in place already. */
export const NOTHING_TO_WRITE: Plan = { into: undefined, outOf: [] };

/** How many groups a user can be in: a quota that can't be raised (IAM User Guide, "IAM and AWS STS quotas"). */
const GROUPS_PER_USER = 10;

/** What to write for the record to say what the decision says; nothing where it does already. */
export function planFor(user: Placement, decision: Decision, guards: GuardRefs): Plan {
  const target = decision.decision === "hold" ? decision.guard : undefined;
  return {
    into: target !== undefined && !isHeldBy(user, guards[target]) ? entry(user, target) : undefined,
    outOf: GUARD_NAMES.filter((name) => name !== target).flatMap((name) => exits(user, name, guards)),
  };
}

/** Whether the plan has nothing to write. */
export function isInPlace(plan: Plan): boolean {
  return plan.into === undefined && plan.outOf.length === 0;
}

/** The policies attached to a user after these writes, where they were known before. */
export function policiesAfter(
  policies: readonly string[],
  writes: readonly Write[],
  guards: GuardRefs,
): readonly string[] {
  const attached = new Set(policies);
  for (const { call, guard } of writes) {
    if (call === "attachUserPolicy") attached.add(guards[guard].policyArn);
    if (call === "detachUserPolicy") attached.delete(guards[guard].policyArn);
  }
  return [...attached];
}

function entry(user: Placement, guard: GuardName): Write {
  return { call: user.groups.length < GROUPS_PER_USER ? "addUserToGroup" : "attachUserPolicy", guard };
}

function exits(user: Placement, guard: GuardName, guards: GuardRefs): readonly Write[] {
  const { group, policyArn } = guards[guard];
  const writes: Write[] = [];
  if (isInGroup(user, group)) writes.push({ call: "removeUserFromGroup", guard });
  if (hasPolicy(user, policyArn)) writes.push({ call: "detachUserPolicy", guard });
  return writes;
}
