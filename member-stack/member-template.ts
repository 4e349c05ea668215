import { guardsOf } from "../core/guards";
import type { Partition } from "../core/partitions";
import { secondsOfRate } from "../core/rate";
import type { Settings } from "../core/settings";
import { GUARD_POLICIES } from "../policies/guard-policies";
import { alarmResources } from "./alarms";
import { arnsIn } from "./arns";
import { exemptConditions } from "./exempt-accounts";
import { guardResources } from "./guards";
import { FUNCTION_ID, handlerResources, LOG_GROUP_ID } from "./handler";
import { queueId, queueResources } from "./queues";
import { ruleResources, toldResources } from "./rules";
import { ref, type Template } from "./template";

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
export function memberTemplate({ partition, settings, code, hub }: MemberStack): Template {
  const arns = arnsIn(partition);
  const documents = guardsOf((guard) => GUARD_POLICIES[guard](settings, partition));
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "require-mfa: makes MFA compulsory for the IAM users of this account",
    ...exemptConditions(settings.organizationExemptAccounts),
    Resources: {
      ...guardResources(documents),
      ...queueResources(arns),
      ...handlerResources({ partition, settings, documents, code, arns }),
      ...ruleResources(settings, arns),
      ...toldResources(hub.busArn, arns),
      ...alarmResources(hub.topicArn, secondsOfRate(settings.sweepEvery)),
    },
    Outputs: {
      HandlerFunction: { Description: "The name of the Lambda function", Value: ref(FUNCTION_ID) },
      LogGroup: { Description: "The log group in which each decision is a line", Value: ref(LOG_GROUP_ID) },
      UndeliveredQueue: {
        Description: "The queue of events that EventBridge could not bring to the function",
        Value: ref(queueId("undelivered")),
      },
      FailedQueue: {
        Description: "The queue of records of what the function failed at",
        Value: ref(queueId("failed")),
      },
      UntoldQueue: {
        Description: "The queue of events that EventBridge could not bring to the hub",
        Value: ref(queueId("untold")),
      },
    },
  };
}
