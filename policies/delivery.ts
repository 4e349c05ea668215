/**
 * Who may deliver to the topic and to the queues, by the policies that those carry themselves. Nobody else of AWS may, and
 * no other account; who of this account may, its own policies say.
 */

interface DeliveryStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: "*" | { readonly Service: "events.amazonaws.com" | "cloudwatch.amazonaws.com" };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: {
    readonly Bool?: { readonly "aws:SecureTransport": "false" };
    readonly StringEquals?: { readonly "aws:SourceAccount": string };
    readonly ArnEquals?: { readonly "aws:SourceArn": readonly string[] };
    readonly ArnLike?: { readonly "aws:SourceArn": string };
  };
}

interface DeliveryPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly DeliveryStatement[];
}

/**
 * The topic's policy: rules and alarms of this account publish, by TLS only.
 *
 * EventBridge's statement has no condition, for EventBridge sends none of the keys that it could rest on, and would be
 * refused in silence (EventBridge User Guide, "Using resource-based policies", Amazon SNS permissions). A rule of another
 * account is kept out all the same: it reaches a topic only by a role of its own, which nothing here allows ("Sending
 * events to an AWS service in another account").
 */
export function topicPolicy(topicArn: string): DeliveryPolicy {
  const [, partition, , region, accountId = ""] = topicArn.split(":");
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LetRulesPublish",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
      },
      {
        Sid: "LetAlarmsPublish",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*` },
        },
      },
      // Of a topic's policy SNS refuses sns:*; what is published is what could be read on its way.
      { ...withoutTls("sns:Publish"), Resource: topicArn },
    ],
  };
}

/**
 * A queue's policy: these rules send, by TLS only; without any, nobody by this policy. Lambda sends as the function's
 * role, by the role's own policy.
 */
export function queuePolicy(queueArn: string, ruleArns: readonly string[]): DeliveryPolicy {
  const letRulesSend: DeliveryStatement = {
    Sid: "LetTheRulesSend",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queueArn,
    Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
  };
  return {
    Version: "2012-10-17",
    Statement: [...(ruleArns.length === 0 ? [] : [letRulesSend]), { ...withoutTls("sqs:*"), Resource: queueArn }],
  };
}

function withoutTls(action: string) {
  return {
    Sid: "RefuseWithoutTls",
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  } as const;
}
