import { namesPaths, type ScopeRules } from "../../core/scope";
import type { User } from "../../core/user";
import { type Device, type Iam, type LoginProfile, NoSuchEntityError } from "./iam";

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

/**
 * Reads what may have changed of a user whose policies are known: one round of three calls, and one more where rules name
 * paths. Another hand may move a user at any moment, so that a path is never taken from an earlier read.
 */
export function readUserOver(
  iam: Iam,
  known: Pick<User, "name" | "path" | "policies">,
  rules: ScopeRules,
): Promise<User | undefined> {
  return unlessGone(async () => {
    const { name, policies } = known;
    const [credentials, groups, path] = await Promise.all([
      readCredentials(iam, name),
      iam.listGroupsForUser(name),
      namesPaths(rules) ? iam.getUserPath(name) : known.path,
    ]);
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
