import { EVENT_SOURCE } from "../core/told";
import { alarmName } from "./organization-names";

/**
 * Who may deliver to the topic, to the queues and to an organization's bus and log, by the policies that those carry
 * themselves. Nobody else of AWS may, and no other account but, where that is said, the organization's; who of this account
 * may, its own policies say.
 */

type ServicePrincipal = "events.amazonaws.com" | "cloudwatch.amazonaws.com" | "delivery.logs.amazonaws.com";

interface DeliveryStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: "*" | { readonly Service: ServicePrincipal | readonly ServicePrincipal[] };
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: {
    readonly Bool?: { readonly "aws:SecureTransport": "false" };
    readonly StringEquals?: {
      readonly [Key in "aws:SourceAccount" | "aws:SourceOrgID" | "aws:PrincipalOrgID"]?: string;
    };
    readonly "ForAllValues:StringEquals"?: { readonly "events:source": string };
    readonly Null?: { readonly "events:source": "false" };
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
 *
 * @param organizationId of the organization whose accounts' alarms publish too, by the names that their stacks give
 */
export function topicPolicy(topicArn: string, organizationId?: string): DeliveryPolicy {
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
      ...(organizationId === undefined
        ? []
        : [
            {
              Sid: "LetAlarmsOfTheOrganizationPublish",
              Effect: "Allow",
              Principal: { Service: "cloudwatch.amazonaws.com" },
              Action: "sns:Publish",
              Resource: topicArn,
              Condition: {
                StringEquals: { "aws:SourceOrgID": organizationId },
                ArnLike: { "aws:SourceArn": `arn:${partition}:cloudwatch:${region}:*:alarm:${alarmName("*")}` },
              },
            } as const,
          ]),
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

/**
 * The policy of an organization's bus: its accounts put events of the program's own source, and no others (EventBridge
 * User Guide, "Permissions for event buses"). Whose an event is, EventBridge writes into it.
 */
export function busPolicy(busArn: string, organizationId: string): DeliveryPolicy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LetTheOrganizationTell",
        Effect: "Allow",
        Principal: "*",
        Action: "events:PutEvents",
        Resource: busArn,
        Condition: {
          StringEquals: { "aws:PrincipalOrgID": organizationId },
          // The sources of all events of a call. Of none at all ForAllValues would hold, hence Null.
          "ForAllValues:StringEquals": { "events:source": EVENT_SOURCE },
          Null: { "events:source": "false" },
        },
      },
    ],
  };
}

/**
 * A policy of CloudWatch Logs by which these rules write to a log group (EventBridge User Guide, "Using resource-based
 * policies", CloudWatch Logs permissions).
 */
export function logDeliveryPolicy(logGroupArn: string, ruleArns: readonly string[]): DeliveryPolicy {
  const Principal = { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] } as const;
  const Resource = `${logGroupArn}:*`;
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "LetRulesBeginToWrite", Effect: "Allow", Principal, Action: "logs:CreateLogStream", Resource },
      {
        Sid: "LetTheRulesWrite",
        Effect: "Allow",
        Principal,
        Action: "logs:PutLogEvents",
        Resource,
        Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
      },
    ],
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
