import { EVENT_REGIONS, type Partition } from "../core/partitions";
import { stackPath } from "../core/stack-path";
import { allow, type PolicyDocument, policyDocument } from "./document";
import { NAMES_BEGIN, PHYSICAL_NAMES } from "./organization-names";

/** What a deployment may touch. */
export interface DeployerReach {
  readonly partition: Partition;
  /** Twelve digits. */
  readonly account: string;
  /** The stack's name, which ends the IAM path of all that is its. */
  readonly stack: string;
  /** The name that the component has in the program, with which Pulumi begins the names of what it makes. */
  readonly component: string;
}

/** What makes the documents. A preview has the first alone; whoever deploys has both. */
export const DEPLOYER_POLICIES = {
  preview: previewPolicy,
  up: upPolicy,
} as const;

/** A document for who deploys. */
export type DeployerPolicy = keyof typeof DEPLOYER_POLICIES;

/** What makes the documents that go beside them where the stack is an organization's, for the same two. */
export const ORGANIZATION_DEPLOYER_POLICIES = {
  organizationPreview: organizationPreviewPolicy,
  organizationUp: organizationUpPolicy,
} as const;

/** A document for who deploys to an organization, beside the others. */
export type OrganizationDeployerPolicy = keyof typeof ORGANIZATION_DEPLOYER_POLICIES;

/** All of a bucket's properties, as the AWS provider reads them. */
const BUCKET_READS: readonly string[] = [
  "s3:GetAccelerateConfiguration",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetBucketLogging",
  "s3:GetBucketObjectLockConfiguration",
  "s3:GetBucketOwnershipControls",
  "s3:GetBucketPolicy",
  "s3:GetBucketPublicAccessBlock",
  "s3:GetBucketRequestPayment",
  "s3:GetBucketTagging",
  "s3:GetBucketVersioning",
  "s3:GetBucketWebsite",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
  "s3:GetReplicationConfiguration",
  "s3:ListBucket",
  "s3:ListTagsForResource",
];

/**
 * What `pulumi preview` asks AWS, and `npm run impact`: to see what stands, as the AWS provider reads each resource, and
 * whom the settings would hold, as a sweep reads users. Nothing of it changes anything; a credential report that is made
 * is no change.
 */
function previewPolicy(reach: DeployerReach): PolicyDocument {
  const { partition } = reach;
  return policyDocument(
    ...allow(
      "SeeTheStacksGroupsPoliciesAndRole",
      [
        "iam:GetGroup",
        "iam:ListAttachedGroupPolicies",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:GetRole",
        "iam:ListRolePolicies",
        "iam:ListAttachedRolePolicies",
        "iam:GetRolePolicy",
      ],
      [inIam("group", reach), inIam("policy", reach), inIam("role", reach)],
    ),
    ...allow(
      "SeeTheRestOfTheStack",
      [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetPolicy",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
        "events:DescribeRule",
        "events:ListTagsForResource",
        "events:ListTargetsByRule",
        "logs:ListTagsForResource",
        "sqs:GetQueueAttributes",
        "sqs:ListQueueTags",
        "sns:GetSubscriptionAttributes",
        "sns:GetTopicAttributes",
        "sns:ListTagsForResource",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetDashboard",
        "cloudwatch:ListTagsForResource",
        "cloudtrail:ListTags",
      ],
      named(reach),
    ),
    ...allow("SeeTheTrailsBucket", BUCKET_READS, bucket(reach)),
    // Trails of all regions and, in an organization, of its management account may bring IAM's events.
    ...allow(
      "SeeWhetherATrailBringsEvents",
      ["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"],
      `arn:${partition}:cloudtrail:*:*:trail/*`,
    ),
    ...allow(
      "SeeUsersAsASweepDoes",
      ["iam:ListMFADevices", "iam:GetLoginProfile", "iam:ListGroupsForUser"],
      `arn:${partition}:iam::*:user/*`,
    ),
    ...allow("SeePermissionsBoundaries", ["iam:GetPolicy", "iam:GetPolicyVersion"], `arn:${partition}:iam::*:policy/*`),
    ...allow(
      "SeeTheAccountInBulk",
      [
        "iam:GenerateCredentialReport",
        "iam:GetCredentialReport",
        "iam:GetAccountAuthorizationDetails",
        "iam:ListVirtualMFADevices",
        // Of all users at once.
        "iam:ListServiceSpecificCredentials",
        "cloudtrail:DescribeTrails",
        "logs:DescribeLogGroups",
      ],
      "*",
    ),
  );
}

/**
 * What `pulumi up` and `pulumi destroy` do beside what a preview reads. What the stack leaves behind on purpose, the log
 * and the trail's bucket, can't be deleted by it.
 */
function upPolicy(reach: DeployerReach): PolicyDocument {
  return policyDocument(
    ...allow(
      "ChangeTheGuards",
      [
        "iam:CreateGroup",
        "iam:DeleteGroup",
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:ListPolicyVersions",
      ],
      [inIam("group", reach), inIam("policy", reach)],
    ),
    {
      Sid: "AttachTheGuardsPoliciesToTheirGroups",
      Effect: "Allow",
      Action: ["iam:AttachGroupPolicy", "iam:DetachGroupPolicy"],
      Resource: inIam("group", reach),
      Condition: { ArnLike: { "iam:PolicyARN": inIam("policy", reach) } },
    },
    ...allow(
      "ChangeTheHandlersRole",
      [
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:ListInstanceProfilesForRole",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRoleDescription",
      ],
      inIam("role", reach),
    ),
    {
      Sid: "GiveTheFunctionItsRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: inIam("role", reach),
      Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
    },
    ...allow(
      "ChangeTheRestOfTheStack",
      [
        "lambda:AddPermission",
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:InvokeFunction",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:RemovePermission",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "logs:CreateLogGroup",
        "logs:PutRetentionPolicy",
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:SetQueueAttributes",
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:Unsubscribe",
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DeleteDashboards",
        "cloudwatch:PutDashboard",
        "cloudwatch:PutMetricAlarm",
        "cloudtrail:CreateTrail",
        "cloudtrail:DeleteTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:StartLogging",
        "cloudtrail:UpdateTrail",
      ],
      named(reach),
    ),
    ...allow(
      "MakeTheTrailsBucket",
      [
        "s3:CreateBucket",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      bucket(reach),
    ),
  );
}

/**
 * What a preview asks beside that where the stack is an organization's: who is below the targets, how their stacks stand,
 * and whether anybody is still held there.
 */
function organizationPreviewPolicy(reach: DeployerReach): PolicyDocument {
  const { partition, account } = reach;
  return policyDocument(
    ...allow(
      "SeeTheOrganization",
      [
        "organizations:DescribeOrganization",
        "organizations:DescribeOrganizationalUnit",
        "organizations:DescribePolicy",
        "organizations:ListAccountsForParent",
        "organizations:ListDelegatedAdministrators",
        "organizations:ListOrganizationalUnitsForParent",
        "organizations:ListRoots",
        "organizations:ListTagsForResource",
        "organizations:ListTargetsForPolicy",
      ],
      "*",
    ),
    ...allow(
      "SeeTheStackSet",
      [
        "cloudformation:DescribeStackSet",
        "cloudformation:DescribeStackSetOperation",
        "cloudformation:ListStackInstances",
        "cloudformation:ListStackSetOperations",
      ],
      stackSet(reach),
    ),
    ...allow(
      "SeeTheHub",
      [
        "events:DescribeEventBus",
        "events:DescribeRule",
        "events:ListTagsForResource",
        "events:ListTargetsByRule",
        "logs:FilterLogEvents",
      ],
      [
        ...hub(reach),
        `arn:${partition}:logs:${EVENT_REGIONS[partition]}:${account}:log-group:${reach.component}-hub-*`,
      ],
    ),
    ...allow("SeeTheCodesBucket", [...BUCKET_READS, "s3:GetObject", "s3:GetObjectTagging"], codeBucket(reach)),
    ...allow("SeeWhoMayWriteLogs", ["logs:DescribeResourcePolicies"], "*"),
  );
}

/** What `pulumi up` and `pulumi destroy` do beside that. It is the whole organization's SCPs that they may write. */
function organizationUpPolicy(reach: DeployerReach): PolicyDocument {
  return policyDocument(
    {
      Sid: "ChangeTheSCPs",
      Effect: "Allow",
      Action: [
        "organizations:AttachPolicy",
        "organizations:CreatePolicy",
        "organizations:DeletePolicy",
        "organizations:DetachPolicy",
        "organizations:UpdatePolicy",
      ],
      Resource: "*",
      Condition: { StringEquals: { "organizations:PolicyType": "SERVICE_CONTROL_POLICY" } },
    },
    ...allow(
      "ChangeTheStackSet",
      [
        "cloudformation:CreateStackInstances",
        "cloudformation:DeleteStackInstances",
        "cloudformation:DeleteStackSet",
        "cloudformation:UpdateStackInstances",
        "cloudformation:UpdateStackSet",
      ],
      [stackSet(reach), ...whereItGoes(reach)],
    ),
    ...allow(
      "ChangeTheHub",
      [
        "events:CreateEventBus",
        "events:DeleteEventBus",
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
      ],
      hub(reach),
    ),
    ...allow(
      "ChangeTheCodesBucket",
      [
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:ListBucketVersions",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutObject",
      ],
      codeBucket(reach),
    ),
    ...allow(
      "ChangeWhatTakesNoResource",
      [
        "cloudformation:CreateStackSet",
        "events:PutPermission",
        "events:RemovePermission",
        "logs:DeleteResourcePolicy",
        "logs:PutResourcePolicy",
      ],
      "*",
    ),
  );
}

/** All of a kind that the stack has in IAM: by its path. */
function inIam(kind: "group" | "policy" | "role", { partition, account, stack }: DeployerReach): string {
  return `arn:${partition}:iam::${account}:${kind}${stackPath(stack)}*`;
}

/** What the stack has elsewhere, but for the bucket: by what its names begin with, for there are no paths. */
function named({ partition, account, component }: DeployerReach): readonly string[] {
  const arn = (service: string, resource: string, region: string = EVENT_REGIONS[partition]) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}${component}-*`;
  return [
    arn("lambda", "function:"),
    arn("events", "rule/"),
    arn("logs", "log-group:"),
    arn("sqs", ""),
    arn("sns", ""),
    arn("cloudwatch", "alarm:"),
    // CloudWatch's dashboards belong to no region.
    arn("cloudwatch", "dashboard/", ""),
    arn("cloudtrail", "trail/"),
  ];
}

function bucket({ partition, component }: DeployerReach): string {
  return `arn:${partition}:s3:::${component}-trail-*`;
}

/** A bucket and what is in it. */
function codeBucket({ partition, component }: DeployerReach): readonly string[] {
  const arn = `arn:${partition}:s3:::${component}-code-*`;
  return [arn, `${arn}/*`];
}

/** The hub's bus, and the rules on it, whose names begin as all do. */
function hub({ partition, account, component }: DeployerReach): readonly string[] {
  const arn = (resource: string) => `arn:${partition}:events:${EVENT_REGIONS[partition]}:${account}:${resource}`;
  return [arn(`event-bus/${NAMES_BEGIN}`), arn(`rule/${NAMES_BEGIN}/${component}-*`)];
}

/** The StackSet; of a delegated administrator it is the management account's. */
function stackSet({ partition }: DeployerReach): string {
  return `arn:${partition}:cloudformation:*:*:stackset/${PHYSICAL_NAMES.stackSet}:*`;
}

/** What CloudFormation asks about beside a StackSet that goes somewhere, and the types of resources in it. */
function whereItGoes({ partition }: DeployerReach): readonly string[] {
  const arn = (resource: string) => `arn:${partition}:cloudformation:*:*:${resource}`;
  return [arn(`stackset-target/${PHYSICAL_NAMES.stackSet}:*`), arn("type/resource/*")];
}
