import type { Partition } from "../core/partitions";
import { EVENT_SOURCE } from "../core/told";
import { type PolicyDocument, policyDocument, type Statement } from "./document";

/** What is to be protected, and who may change it all the same. */
export interface Protection {
  readonly partition: Partition;
  /** The name that the component has in the program, with which Pulumi begins the names of what it makes. */
  readonly component: string;
  /** ARNs of roles, one at least, with `*` for the account where it is the same role in several. */
  readonly deployRoles: readonly string[];
  /** The ARN of the role by which EventBridge sends on what the handler tells, with `*` for the account; none if none does. */
  readonly toldRole?: string;
}

/** What makes the documents. */
export const PROTECTIONS = {
  /** A service control policy: of an organization, for its member accounts. */
  scp: (protection: Protection): PolicyDocument => policyDocument(...leaveToItsDeployRoles(protection)),
  /** A permissions boundary: of single users and roles, where there is no organization to hold them. */
  boundary: (protection: Protection): PolicyDocument =>
    policyDocument(
      { Sid: "AllowWhatOtherPoliciesAllow", Effect: "Allow", Action: "*", Resource: "*" },
      ...leaveToItsDeployRoles(protection),
      ...keepTheBoundary(protection),
    ),
} as const;

/** A kind of document that protects. */
export type ProtectionName = keyof typeof PROTECTIONS;

/** The path and the name that the boundary must have: the guards' statement keeps it from being changed. */
const BOUNDARY_NAME = "require-mfa/require-mfa-boundary";

/**
 * What only the deploy roles may do, and with the guards and their events the handler too: by the ARN of its function,
 * which no other function and no stolen credential carries.
 *
 * Membership stays open to all, and so does taking a guard's policy off a user: whoever deletes a user has to do both
 * before, and the handler puts back who is still there.
 */
function leaveToItsDeployRoles({ partition, component, deployRoles, toldRole }: Protection): readonly Statement[] {
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:*:*:${resource}`;
  const iam = (resource: string) => `arn:${partition}:iam::*:${resource}`;
  const others = { "aws:PrincipalArn": deployRoles };
  const othersButTheHandler = { ...others, "lambda:SourceFunctionArn": arn("lambda", `function:${component}-*`) };
  return [
    {
      Sid: "LeaveTheStackToItsDeployRoles",
      Effect: "Deny",
      Action: STACK_ACTIONS,
      Resource: [
        arn("events", `rule/${component}-*`),
        arn("lambda", `function:${component}-*`),
        arn("logs", `log-group:${component}-*`),
        arn("sqs", `${component}-*`),
        arn("sns", `${component}-*`),
        arn("cloudwatch", `alarm:${component}-*`),
        iam("role/require-mfa/*"),
        ...deployRoles,
      ],
      Condition: { ArnNotLike: others },
    },
    {
      Sid: "LeaveTrailsToTheDeployRoles",
      Effect: "Deny",
      Action: [
        "cloudtrail:StopLogging",
        "cloudtrail:DeleteTrail",
        "cloudtrail:UpdateTrail",
        "cloudtrail:PutEventSelectors",
      ],
      Resource: arn("cloudtrail", "trail/*"),
      Condition: { ArnNotLike: others },
    },
    {
      Sid: "LeaveTheGuardsToTheDeployRolesAndTheHandler",
      Effect: "Deny",
      Action: [
        "iam:AttachGroupPolicy",
        "iam:DetachGroupPolicy",
        "iam:PutGroupPolicy",
        "iam:DeleteGroupPolicy",
        "iam:UpdateGroup",
        "iam:DeleteGroup",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicyVersion",
        "iam:SetDefaultPolicyVersion",
        "iam:DeletePolicy",
      ],
      Resource: [iam("group/require-mfa/*"), iam("policy/require-mfa/*")],
      Condition: { ArnNotLike: othersButTheHandler },
    },
    {
      Sid: "LeaveTheirEventsToTheDeployRolesAndTheHandler",
      Effect: "Deny",
      Action: "events:PutEvents",
      Resource: "*",
      Condition: {
        "ForAnyValue:StringEquals": { "events:source": EVENT_SOURCE },
        ArnNotLike:
          toldRole === undefined
            ? othersButTheHandler
            : { ...othersButTheHandler, "aws:PrincipalArn": [...deployRoles, toldRole] },
      },
    },
  ];
}

/** What makes a role, changes it or whom it trusts, takes it away, or has it. */
export const ROLE_CHANGES = [
  "iam:CreateRole",
  "iam:UpdateRole",
  "iam:DeleteRole",
  "iam:UpdateAssumeRolePolicy",
  "iam:AttachRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePolicy",
  "iam:DeleteRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:DeleteRolePermissionsBoundary",
  "iam:PassRole",
] as const;

/** Changes of what resources/tamper-events.ts watches. Of a log group not all writes: Lambda goes on writing the log. */
const STACK_ACTIONS = [
  "events:PutRule",
  "events:DisableRule",
  "events:DeleteRule",
  "events:PutTargets",
  "events:RemoveTargets",
  "lambda:Create*",
  "lambda:Update*",
  "lambda:Put*",
  "lambda:Delete*",
  "lambda:AddPermission",
  "lambda:RemovePermission",
  "logs:DeleteLogGroup",
  "logs:DeleteLogStream",
  "logs:PutRetentionPolicy",
  "logs:PutSubscriptionFilter",
  "logs:DeleteSubscriptionFilter",
  "logs:PutDataProtectionPolicy",
  "logs:PutTransformer",
  "logs:AssociateKmsKey",
  "logs:DisassociateKmsKey",
  "sqs:SetQueueAttributes",
  "sqs:DeleteQueue",
  "sqs:PurgeQueue",
  "sqs:AddPermission",
  "sqs:RemovePermission",
  "sns:SetTopicAttributes",
  "sns:DeleteTopic",
  "sns:AddPermission",
  "sns:RemovePermission",
  "sns:PutDataProtectionPolicy",
  "sns:SetSubscriptionAttributes",
  "sns:Unsubscribe",
  "cloudwatch:Put*Alarm",
  "cloudwatch:SetAlarmState",
  "cloudwatch:DisableAlarmActions",
  "cloudwatch:DeleteAlarms",
  "cloudwatch:PutAlarmMuteRule",
  ...ROLE_CHANGES,
] as const;

/**
 * What keeps a boundary on whom it holds: nobody takes one away, and whoever is made gets this one. What it can't hold,
 * docs/protect.md says.
 */
function keepTheBoundary({ partition, deployRoles }: Protection): readonly Statement[] {
  const others = { "aws:PrincipalArn": deployRoles };
  const usersAndRoles = [`arn:${partition}:iam::*:user/*`, `arn:${partition}:iam::*:role/*`];
  return [
    {
      Sid: "LeaveBoundariesWhereTheyAre",
      Effect: "Deny",
      Action: ["iam:DeleteUserPermissionsBoundary", "iam:DeleteRolePermissionsBoundary"],
      Resource: usersAndRoles,
      Condition: { ArnNotLike: others },
    },
    {
      Sid: "GiveTheBoundaryToWhoeverIsMade",
      Effect: "Deny",
      Action: ["iam:CreateUser", "iam:CreateRole", "iam:PutUserPermissionsBoundary", "iam:PutRolePermissionsBoundary"],
      Resource: usersAndRoles,
      Condition: {
        ArnNotLike: { ...others, "iam:PermissionsBoundary": `arn:${partition}:iam::*:policy/${BOUNDARY_NAME}` },
      },
    },
  ];
}
