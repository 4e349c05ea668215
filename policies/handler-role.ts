import type { Partition } from "../core/partitions";
import { EVENT_SOURCE } from "../core/told";
import { type PolicyDocument, policyDocument } from "./document";

/** The resources that the handler may touch, all ARNs, and the function whose code it is. */
export interface HandlerReach {
  readonly partition: Partition;
  readonly groupArns: readonly string[];
  readonly policyArns: readonly string[];
  readonly functionArn: string;
}

/**
 * What the handler may do: read any user and the guards, change membership of the guards' groups, attach the guards'
 * policies and no other, start a sweep's next run, put events of its own source on the default bus beside the function,
 * see whether a deploy has changed its function, and see what trails record. Membership calls are authorised on the group,
 * hence pinned to it (Service Authorization Reference, IAM).
 *
 * Lambda puts `lambda:SourceFunctionArn` into the requests of a function's own code, so the role is of no use to another
 * function, nor to who gets hold of the role by any other way (Lambda Developer Guide, "Using source function ARN to
 * control function access behavior").
 */
export function handlerRolePolicy(reach: HandlerReach): PolicyDocument {
  const { partition, groupArns, policyArns, functionArn } = reach;
  const anyUser = `arn:${partition}:iam::*:user/*`;
  const itself = { "lambda:SourceFunctionArn": functionArn };
  const byItself = { Condition: { ArnEquals: itself } };
  return policyDocument(
    {
      Sid: "ReadUsers",
      Effect: "Allow",
      Action: [
        "iam:ListMFADevices",
        "iam:GetLoginProfile",
        "iam:ListGroupsForUser",
        "iam:ListAttachedUserPolicies",
        "iam:GetUser",
      ],
      Resource: anyUser,
      ...byItself,
    },
    {
      Sid: "ReadGroupsOfTheRules",
      Effect: "Allow",
      Action: "iam:GetGroup",
      Resource: `arn:${partition}:iam::*:group/*`,
      ...byItself,
    },
    {
      Sid: "ReadAccountInBulk",
      Effect: "Allow",
      Action: ["iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails"],
      Resource: "*",
      ...byItself,
    },
    {
      Sid: "ReadTheGuards",
      Effect: "Allow",
      Action: ["iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies"],
      Resource: groupArns,
      ...byItself,
    },
    {
      Sid: "ReadTheGuardsPolicies",
      Effect: "Allow",
      Action: ["iam:GetPolicy", "iam:GetPolicyVersion"],
      Resource: policyArns,
      ...byItself,
    },
    {
      Sid: "ChangeMembershipOfTheGuards",
      Effect: "Allow",
      Action: ["iam:AddUserToGroup", "iam:RemoveUserFromGroup"],
      Resource: groupArns,
      ...byItself,
    },
    {
      Sid: "AttachTheGuardsPoliciesAndNoOther",
      Effect: "Allow",
      Action: ["iam:AttachUserPolicy", "iam:DetachUserPolicy"],
      Resource: anyUser,
      Condition: { ArnEquals: { ...itself, "iam:PolicyARN": policyArns } },
    },
    {
      Sid: "ReattachTheGuardsPolicies",
      Effect: "Allow",
      Action: "iam:AttachGroupPolicy",
      Resource: groupArns,
      Condition: { ArnEquals: { ...itself, "iam:PolicyARN": policyArns } },
    },
    {
      Sid: "GoOnInAnotherRun",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: functionArn,
      ...byItself,
    },
    {
      Sid: "PutItsOwnEvents",
      Effect: "Allow",
      Action: "events:PutEvents",
      Resource: defaultBusBeside(functionArn),
      Condition: {
        ArnEquals: itself,
        // The sources of all events of a call. Of none at all ForAllValues would hold, hence Null.
        "ForAllValues:StringEquals": { "events:source": EVENT_SOURCE },
        Null: { "events:source": "false" },
      },
    },
    {
      Sid: "ReadItsOwnConfiguration",
      Effect: "Allow",
      Action: "lambda:GetFunctionConfiguration",
      Resource: functionArn,
      ...byItself,
    },
    {
      Sid: "FindTheTrails",
      Effect: "Allow",
      Action: "cloudtrail:DescribeTrails",
      Resource: "*",
      ...byItself,
    },
    {
      Sid: "ReadTheTrails",
      Effect: "Allow",
      Action: ["cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"],
      // An organization's trail is another account's, and a trail for all regions may have its home in another.
      Resource: `arn:${partition}:cloudtrail:*:*:trail/*`,
      ...byItself,
    },
  );
}

/** The ARN of the default bus in a function's account and region. */
export function defaultBusBeside(functionArn: string): string {
  const [arn, partition, , region, accountId] = functionArn.split(":");
  return [arn, partition, "events", region, accountId, "event-bus/default"].join(":");
}

/** Where Lambda puts what the function says and what it failed at, both ARNs. */
export interface HandlerRecords {
  readonly logGroupArn: string;
  readonly failedQueueArn: string;
}

/**
 * What Lambda does as the function's role, from its first moment on: write its log, and keep what it failed at. Lambda
 * does it itself and not the function's code, so there is no `lambda:SourceFunctionArn` to ask for.
 */
export function handlerLogPolicy({ logGroupArn, failedQueueArn }: HandlerRecords): PolicyDocument {
  return policyDocument(
    {
      Sid: "WriteItsOwnLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${logGroupArn}:*`,
    },
    {
      Sid: "KeepWhatItFailedAt",
      Effect: "Allow",
      Action: "sqs:SendMessage",
      Resource: failedQueueArn,
    },
  );
}
