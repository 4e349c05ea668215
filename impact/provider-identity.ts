import type { AwsSettings } from "./aws-settings";
import { type Caller, userOfArn } from "./caller";

/** Who the AWS provider is. */
export interface ProviderIdentity {
  readonly accountId: string;
  readonly arn: string;
}

/**
 * Refuses credentials of another account than the AWS provider's, and where the provider is a user, those of anybody else:
 * who the provider is and by which kind of credentials is not told by others of the same account.
 *
 * @throws Error that says whose they are
 */
export function refuseOthers(caller: Caller, provider: ProviderIdentity, aws: AwsSettings): void {
  const isProvider = caller.arn === provider.arn;
  if (caller.accountId === provider.accountId && (isProvider || userOfArn(provider.arn) === undefined)) return;
  throw new Error(
    `the credentials at hand are those of ${caller.arn}, and the AWS provider works as ${provider.arn}${unfollowed(aws)}`,
  );
}

function unfollowed({ notFollowed }: AwsSettings): string {
  return notFollowed.length === 0 ? "" : ` (${notFollowed.join(", ")} is not followed here)`;
}
