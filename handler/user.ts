import type { Credentials } from "./decide";
import { GUARD_NAMES, type Guard, type GuardName, type Guards } from "./guards";
import { type Iam, NoSuchEntityError } from "./iam";

/** A user's state as IAM's record shows it: what decides, and where the user stands. */
export interface User extends Credentials {
  readonly name: string;
  /** Names of all the groups that the user is in, guards and others. */
  readonly groups: readonly string[];
  /** ARNs of the managed policies attached to the user itself. */
  readonly policies: readonly string[];
}

/** Reads a user's state in one round of parallel calls; undefined where there is no such user. */
export async function readUser(iam: Iam, name: string): Promise<User | undefined> {
  try {
    const [devices, password, groups, policies] = await Promise.all([
      iam.listMfaDevices(name),
      iam.hasLoginProfile(name),
      iam.listGroupsForUser(name),
      iam.listAttachedUserPolicies(name),
    ]);
    return { name, devices, password, groups, policies };
  } catch (error) {
    if (error instanceof NoSuchEntityError) return undefined;
    throw error;
  }
}

/** Whether the user is in the group. IAM's names differ by more than case. */
export function isInGroup(user: User, group: string): boolean {
  return user.groups.some((name) => name.toLowerCase() === group.toLowerCase());
}

/** Whether the managed policy is attached to the user itself. */
export function hasPolicy(user: User, policyArn: string): boolean {
  return user.policies.some((arn) => arn.toLowerCase() === policyArn.toLowerCase());
}

/** Held = in the guard's group, or holding its policy. */
export function isHeldBy(user: User, guard: Guard): boolean {
  return isInGroup(user, guard.group) || hasPolicy(user, guard.policyArn);
}

/** The guards that hold the user now: none, one, or for the moment of a move two. */
export function guardsHolding(user: User, guards: Guards): readonly GuardName[] {
  return GUARD_NAMES.filter((name) => isHeldBy(user, guards[name]));
}
