/**
 * The port to IAM: the calls that enforcing takes, without the SDK. Every list is complete, whatever the paging.
 *
 * A method throws {@link NoSuchEntityError} or {@link LimitExceededError} where IAM answers so, and anything else as it
 * came. Faults that pass by themselves are the adapter's to retry, so what reaches the caller is meant.
 */
export interface Iam {
  /** Serial numbers of the user's enabled MFA devices. */
  listMfaDevices(user: string): Promise<readonly string[]>;
  /** Whether the user has a password; false as well where there is no such user, which IAM does not tell apart. */
  hasLoginProfile(user: string): Promise<boolean>;
  /** Names of the groups that the user is in. */
  listGroupsForUser(user: string): Promise<readonly string[]>;
  /** ARNs of the managed policies attached to the user itself. */
  listAttachedUserPolicies(user: string): Promise<readonly string[]>;
  addUserToGroup(user: string, group: string): Promise<void>;
  removeUserFromGroup(user: string, group: string): Promise<void>;
  attachUserPolicy(user: string, policyArn: string): Promise<void>;
  detachUserPolicy(user: string, policyArn: string): Promise<void>;
}

/** IAM's NoSuchEntity: the user, or what the call names beside the user, does not exist. */
export class NoSuchEntityError extends Error {
  override readonly name = "NoSuchEntityError";
}

/** IAM's LimitExceeded: ten groups a user, ten managed policies a user unless raised (IAM User Guide, "IAM and AWS STS quotas"). */
export class LimitExceededError extends Error {
  override readonly name = "LimitExceededError";
}
