/** As whom an account is read. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  /** The name of the IAM user who calls; undefined for root, a role and a federated session. */
  readonly user: string | undefined;
  /** Whether the credentials are a long-term access key, which carries no MFA. */
  readonly isLongTermKey: boolean;
}

/** The IAM user whom an ARN of GetCallerIdentity names, without the path; undefined where it names none. */
export function userOfArn(arn: string): string | undefined {
  return /^arn:[\w-]+:iam::\d{12}:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
}
