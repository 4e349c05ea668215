import type { Decision } from "./decide";
import { GUARD_NAMES, type GuardName, type GuardRefs } from "./guards";
import { isSameName } from "./names";
import { hasPolicy, isHeldBy, isInGroup, type Placement } from "./user";

/** A write that puts a user into a guard: by its group, or by its policy on the user itself. */
export interface Entry {
  readonly call: "addUserToGroup" | "attachUserPolicy";
  readonly guard: GuardName;
}

/** A write that takes a user out of a guard. */
interface Exit {
  readonly call: "removeUserFromGroup" | "detachUserPolicy";
  readonly guard: GuardName;
}

/** One call that changes where a user stands. */
export type Write = Entry | Exit;

/**
 * The writes that put a user where the decision says. `into` comes first, so that no moment is without a guard. A way out
 * never comes without it where the decision holds the user: the read that shows the user held already may be outdated,
 * and IAM takes a way in twice.
 */
export interface Plan {
  readonly into: Entry | undefined;
  readonly outOf: readonly Exit[];
}

/** The plan for who is in place already. */
export const NOTHING_TO_WRITE: Plan = { into: undefined, outOf: [] };

/** How many groups a user can be in: a quota that can't be raised (IAM User Guide, "IAM and AWS STS quotas"). */
const GROUPS_PER_USER = 10;

/** From so many groups of others on, the last place is left to them. */
export const GROUPS_OF_OTHERS = GROUPS_PER_USER - 1;

/** What to write for the record to say what the decision says; nothing where it does already. */
export function planFor(user: Placement, decision: Decision, guards: GuardRefs): Plan {
  const target = decision.decision === "hold" ? decision.guard : undefined;
  const outOf = GUARD_NAMES.filter((name) => name !== target).flatMap((name) => exits(user, name, guards));
  const needsWayIn = target !== undefined && (outOf.length > 0 || !isHeldBy(user, guards[target]));
  return { into: needsWayIn ? { call: entryCall(user, target, guards), guard: target } : undefined, outOf };
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

/**
 * By the group or by the policy, which is the only way where there is no group. Who is held already stays in the form
 * that holds them. The policy is what holds whoever is in ten groups, and spares who is in nine of others' the tenth,
 * which they would be refused.
 */
function entryCall(user: Placement, guard: GuardName, guards: GuardRefs): Entry["call"] {
  if (guards[guard].group === "" || hasPolicy(user, guards[guard].policyArn)) return "attachUserPolicy";
  if (isInGroup(user, guards[guard].group)) return "addUserToGroup";
  const isFull = user.groups.length >= GROUPS_PER_USER || groupsOfOthers(user, guards) >= GROUPS_OF_OTHERS;
  return isFull ? "attachUserPolicy" : "addUserToGroup";
}

/** How many groups the user is in that are no guard's. */
export function groupsOfOthers({ groups }: Pick<Placement, "groups">, guards: GuardRefs): number {
  return groups.filter((group) => !GUARD_NAMES.some((name) => isSameName(guards[name].group, group))).length;
}

function exits(user: Placement, guard: GuardName, guards: GuardRefs): readonly Exit[] {
  const { group, policyArn } = guards[guard];
  const writes: Exit[] = [];
  if (isInGroup(user, group)) writes.push({ call: "removeUserFromGroup", guard });
  if (hasPolicy(user, policyArn)) writes.push({ call: "detachUserPolicy", guard });
  return writes;
}
