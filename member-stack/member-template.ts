import type { Partition } from "../core/partitions";
import type { Settings } from "../core/settings";
import type { Template } from "./template";

/** What the stack of a member account is made of. */
export interface MemberStack {
  readonly partition: Partition;
  /** All settings, as the hub's stack has them. */
  readonly settings: Settings;
  /** Where the handler's zip lies: a bucket in the event region, which the account can read. */
  readonly code: { readonly bucket: string; readonly key: string };
  /** The bus that hears what members tell, and the topic that their alarms tell. */
  readonly hub: { readonly busArn: string; readonly topicArn: string };
}

/**
 * The CloudFormation template of the stack that a StackSet makes in every member account: the same in all of them, for
 * the account is a pseudo parameter. To be written with `JSON.stringify`, and made with CAPABILITY_NAMED_IAM alone.
 */
export function memberTemplate(_stack: MemberStack): Template {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "require-mfa: makes MFA compulsory for the IAM users of this account",
    Resources: {},
    Outputs: {},
  };
}
