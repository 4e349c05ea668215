import type { Deadline } from "../../core/due";
import { groupArnOf } from "../../core/guard-state";
import { GUARD_NAMES, type GuardRefs } from "../../core/guards";
import { isSameName } from "../../core/names";
import { namesPaths, type ScopeRules } from "../../core/scope";
import type { User } from "../../core/user";
import { type Device, type GroupIdentity, type Iam, type LoginProfile, NoSuchEntityError } from "./iam";

/** What says whether a user's path and CreateDate must be read, by one call for both, and which groups are guards'. */
interface Readers {
  readonly guards: GuardRefs;
  readonly rules: ScopeRules;
  readonly deadline: Deadline;
}

const needsIdentity = ({ rules, deadline }: Readers): boolean => namesPaths(rules) || deadline.graceDays > 0;

/** Reads a user's state in one round of parallel calls; undefined where there is no such user. */
export function readUser(iam: Iam, name: string, readers: Readers): Promise<User | undefined> {
  return unlessGone(async () => {
    const [credentials, groups, policies, identity] = await Promise.all([
      readCredentials(iam, name),
      iam.listGroupsForUser(name),
      iam.listAttachedUserPolicies(name),
      needsIdentity(readers) ? iam.getUser(name) : undefined,
    ]);
    const { path, createdAt } = identity ?? {};
    return { name, ...credentials, groups: namesOf(groups, readers), policies, path, createdAt };
  });
}

/**
 * Reads what may have changed of a user whose policies are known: one round of three calls, and one more where rules name
 * paths or a grace runs. Another hand may move a user at any moment, or make another of the same name, so that neither
 * path nor CreateDate is ever taken from an earlier read.
 */
export function readUserOver(
  iam: Iam,
  known: Pick<User, "name" | "path" | "createdAt" | "policies">,
  readers: Readers,
): Promise<User | undefined> {
  return unlessGone(async () => {
    const { name, policies } = known;
    const [credentials, groups, identity] = await Promise.all([
      readCredentials(iam, name),
      iam.listGroupsForUser(name),
      needsIdentity(readers) ? iam.getUser(name) : known,
    ]);
    const { path, createdAt } = identity;
    return { name, ...credentials, groups: namesOf(groups, readers), policies, path, createdAt };
  });
}

/** Names of the groups, without those that bear the name of a guard's group and are another, which holds nobody. */
function namesOf(groups: readonly GroupIdentity[], { guards }: Readers): readonly string[] {
  const isImpostor = ({ name, arn }: GroupIdentity): boolean =>
    GUARD_NAMES.some((guard) => isSameName(guards[guard].group, name) && !isSameName(groupArnOf(guards[guard]), arn));
  return groups.filter((group) => !isImpostor(group)).map(({ name }) => name);
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
