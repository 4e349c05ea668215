import type { Arns } from "./arns";
import { IamError } from "./error";
import { type IamPolicyDocument, readDocument, type SentDocument } from "./policy-document";

/** A password. */
export interface LoginProfile {
  readonly password: string;
  readonly passwordResetRequired: boolean;
  readonly createDate: Date;
  /** When the password itself was last set. */
  readonly changeDate: Date;
}

/** An access key, without its secret, which is told once. */
export interface AccessKey {
  readonly id: string;
  readonly createDate: Date;
  readonly status: "Active" | "Inactive";
  readonly lastUsed?: KeyUse;
}

/** The last call that an access key signed. */
interface KeyUse {
  readonly at: Date;
  readonly region: string;
  /** The namespace of the service that was called: `s3`. */
  readonly service: string;
}

/** A signing certificate, without its body. */
export interface Certificate {
  readonly id: string;
  readonly uploadDate: Date;
}

/** A user name and password, or an API key, for one service alone. */
export interface ServiceCredential {
  readonly id: string;
  /** `codecommit.amazonaws.com` */
  readonly service: string;
  readonly createDate: Date;
}

/** An MFA device that a user has enabled, of whatever kind. */
interface EnabledDevice {
  readonly serialNumber: string;
  readonly enableDate: Date;
}

/** The policies embedded in a user or group, by name. */
export type InlinePolicies = ReadonlyMap<string, SentDocument>;

/** An IAM user, with everything that goes when the user goes. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly createDate: Date;
  readonly loginProfile?: LoginProfile;
  readonly accessKeys: readonly AccessKey[];
  readonly certificates: readonly Certificate[];
  readonly serviceCredentials: readonly ServiceCredential[];
  readonly devices: readonly EnabledDevice[];
  /** Ids of the groups that the user is in. */
  readonly groups: readonly string[];
  /** Ids of the managed policies attached to the user itself. */
  readonly policies: readonly string[];
  readonly inlinePolicies: InlinePolicies;
  /** The ARN of the managed policy that is the permissions boundary. */
  readonly boundary?: string;
}

/** A group; who is in it is in the users. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly createDate: Date;
  /** Ids of the managed policies attached to the group. */
  readonly policies: readonly string[];
  readonly inlinePolicies: InlinePolicies;
}

/** One version of a managed policy. */
export interface PolicyVersion extends SentDocument {
  /** `v1`; ids are not given again. */
  readonly id: string;
  readonly createDate: Date;
}

/** A managed policy, of the account or of AWS. */
export interface ManagedPolicy {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly description?: string;
  readonly createDate: Date;
  /** Oldest first. */
  readonly versions: readonly PolicyVersion[];
  /** The one of the versions that is in effect. */
  readonly defaultVersion: PolicyVersion;
  /** How many versions there have ever been. */
  readonly versionsMade: number;
}

/** A virtual MFA device, whether or not a user has enabled it. */
export interface VirtualDevice {
  readonly serialNumber: string;
  readonly seed: string;
}

/**
 * Everything that IAM knows of an account. Entities are replaced, never changed, so a copy of the maps is a snapshot.
 * Names and ARNs are kept as they were given and found without case ("IAM and AWS STS quotas": names are not
 * distinguished by case), so the maps are read and written by the functions below only.
 */
export interface IamState {
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
  readonly policies: Map<string, ManagedPolicy>;
  readonly virtualDevices: Map<string, VirtualDevice>;
}

/** The state of a new account, which has AWS's own managed policies and nothing else. */
export function newState(arns: Arns): IamState {
  return {
    users: new Map(),
    groups: new Map(),
    policies: new Map(awsManagedPolicies(arns).map((policy) => [keyOf(policy.arn), policy])),
    virtualDevices: new Map(),
  };
}

/** The state as it is now, whatever happens later. */
export function snapshotOf(state: IamState): IamState {
  return {
    users: new Map(state.users),
    groups: new Map(state.groups),
    policies: new Map(state.policies),
    virtualDevices: new Map(state.virtualDevices),
  };
}

/** What names and ARNs are compared and sorted by. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}

/** Whether IAM takes two names for one. */
export function isSameName(one: string, other: string): boolean {
  return keyOf(one) === keyOf(other);
}

/** The user of a name, if there is one. */
export function findUser(state: IamState, name: string): User | undefined {
  return state.users.get(keyOf(name));
}

/** @throws IamError NoSuchEntity */
export function getUser(state: IamState, name: string): User {
  const user = findUser(state, name);
  if (user === undefined) throw new IamError("NoSuchEntity", `The user with name ${name} cannot be found.`);
  return user;
}

/** All users, sorted as pages are. */
export function usersByName(state: IamState): readonly User[] {
  return [...state.users].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, user]) => user);
}

/** Puts a user in its place, or in the place of the user as it was. */
export function putUser(state: IamState, user: User, asItWas?: User): void {
  if (asItWas !== undefined) state.users.delete(keyOf(asItWas.name));
  state.users.set(keyOf(user.name), user);
}

/** The group of a name, if there is one. */
export function findGroup(state: IamState, name: string): Group | undefined {
  return state.groups.get(keyOf(name));
}

/** @throws IamError NoSuchEntity */
export function getGroup(state: IamState, name: string): Group {
  const group = findGroup(state, name);
  if (group === undefined) throw new IamError("NoSuchEntity", `The group with name ${name} cannot be found.`);
  return group;
}

/** Puts a group in its place, or in the place of the group as it was. */
export function putGroup(state: IamState, group: Group, asItWas?: Group): void {
  if (asItWas !== undefined) state.groups.delete(keyOf(asItWas.name));
  state.groups.set(keyOf(group.name), group);
}

/** The groups that a user is in. */
export function groupsOf(state: IamState, user: User): readonly Group[] {
  return [...state.groups.values()].filter((group) => user.groups.includes(group.id));
}

/** The users in a group. */
export function membersOf(state: IamState, group: Group): readonly User[] {
  return [...state.users.values()].filter((user) => user.groups.includes(group.id));
}

/** @throws IamError NoSuchEntity, `problem` in the words of the call. */
export function getPolicy(state: IamState, arn: string, problem = "was not found"): ManagedPolicy {
  const policy = state.policies.get(keyOf(arn));
  if (policy === undefined) throw new IamError("NoSuchEntity", `Policy ${arn} ${problem}.`);
  return policy;
}

/** What a managed policy has of versions when it is new. */
export function firstVersion(document: SentDocument, createDate: Date) {
  const version: PolicyVersion = { id: "v1", ...document, createDate };
  return { versions: [version], defaultVersion: version, versionsMade: 1 };
}

/** The managed policies attached to a user or group itself. */
export function policiesAttachedTo(state: IamState, holder: User | Group): readonly ManagedPolicy[] {
  return [...state.policies.values()].filter((policy) => holder.policies.includes(policy.id));
}

/** The users and groups to which a managed policy is attached. */
export function holdersOf(state: IamState, policy: ManagedPolicy): readonly (User | Group)[] {
  return [...state.users.values(), ...state.groups.values()].filter((holder) => holder.policies.includes(policy.id));
}

/** The users whose permissions boundary a managed policy is. */
export function boundedBy(state: IamState, { arn }: ManagedPolicy): readonly User[] {
  return [...state.users.values()].filter(({ boundary }) => boundary === arn);
}

/** The user who has enabled a device. */
export function ownerOf(state: IamState, serialNumber: string): User | undefined {
  for (const user of state.users.values()) {
    if (user.devices.some((device) => device.serialNumber === serialNumber)) return user;
  }
  return undefined;
}

/** The two of AWS's managed policies that concern this project: what administrators have, and what the console gives. */
function awsManagedPolicies(arns: Arns): readonly ManagedPolicy[] {
  const policy = (name: string, id: string, created: string, document: IamPolicyDocument): ManagedPolicy => ({
    id,
    arn: arns.awsManagedPolicy(name),
    name,
    path: "/",
    createDate: new Date(created),
    ...firstVersion(readDocument(JSON.stringify(document)), new Date(created)),
  });
  return [
    policy("AdministratorAccess", "ANPAIWMBCKSKIEE64ZLYK", "2015-02-06T18:39:46Z", {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    }),
    policy("IAMUserChangePassword", "ANPAJ4L4MM2A7QIEB56MS", "2016-11-15T00:25:16Z", {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["iam:ChangePassword"],
          Resource: [`arn:${arns.partition}:iam::*:user/\${aws:username}`],
        },
        { Effect: "Allow", Action: ["iam:GetAccountPasswordPolicy"], Resource: "*" },
      ],
    }),
  ];
}
