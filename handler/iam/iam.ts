/**
 * The port to IAM: the calls that this program takes, one method a call, without the SDK. Lists about one user are
 * complete, whatever the paging; lists of the whole account come page by page.
 *
 * A method throws {@link NoSuchEntityError}, {@link LimitExceededError}, {@link AccessDeniedError} or
 * {@link ThrottledError} where IAM answers so, and anything else as it came. Faults that pass by themselves are the
 * adapter's to retry, so what reaches the caller is meant.
 */
export interface Iam {
  /** The user's enabled MFA devices. */
  listMfaDevices(user: string): Promise<readonly Device[]>;
  /** The user's password; undefined as well where there is no such user, which IAM does not tell apart. */
  getLoginProfile(user: string): Promise<LoginProfile | undefined>;
  /** The groups that the user is in. */
  listGroupsForUser(user: string): Promise<readonly GroupIdentity[]>;
  /** ARNs of the managed policies attached to the user itself. */
  listAttachedUserPolicies(user: string): Promise<readonly string[]>;
  /** What the user itself is, and not what it has. */
  getUser(user: string): Promise<UserIdentity>;
  /** The group's ARN, which tells it from another of its name. */
  getGroupArn(group: string): Promise<string>;
  /** ARNs of the managed policies attached to the group. */
  listAttachedGroupPolicies(group: string): Promise<readonly string[]>;
  /** Names of the group's inline policies. */
  listGroupPolicies(group: string): Promise<readonly string[]>;
  /** The id of the managed policy's default version, which is the one in force. */
  getDefaultPolicyVersion(policyArn: string): Promise<string>;
  /** A version's document, JSON. */
  getPolicyDocument(policyArn: string, version: string): Promise<string>;
  addUserToGroup(user: string, group: string): Promise<void>;
  removeUserFromGroup(user: string, group: string): Promise<void>;
  attachUserPolicy(user: string, policyArn: string): Promise<void>;
  detachUserPolicy(user: string, policyArn: string): Promise<void>;
  attachGroupPolicy(group: string, policyArn: string): Promise<void>;
  /** A page of all users and groups; the first one without a marker. */
  getAccountAuthorizationDetails(marker?: string): Promise<AccountPage>;
  /** Asks for a credential report. IAM makes one in four hours at most. */
  generateCredentialReport(): Promise<void>;
  /** The credential report, or that it is being made, or that there is none or too old a one and nobody has asked. */
  getCredentialReport(): Promise<CredentialReport | "in progress" | "absent">;
}

interface UserIdentity {
  /** Stays the user's when the name changes. */
  readonly id: string;
  readonly path: string;
  readonly createdAt: Date | undefined;
}

export interface Device {
  readonly serialNumber: string;
  readonly enabledAt: Date | undefined;
}

export interface LoginProfile {
  readonly createdAt: Date | undefined;
}

/** What IAM tells of a user in bulk: neither password nor devices. */
export interface UserDetail extends UserIdentity {
  readonly name: string;
  readonly groups: readonly string[];
  readonly policies: readonly string[];
  /** The ARN of the managed policy that bounds what the user's other policies may allow, if one does. */
  readonly permissionsBoundary: string | undefined;
}

/** A group, and what tells it from another that bears its name under another path. */
export interface GroupIdentity {
  readonly name: string;
  readonly arn: string;
}

/** What IAM tells of a group in bulk. */
export interface GroupDetail extends GroupIdentity {
  /** ARNs of the managed policies attached to the group. */
  readonly policies: readonly string[];
  /** Names of the group's inline policies. */
  readonly inlinePolicies: readonly string[];
}

interface AccountPage {
  readonly users: readonly UserDetail[];
  readonly groups: readonly GroupDetail[];
  /** Where the next page begins, if there is one. */
  readonly marker: string | undefined;
}

export interface CredentialReport {
  /** CSV, with a header. */
  readonly content: string;
  readonly generatedAt: Date;
}

/** IAM's NoSuchEntity: the user, or what the call names beside the user, does not exist. */
export class NoSuchEntityError extends Error {
  override readonly name = "NoSuchEntityError";
}

/**
 * IAM's LimitExceeded: ten groups a user, ten managed policies a user (IAM User Guide, "IAM and AWS STS quotas"), or of a
 * credential report that there can't be one now (API Reference, GenerateCredentialReport).
 */
export class LimitExceededError extends Error {
  override readonly name = "LimitExceededError";
}

/** IAM's AccessDenied: the role lacks the permission, or has had it for a few seconds only. */
export class AccessDeniedError extends Error {
  override readonly name = "AccessDeniedError";
}

/** IAM was called too often for its rate, again and again; it did not look at the call. */
export class ThrottledError extends Error {
  override readonly name = "ThrottledError";
}
