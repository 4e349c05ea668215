import { PROTECTIONS, type ProtectionName } from "../../../policies/protect";
import { compile, type RequestContext } from "../../../policy-language/evaluator";
import { type Call, type Kinds, on } from "./calls";
import { asking, SHUT } from "./verdicts";

/*
 * A stack that is protected, what else there is in its account, and who calls.
 */

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const iam = (resource: string) => `arn:aws:iam::123456789012:${resource}`;

const DEPLOY = iam("role/ci/deploy");
const FUNCTION = arn("lambda", "function:require-mfa-1a2b3c4");
const BOUNDARY = iam("policy/require-mfa/require-mfa-boundary");

/** The document that protects a stack from all but two deploy roles. */
export const documentOf = (name: ProtectionName) =>
  PROTECTIONS[name]({
    partition: "aws",
    component: "require-mfa",
    deployRoles: [DEPLOY, "arn:aws:iam::*:role/release"],
  });

const ours = (service: string, prefix = "") => [
  arn(service, `${prefix}require-mfa-1a2b3c4`),
  arn(service, `${prefix}require-mfa-told-1a2b3c4`),
  arn(service, `${prefix}require-mfa-x`),
];
const others = (service: string, prefix = "") => [
  arn(service, `${prefix}require-mfa`),
  arn(service, `${prefix}other-require-mfa-1a2b3c4`),
  arn(service, `${prefix}x`),
];

/** What is of the stack, and what is not. */
export const KINDS: Kinds = {
  "events:rule-on-default-event-bus": {
    "our rule": ours("events", "rule/"),
    "another rule": others("events", "rule/"),
  },
  "lambda:function": { "our function": ours("lambda", "function:"), "another function": others("lambda", "function:") },
  "logs:log-group": { "our log group": ours("logs", "log-group:"), "another log group": others("logs", "log-group:") },
  "logs:log-stream": {
    "our log": ours("logs", "log-group:").map((group) => `${group}:log-stream:x`),
    "another log": others("logs", "log-group:").map((group) => `${group}:log-stream:x`),
  },
  "sqs:queue": { "our queue": ours("sqs"), "another queue": others("sqs") },
  "sns:topic": { "our topic": ours("sns"), "another topic": others("sns") },
  "cloudwatch:alarm": { "our alarm": ours("cloudwatch", "alarm:"), "another alarm": others("cloudwatch", "alarm:") },
  "iam:role": {
    "the handler's role": [iam("role/require-mfa/dev/require-mfa-1a2b3c4"), iam("role/require-mfa/x")],
    "a deploy role": [DEPLOY, iam("role/release")],
    "another role": [
      iam("role/deploy"),
      iam("role/ci/deploy2"),
      iam("role/release2"),
      iam("role/x/require-mfa/y"),
      iam("role/require-mfa"),
      iam("role/x"),
    ],
  },
  "iam:user": { user: [iam("user/alice"), iam("user/x")] },
  "iam:group": {
    "a guard's group": [iam("group/require-mfa/dev/require-mfa-sealed-1a2b3c4"), iam("group/require-mfa/x")],
    "another group": [iam("group/admins"), iam("group/require-mfa-sealed-1a2b3c4")],
  },
  "iam:policy": {
    "a guard's policy": [iam("policy/require-mfa/dev/require-mfa-sealed-1a2b3c4"), iam("policy/require-mfa/x")],
    "the boundary": [BOUNDARY],
    "another policy": [iam("policy/x"), iam("policy/require-mfa-boundary"), iam("policy/x/require-mfa/y")],
  },
  "cloudtrail:trail": {
    "any trail": [arn("cloudtrail", "trail/x"), "arn:aws:cloudtrail:eu-west-1:123456789012:trail/y"],
  },
};

/** With what events:PutEvents asks about; other calls don't carry the source, and nothing else asks for it. */
const by = (principal: string, more: RequestContext = {}): RequestContext => ({
  "aws:PrincipalArn": principal,
  "events:source": "require-mfa",
  ...more,
});
const admin = (more: RequestContext = {}) => by(iam("role/admin"), more);

/** Who calls, and what the requests carry. */
export const CALLERS = {
  "an administrator's role": admin(),
  "an IAM user with MFA": by(iam("user/admin"), { "aws:MultiFactorAuthPresent": "true" }),
  root: by(iam("root")),
  "a role of a deploy role's name under another path": by(iam("role/deploy")),
  "a role of a name like a deploy role's": by(iam("role/ci/deploy2")),
  "a role of a name like the other deploy role's": by(iam("role/release2")),
  "another account's role of a deploy role's name": by("arn:aws:iam::999988887777:role/ci/deploy"),
  "the handler's role, elsewhere than in its function": by(iam("role/require-mfa/dev/require-mfa-1a2b3c4")),
  "another function of a name that ends like the handler's": admin({
    "lambda:SourceFunctionArn": arn("lambda", "function:my-require-mfa-1a2b3c4"),
  }),
  "an administrator who puts an event of ours among others": admin({ "events:source": ["other", "require-mfa"] }),
  "an administrator who puts other events": admin({ "events:source": ["other", "require-mfa.x"] }),
  "an administrator who puts no events": admin({ "events:source": [] }),
  "an administrator who names the boundary": admin({ "iam:PermissionsBoundary": BOUNDARY }),
  "an administrator who names another boundary": admin({ "iam:PermissionsBoundary": iam("policy/lax") }),
  "an administrator who names a boundary like it": admin({ "iam:PermissionsBoundary": `${BOUNDARY}2` }),
  "the handler": by(iam("role/require-mfa/dev/require-mfa-1a2b3c4"), { "lambda:SourceFunctionArn": FUNCTION }),
  "a deploy role": by(DEPLOY),
  "a deploy role that is the same in several accounts": by("arn:aws:iam::999988887777:role/release"),
} as const satisfies Readonly<Record<string, RequestContext>>;

export type Caller = keyof typeof CALLERS;

// What is refused, by hand

/** To somebody whom all else allows everything. */
export const ALLOW_ALL = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Full", Effect: "Allow", Action: "*", Resource: "*" }],
};

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
];
const POLICY_CHANGES = [
  "iam:CreatePolicyVersion",
  "iam:DeletePolicyVersion",
  "iam:SetDefaultPolicyVersion",
  "iam:DeletePolicy",
];

/** What is refused of the stack, the deploy roles among it, and of trails. */
export const REFUSED_OF_THE_STACK = [
  ...on(
    "our rule",
    "events:PutRule",
    "events:DisableRule",
    "events:DeleteRule",
    "events:PutTargets",
    "events:RemoveTargets",
  ),
  ...on(
    "our function",
    "lambda:AddPermission",
    "lambda:RemovePermission",
    "lambda:CreateAlias",
    "lambda:CreateFunction",
    "lambda:CreateFunctionUrlConfig",
    "lambda:DeleteAlias",
    "lambda:DeleteFunction",
    "lambda:DeleteFunctionCodeSigningConfig",
    "lambda:DeleteFunctionConcurrency",
    "lambda:DeleteFunctionEventInvokeConfig",
    "lambda:DeleteFunctionUrlConfig",
    "lambda:DeleteResourcePolicy",
    "lambda:PutFunctionCodeSigningConfig",
    "lambda:PutFunctionConcurrency",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:PutFunctionRecursionConfig",
    "lambda:PutFunctionScalingConfig",
    "lambda:PutResourcePolicy",
    "lambda:PutRuntimeManagementConfig",
    "lambda:UpdateAlias",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionCodeSigningConfig",
    "lambda:UpdateFunctionConfiguration",
    "lambda:UpdateFunctionEventInvokeConfig",
    "lambda:UpdateFunctionUrlConfig",
  ),
  ...on(
    "our log group",
    "logs:DeleteLogGroup",
    "logs:PutRetentionPolicy",
    "logs:PutSubscriptionFilter",
    "logs:DeleteSubscriptionFilter",
    "logs:PutDataProtectionPolicy",
    "logs:PutTransformer",
    "logs:AssociateKmsKey",
    "logs:DisassociateKmsKey",
  ),
  ...on("our log", "logs:DeleteLogStream"),
  ...on(
    "our queue",
    "sqs:SetQueueAttributes",
    "sqs:DeleteQueue",
    "sqs:PurgeQueue",
    "sqs:AddPermission",
    "sqs:RemovePermission",
  ),
  ...on(
    "our topic",
    "sns:SetTopicAttributes",
    "sns:DeleteTopic",
    "sns:AddPermission",
    "sns:RemovePermission",
    "sns:PutDataProtectionPolicy",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
  ),
  ...on(
    "our alarm",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:PutCompositeAlarm",
    "cloudwatch:PutLogAlarm",
    "cloudwatch:SetAlarmState",
    "cloudwatch:DisableAlarmActions",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:PutAlarmMuteRule",
  ),
  ...on("the handler's role", ...ROLE_CHANGES),
  ...on("a deploy role", ...ROLE_CHANGES),
  ...on(
    "any trail",
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
  ),
];
export const REFUSED_OF_THE_GUARDS = [
  ...on(
    "a guard's group",
    "iam:AttachGroupPolicy",
    "iam:DetachGroupPolicy",
    "iam:PutGroupPolicy",
    "iam:DeleteGroupPolicy",
    "iam:UpdateGroup",
    "iam:DeleteGroup",
  ),
  ...on("a guard's policy", ...POLICY_CHANGES),
  ...on("the boundary", ...POLICY_CHANGES),
];
export const REFUSED_EVENTS = [
  "events:PutEvents on event-bus",
  "events:PutEvents on event-busv2",
  "events:PutEvents on everything",
];

export const sorted = (names: readonly string[]) => [...new Set(names)].sort();

/** Says what is refused: the calls' names, sorted, or in part, which is never promised. */
export function refusing(
  documents: readonly unknown[],
  calls: readonly Call[],
): (context: RequestContext) => readonly string[] {
  const ask = asking(compile(documents), calls);
  return (context) => {
    const open = ask(context);
    return sorted(
      calls.flatMap(({ name, resources }, index) => {
        if (open[index] === SHUT) return [name];
        return open[index] === 1 || resources.length === 1 ? [] : [`${name}, in part`];
      }),
    );
  };
}
