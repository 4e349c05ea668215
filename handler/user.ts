import type { Deciding } from "./decide";
import { GUARD_NAMES, type Guard, type GuardName, type Guards } from "./guards";
import { type Device, type Iam, type LoginProfile, NoSuchEntityError } from "./iam";
import { isSameName, namesPaths, type ScopeRules } from "./scope";

/** A user's state as IAM's record shows it: what decides, and where the user stands. */
export interface User extends Deciding {
  /** ARNs of the managed policies attached to the user itself. */
  readonly policies: readonly string[];
  /** When the password was made or the last device enabled, whichever came later, as far as IAM gives dates. */
  readonly datedAt: Date | undefined;
}

/** Reads a user's state in one round of parallel calls; undefined where there is no such user. */
export function readUser(iam: Iam, name: string, rules: ScopeRules): Promise<User | undefined> {
  return unlessGone(async () => {
    const [credentials, groups, policies, path] = await Promise.all([
      readCredentials(iam, name),
      iam.listGroupsForUser(name),
      iam.listAttachedUserPolicies(name),
      namesPaths(rules) ? iam.getUserPath(name) : undefined,
    ]);
    return { name, ...credentials, groups, policies, path };
  });
}

/** Reads what may have changed of a user whose path and policies are known: one round of three calls. */
export function readUserOver(iam: Iam, known: Pick<User, "name" | "path" | "policies">): Promise<User | undefined> {
  return unlessGone(async () => {
    const { name, path, policies } = known;
    const [credentials, groups] = await Promise.all([readCredentials(iam, name), iam.listGroupsForUser(name)]);
    return { name, ...credentials, groups, policies, path };
  });
}

async function readCredentials(iam: Iam, name: string): Promise<Pick<User, "devices" | "password" | "datedAt">> {
  const [devices, loginProfile] = await Promise.all([iam.listMfaDevices(name), iam.getLoginProfile(name)]);
  return {
    devices: devices.map(({ serialNumber }) => serialNumber),
    password: loginProfile !== undefined,
    datedAt: latest(devices, loginProfile),
  };
}

function latest(devices: readonly Device[], loginProfile: LoginProfile | undefined): Date | undefined {
  const dates = [loginProfile?.createdAt, ...devices.map(({ enabledAt }) => enabledAt)];
  return dates.reduce((one, other) => (one === undefined || (other !== undefined && other > one) ? other : one));
}

async function unlessGone(read: () => Promise<User>): Promise<User | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NoSuchEntityError) return undefined;
    throw error;
  }
}

/** Where a user stands: what {@link isHeldBy} looks at. */
export type Standing = Pick<User, "groups" | "policies">;

/** Whether the user is in the group. */
export function isInGroup({ groups }: Standing, group: string): boolean {
  return groups.some((name) => isSameName(name, group));
}

/** Whether the managed policy is attached to the user itself. */
export function hasPolicy({ policies }: Standing, policyArn: string): boolean {
  return policies.some((arn) => isSameName(arn, policyArn));
}

/** Held = in the guard's group, or holding its policy. */
export function isHeldBy(user: Standing, guard: Guard): boolean {
  return isInGroup(user, guard.group) || hasPolicy(user, guard.policyArn);
}

/** The guards that hold the user now: none, one, or for the moment of a move two. */
export function guardsHolding(user: Standing, guards: Guards): readonly GuardName[] {
  return GUARD_NAMES.filter((name) => isHeldBy(user, guards[name]));
}
