import type { Deadline } from "../../core/due";
import { namesPaths, type ScopeRules } from "../../core/scope";
import type { User } from "../../core/user";
import { type Device, type Iam, type LoginProfile, NoSuchEntityError } from "./iam";

/** What says whether a user's path and CreateDate must be read, by one call for both. */
interface Readers {
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
      needsIdentity(readers) ? iam.getUser(name) : { path: undefined, createdAt: undefined },
    ]);
    return { name, ...credentials, groups, policies, ...identity };
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
    const { name, policies, path, createdAt } = known;
    const [credentials, groups, identity] = await Promise.all([
      readCredentials(iam, name),
      iam.listGroupsForUser(name),
      needsIdentity(readers) ? iam.getUser(name) : { path, createdAt },
    ]);
    return { name, ...credentials, groups, policies, ...identity };
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
