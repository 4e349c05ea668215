/*
 * What the AWS provider asks of AWS, as the actions that it is authorised as. Seen: Terraform's AWS provider 5.100, by its
 * own log, as it made, read, changed and deleted each of these against moto 5.2, a stand-in for AWS. Of the newer version
 * on which @pulumi/aws 7 stands, read in its changelog: s3:ListTagsForResource and lambda:GetFunctionConcurrency. Read in
 * AWS's documentation: iam:PassRole and lambda:ListTags, without which GetFunction leaves tags out. sts:GetCallerIdentity
 * needs no permission.
 */

/** The kinds of resources that calls are authorised on. */
type On =
  | "group"
  | "policy"
  | "role"
  | "function"
  | "rule"
  | "log group"
  | "queue"
  | "topic"
  | "alarm"
  | "dashboard"
  | "trail"
  | "bucket"
  | "any trail"
  | "any policy"
  | "user"
  | "everything";

/** Actions on a kind of resource. */
type Calls = Readonly<Partial<Record<On, readonly string[]>>>;

interface Lifecycle {
  readonly read: Calls;
  /** What creates, changes and deletes, without what reads. */
  readonly write: Calls;
}

const rule = (write: readonly string[], ...read: readonly string[]): Lifecycle => ({
  read: { rule: read },
  write: { rule: write },
});

const READ_TOPIC = { topic: ["sns:GetTopicAttributes"] };
const READ_QUEUE = { queue: ["sqs:GetQueueAttributes"] };

const bucket = (read: string, ...write: readonly string[]): Lifecycle => ({
  read: { bucket: [read] },
  write: { bucket: write },
});

/** By Pulumi's types. What is left where it is at the end (log group, bucket) is never deleted. */
export const PROVIDER_CALLS: Readonly<Record<string, Lifecycle>> = {
  "aws:iam/group:Group": {
    read: { group: ["iam:GetGroup"] },
    write: { group: ["iam:CreateGroup", "iam:DeleteGroup"] },
  },
  "aws:iam/policy:Policy": {
    read: { policy: ["iam:GetPolicy", "iam:GetPolicyVersion"] },
    write: {
      policy: [
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:ListPolicyVersions",
        "iam:DeletePolicyVersion",
        "iam:DeletePolicy",
      ],
    },
  },
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": {
    read: { group: ["iam:ListAttachedGroupPolicies"] },
    write: { group: ["iam:AttachGroupPolicy", "iam:DetachGroupPolicy"] },
  },
  "aws:iam/role:Role": {
    read: { role: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"] },
    write: {
      role: [
        "iam:CreateRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRoleDescription",
        "iam:ListInstanceProfilesForRole",
        "iam:DeleteRole",
      ],
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    read: { role: ["iam:GetRolePolicy"] },
    write: { role: ["iam:PutRolePolicy", "iam:DeleteRolePolicy"] },
  },
  "aws:lambda/function:Function": {
    read: {
      function: [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConcurrency",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ],
    },
    write: {
      function: [
        "lambda:CreateFunction",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "lambda:DeleteFunction",
      ],
      role: ["iam:PassRole"],
    },
  },
  "aws:lambda/permission:Permission": {
    read: { function: ["lambda:GetPolicy"] },
    write: { function: ["lambda:AddPermission", "lambda:RemovePermission"] },
  },
  "aws:lambda/invocation:Invocation": { read: {}, write: { function: ["lambda:InvokeFunction"] } },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    read: { function: ["lambda:GetFunctionEventInvokeConfig"] },
    write: { function: ["lambda:PutFunctionEventInvokeConfig", "lambda:DeleteFunctionEventInvokeConfig"] },
  },
  "aws:cloudwatch/eventRule:EventRule": rule(
    ["events:PutRule", "events:DeleteRule"],
    "events:DescribeRule",
    "events:ListTagsForResource",
  ),
  "aws:cloudwatch/eventTarget:EventTarget": rule(
    ["events:PutTargets", "events:RemoveTargets"],
    "events:ListTargetsByRule",
  ),
  "aws:cloudwatch/logGroup:LogGroup": {
    read: { "log group": ["logs:ListTagsForResource"], everything: ["logs:DescribeLogGroups"] },
    write: { "log group": ["logs:CreateLogGroup", "logs:PutRetentionPolicy"] },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    read: { alarm: ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"] },
    write: { alarm: ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"] },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    read: { dashboard: ["cloudwatch:GetDashboard"] },
    write: { dashboard: ["cloudwatch:PutDashboard", "cloudwatch:DeleteDashboards"] },
  },
  "aws:sqs/queue:Queue": {
    read: { queue: ["sqs:GetQueueAttributes", "sqs:ListQueueTags"] },
    write: { queue: ["sqs:CreateQueue", "sqs:SetQueueAttributes", "sqs:DeleteQueue"] },
  },
  "aws:sqs/queuePolicy:QueuePolicy": { read: READ_QUEUE, write: { queue: ["sqs:SetQueueAttributes"] } },
  "aws:sns/topic:Topic": {
    read: { topic: ["sns:GetTopicAttributes", "sns:ListTagsForResource"] },
    write: { topic: ["sns:CreateTopic", "sns:SetTopicAttributes", "sns:DeleteTopic"] },
  },
  "aws:sns/topicPolicy:TopicPolicy": { read: READ_TOPIC, write: { topic: ["sns:SetTopicAttributes"] } },
  "aws:sns/topicSubscription:TopicSubscription": {
    read: { topic: ["sns:GetSubscriptionAttributes"] },
    write: { topic: ["sns:Subscribe", "sns:Unsubscribe"] },
  },
  "aws:s3/bucket:Bucket": {
    read: {
      bucket: [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucketAcl",
        "s3:GetBucketCORS",
        "s3:GetBucketLogging",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketPolicy",
        "s3:GetBucketRequestPayment",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:ListTagsForResource",
      ],
    },
    write: { bucket: ["s3:CreateBucket"] },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucket(
    "s3:GetLifecycleConfiguration",
    "s3:PutLifecycleConfiguration",
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucket(
    "s3:GetBucketOwnershipControls",
    "s3:PutBucketOwnershipControls",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": bucket("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucket(
    "s3:GetBucketPublicAccessBlock",
    "s3:PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucket(
    "s3:GetEncryptionConfiguration",
    "s3:PutEncryptionConfiguration",
  ),
  "aws:cloudtrail/trail:Trail": {
    read: { trail: ["cloudtrail:GetTrailStatus", "cloudtrail:ListTags"], everything: ["cloudtrail:DescribeTrails"] },
    write: {
      trail: [
        "cloudtrail:CreateTrail",
        "cloudtrail:UpdateTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:StartLogging",
        "cloudtrail:DeleteTrail",
      ],
    },
  },
};

/** What the report of an impact reads, beside the resources: docs/impact.md has the same. */
export const IMPACT_CALLS: Calls = {
  user: ["iam:GetLoginProfile", "iam:ListGroupsForUser", "iam:ListMFADevices", "iam:ListServiceSpecificCredentials"],
  "any trail": ["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"],
  "any policy": ["iam:GetPolicy", "iam:GetPolicyVersion"],
  everything: [
    "cloudtrail:DescribeTrails",
    "iam:GenerateCredentialReport",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetCredentialReport",
    "iam:ListVirtualMFADevices",
  ],
};

/** Calls as "iam:GetUser on user", each once. */
export function callsIn(calls: readonly Calls[]): readonly string[] {
  const named = calls.flatMap((each) =>
    Object.entries(each).flatMap(([on, actions]) => actions.map((action) => `${action} on ${on}`)),
  );
  return [...new Set(named)].sort();
}
