import type { Clock } from "../handler/clock";
import {
  type CredentialReport,
  type Device,
  type GroupDetail,
  type Iam,
  LimitExceededError,
  NoSuchEntityError,
  ThrottledError,
  type UserDetail,
} from "../handler/iam/iam";

/** Milliseconds from a call's turn to its answer. */
export const LATENCY = 20;

/** How many calls of each kind IAM takes a second. */
export const CALLS_PER_SECOND = 10;

/** How many items a page of the whole account holds. */
const PAGE_SIZE = 1000;

/** IAM's quotas of groups and of managed policies a user. */
const MAX_PER_USER = 10;

/** IAM makes no other credential report for four hours. */
const REPORT_LIFETIME_MS = 4 * 60 * 60 * 1000;

/** A user of a {@link VirtualIam}. */
export interface VirtualUser {
  readonly name: string;
  readonly path: string;
  readonly createdAt: Date;
  /** When the password was made, if there is one. */
  readonly passwordMadeAt?: Date;
  readonly devices: readonly Device[];
  readonly groups: readonly string[];
  /** ARNs of the managed policies attached to the user itself. */
  readonly policies: readonly string[];
}

/** A page of ListUsers, which the port has no use for. */
export interface UsersPage {
  readonly names: readonly string[];
  readonly marker: string | undefined;
}

/** The kinds of calls; each has a rate of its own. */
type CallKind = keyof Iam | "listUsers";

/** IAM in memory, on a clock: it takes its time and is throttled, so that a sweep of thousands can be timed. */
export interface VirtualIam extends Iam {
  /** Names of all users, a thousand a page; the first page without a marker. */
  listUsers(marker?: string): Promise<UsersPage>;
  /** All users as they are now. Costs no call. */
  users(): readonly VirtualUser[];
  /** How many calls of each kind have been made; a kind that was never called is absent. */
  counts(): ReadonlyMap<CallKind, number>;
}

/** What a {@link VirtualIam} has beside its users, and how it takes calls. */
export interface VirtualIamOptions {
  readonly groups?: readonly GroupDetail[];
  /** Documents of managed policies, JSON, by the policies' ARNs. */
  readonly policies?: ReadonlyMap<string, string>;
  /** How many calls of each kind IAM takes a second; {@link CALLS_PER_SECOND} if left out. */
  readonly callsPerSecond?: number;
  /** Whether a call too many is refused and not made to wait, as IAM itself does; the SDK is what waits. */
  readonly refuses?: boolean;
}

/** Makes an IAM of these users, whose calls take their time on this clock. Names compare with case here. */
export function virtualIam(
  clock: Clock,
  everybody: readonly VirtualUser[],
  { groups = [], policies = new Map(), callsPerSecond = CALLS_PER_SECOND, refuses = false }: VirtualIamOptions = {},
): VirtualIam {
  const users = new Map(everybody.map((user) => [user.name, user]));
  const counts = new Map<CallKind, number>();
  const nextTurns = new Map<CallKind, number>();
  let report: CredentialReport | undefined;
  let polled = false;

  /** Waits for a call's turn and its answer's way. */
  const take = async (kind: CallKind): Promise<void> => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const now = clock.now();
    const turn = Math.max(now, nextTurns.get(kind) ?? 0);
    if (refuses && turn > now) {
      await clock.pause(LATENCY / 1000);
      throw new ThrottledError("Rate exceeded");
    }
    nextTurns.set(kind, turn + 1000 / callsPerSecond);
    await clock.pause((turn - now + LATENCY) / 1000);
  };
  const find = (name: string): VirtualUser => {
    const user = users.get(name);
    if (user === undefined) throw new NoSuchEntityError(`The user with name ${name} cannot be found.`);
    return user;
  };
  const groupsByName = new Map(groups.map((group) => [group.name, group]));
  const findGroup = (name: string): GroupDetail => {
    const group = groupsByName.get(name);
    if (group === undefined) throw new NoSuchEntityError(`The group with name ${name} cannot be found.`);
    return group;
  };
  const findPolicy = (arn: string): string => {
    const document = policies.get(arn);
    if (document === undefined) throw new NoSuchEntityError(`Policy ${arn} was not found.`);
    return document;
  };
  const change = (name: string, of: "groups" | "policies", changed: (list: readonly string[]) => readonly string[]) => {
    const user = find(name);
    users.set(name, { ...user, [of]: changed(user[of]) });
  };
  const currentReport = (): CredentialReport | undefined =>
    report !== undefined && clock.now() - report.generatedAt.getTime() <= REPORT_LIFETIME_MS ? report : undefined;

  return {
    users: () => [...users.values()],
    counts: () => counts,
    listUsers: async (marker) => {
      await take("listUsers");
      const { items, next } = pageOf([...users.keys()], marker);
      return { names: items, marker: next };
    },
    listMfaDevices: async (name) => {
      await take("listMfaDevices");
      return find(name).devices;
    },
    getLoginProfile: async (name) => {
      await take("getLoginProfile");
      const createdAt = users.get(name)?.passwordMadeAt;
      return createdAt && { createdAt };
    },
    listGroupsForUser: async (name) => {
      await take("listGroupsForUser");
      return find(name).groups.map((group) => ({ name: group, arn: groupsByName.get(group)?.arn ?? group }));
    },
    listAttachedUserPolicies: async (name) => {
      await take("listAttachedUserPolicies");
      return find(name).policies;
    },
    getUser: async (name) => {
      await take("getUser");
      const { path, createdAt } = find(name);
      return { id: name, path, createdAt };
    },
    getGroupArn: async (group) => {
      await take("getGroupArn");
      return findGroup(group).arn;
    },
    listAttachedGroupPolicies: async (group) => {
      await take("listAttachedGroupPolicies");
      return findGroup(group).policies;
    },
    listGroupPolicies: async (group) => {
      await take("listGroupPolicies");
      return findGroup(group).inlinePolicies;
    },
    getDefaultPolicyVersion: async (policyArn) => {
      await take("getDefaultPolicyVersion");
      findPolicy(policyArn);
      return "v1";
    },
    getPolicyDocument: async (policyArn) => {
      await take("getPolicyDocument");
      return findPolicy(policyArn);
    },
    addUserToGroup: async (name, group) => {
      await take("addUserToGroup");
      findGroup(group);
      change(name, "groups", (list) => withOneMore(list, group));
    },
    removeUserFromGroup: async (name, group) => {
      await take("removeUserFromGroup");
      change(name, "groups", (list) => withOneLess(list, group));
    },
    attachUserPolicy: async (name, policyArn) => {
      await take("attachUserPolicy");
      change(name, "policies", (list) => withOneMore(list, policyArn));
    },
    detachUserPolicy: async (name, policyArn) => {
      await take("detachUserPolicy");
      change(name, "policies", (list) => withOneLess(list, policyArn));
    },
    attachGroupPolicy: async (group, policyArn) => {
      await take("attachGroupPolicy");
      findPolicy(policyArn);
      const found = findGroup(group);
      groupsByName.set(group, { ...found, policies: withOneMore(found.policies, policyArn) });
    },
    getAccountAuthorizationDetails: async (marker) => {
      await take("getAccountAuthorizationDetails");
      const details = [...users.values()].map(detailOf);
      const { items, next } = pageOf<UserDetail | GroupDetail>([...details, ...groupsByName.values()], marker);
      return {
        users: items.filter((item) => "id" in item),
        groups: items.filter((item) => "arn" in item),
        marker: next,
      };
    },
    generateCredentialReport: async () => {
      await take("generateCredentialReport");
      if (currentReport() !== undefined) return;
      report = { content: csvOf([...users.values()]), generatedAt: new Date(clock.now()) };
      polled = false;
    },
    getCredentialReport: async () => {
      await take("getCredentialReport");
      // Whoever looks first comes too early.
      const ready = polled;
      polled = true;
      return ready ? (currentReport() ?? "absent") : "in progress";
    },
  };
}

/** Nobody is renamed here, so that the name will do for the id. */
function detailOf(user: VirtualUser): UserDetail {
  return { ...user, id: user.name, permissionsBoundary: undefined };
}

function pageOf<Item>(
  all: readonly Item[],
  marker = "0",
): { readonly items: readonly Item[]; readonly next: string | undefined } {
  const start = Number(marker);
  const end = start + PAGE_SIZE;
  return { items: all.slice(start, end), next: end < all.length ? String(end) : undefined };
}

function withOneMore(list: readonly string[], item: string): readonly string[] {
  if (list.includes(item)) return list;
  if (list.length >= MAX_PER_USER) throw new LimitExceededError(`Cannot exceed quota: ${MAX_PER_USER}`);
  return [...list, item];
}

function withOneLess(list: readonly string[], item: string): readonly string[] {
  if (!list.includes(item)) throw new NoSuchEntityError(`${item} cannot be found.`);
  return list.filter((other) => other !== item);
}

/** The columns that a sweep reads, and the root user's row, which it must not take for a user's. */
function csvOf(users: readonly VirtualUser[]): string {
  const rows = users.map(({ name, createdAt, passwordMadeAt, devices }) =>
    [name, createdAt.toISOString(), passwordMadeAt !== undefined, devices.length > 0].join(","),
  );
  const root = "<root_account>,2020-01-01T00:00:00+00:00,not_supported,true";
  return ["user,user_creation_time,password_enabled,mfa_active", root, ...rows].join("\n");
}
