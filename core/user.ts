import { GUARD_NAMES, type GuardName, type GuardRef, type GuardRefs } from "./guards";
import { isSameName } from "./names";

/** A user's state as IAM's record shows it: what the decision rests on, and which guards hold the user. */
export interface User {
  readonly name: string;
  /** The user's IAM path; undefined only where it need not be read, for no rule names one. */
  readonly path: string | undefined;
  /** When the user was made, IAM's CreateDate; undefined where IAM gives none or it need not be read. */
  readonly createdAt: Date | undefined;
  /** Whether the user has a password, in IAM's word a login profile. */
  readonly password: boolean;
  /** Serial numbers of the user's enabled MFA devices, of whatever kind. */
  readonly devices: readonly string[];
  /** Names of the groups that the user is in. */
  readonly groups: readonly string[];
  /** ARNs of the managed policies attached to the user itself. */
  readonly policies: readonly string[];
  /** When the password was made or the last device enabled, whichever came later, as far as IAM gives dates. */
  readonly datedAt: Date | undefined;
}

/** What of a user's state says which guards hold the user. */
export type Placement = Pick<User, "groups" | "policies">;

/** Whether the user is in the group. */
export function isInGroup({ groups }: Placement, group: string): boolean {
  return groups.some((name) => isSameName(name, group));
}

/** Whether the managed policy is attached to the user itself. */
export function hasPolicy({ policies }: Placement, policyArn: string): boolean {
  return policies.some((arn) => isSameName(arn, policyArn));
}

/** Held = in the guard's group, or holding its policy. */
export function isHeldBy(user: Placement, guard: GuardRef): boolean {
  return isInGroup(user, guard.group) || hasPolicy(user, guard.policyArn);
}

/** The guards that hold the user now: none, one, or for the moment of a move two. */
export function guardsHolding(user: Placement, guards: GuardRefs): readonly GuardName[] {
  return GUARD_NAMES.filter((name) => isHeldBy(user, guards[name]));
}

/** This state, but under the guards that held the user in another one. */
export function heldAsIn(other: User, state: User, guards: GuardRefs): User {
  const isGuardsGroup = (group: string) => GUARD_NAMES.some((name) => isSameName(guards[name].group, group));
  const isGuardsPolicy = (arn: string) => GUARD_NAMES.some((name) => isSameName(guards[name].policyArn, arn));
  const pick = (theirs: readonly string[], ours: readonly string[], isGuards: (item: string) => boolean) => [
    ...theirs.filter((item) => !isGuards(item)),
    ...ours.filter(isGuards),
  ];
  return {
    ...state,
    groups: pick(state.groups, other.groups, isGuardsGroup),
    policies: pick(state.policies, other.policies, isGuardsPolicy),
  };
}
