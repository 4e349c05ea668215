import type { Partition } from "../../core/partitions";

/** The ARNs of one account's IAM (Service Authorization Reference, "Resource types defined by IAM"). */
export interface Arns {
  readonly partition: Partition;
  readonly accountId: string;
  readonly root: string;
  user(path: string, name: string): string;
  group(path: string, name: string): string;
  policy(path: string, name: string): string;
  /** A policy that AWS keeps for every account. */
  awsManagedPolicy(name: string): string;
  /** A virtual MFA device: its serial number. */
  virtualDevice(path: string, name: string): string;
  /** A passkey or security key: its serial number, whose user part is the friendly name. */
  passkey(userName: string, deviceName: string, id: string): string;
  /** The session of a role: what calls are made by, and what messages name. */
  roleSession(roleName: string, sessionName: string): string;
}

/** Paths begin and end with a slash: `/` or `/eng/web/`. */
export function arnsOf(partition: Partition, accountId: string): Arns {
  const own = `arn:${partition}:iam::${accountId}:`;
  return {
    partition,
    accountId,
    root: `${own}root`,
    user: (path, name) => `${own}user${path}${name}`,
    group: (path, name) => `${own}group${path}${name}`,
    policy: (path, name) => `${own}policy${path}${name}`,
    awsManagedPolicy: (name) => `arn:${partition}:iam::aws:policy/${name}`,
    virtualDevice: (path, name) => `${own}mfa${path}${name}`,
    passkey: (userName, deviceName, id) => `${own}u2f/user/${userName}/${deviceName}-${id}`,
    roleSession: (roleName, sessionName) =>
      `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
  };
}
