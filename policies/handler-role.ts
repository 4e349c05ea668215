import type { Partition } from "../core/partitions";
import { type PolicyDocument, policyDocument } from "./document";

/** The resources that the handler may touch, all ARNs. */
export interface HandlerReach {
  readonly partition: Partition;
  readonly groupArns: readonly string[];
  readonly policyArns: readonly string[];
  readonly logGroupArn: string;
}

/**
 * What the handler may do: read any user, change membership of the guards' groups, attach the guards' policies and no
 * other, write its own log. Membership calls are authorised on the group, hence pinned to it (Service Authorization
 * Reference, IAM).
 */
export function handlerRolePolicy({ partition, groupArns, policyArns, logGroupArn }: HandlerReach): PolicyDocument {
  const anyUser = `arn:${partition}:iam::*:user/*`;
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
    },
    {
      Sid: "ReadGroupsOfTheRules",
      Effect: "Allow",
      Action: "iam:GetGroup",
      Resource: `arn:${partition}:iam::*:group/*`,
    },
    {
      Sid: "ReadAccountInBulk",
      Effect: "Allow",
      Action: ["iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails"],
      Resource: "*",
    },
    {
      Sid: "ChangeMembershipOfTheGuards",
      Effect: "Allow",
      Action: ["iam:AddUserToGroup", "iam:RemoveUserFromGroup"],
      Resource: groupArns,
    },
    {
      Sid: "AttachTheGuardsPoliciesAndNoOther",
      Effect: "Allow",
      Action: ["iam:AttachUserPolicy", "iam:DetachUserPolicy"],
      Resource: anyUser,
      Condition: { ArnEquals: { "iam:PolicyARN": policyArns } },
    },
    {
      Sid: "WriteItsOwnLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${logGroupArn}:*`,
    },
  );
}

/** What the handler may do with its own function: start a sweep's next run, and see whether a deploy has changed it. */
export function ownFunctionPolicy(functionArn: string): PolicyDocument {
  return policyDocument(
    {
      Sid: "GoOnInAnotherRun",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: functionArn,
    },
    {
      Sid: "ReadItsOwnConfiguration",
      Effect: "Allow",
      Action: "lambda:GetFunctionConfiguration",
      Resource: functionArn,
    },
  );
}
