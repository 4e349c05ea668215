import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { restore, stub } from "sinon";
import { MODES } from "../../core/modes";
import { deploy, type Resource } from "../../rehearsal/deployment";

/**
 * Names of inputs that say how something is encrypted, how long it is kept, who may see it, and whether and how it can be
 * deleted; `rules` are those of a bucket's encryption and expiry.
 */
const ASKED_FOR = /kms|encrypt|Sse|retention|public|delet|destroy|protect|lock|versioning|^rules$/i;

/** Of each type of resource what {@link ASKED_FOR} finds: the value that is set, or why it is left as AWS has it. */
const ON_PURPOSE: Readonly<Record<string, Readonly<Record<string, { readonly is: unknown } | string>>>> = {
  "aws:cloudtrail/trail:Trail": { kmsKeyId: "whoever may disable a key stops the trail" },
  "aws:cloudwatch/eventRule:EventRule": { forceDestroy: "it is for rules that AWS manages" },
  "aws:cloudwatch/eventTarget:EventTarget": { forceDestroy: "it is for rules that AWS manages" },
  "aws:cloudwatch/logGroup:LogGroup": {
    retentionInDays: { is: 365 },
    kmsKeyId: "CloudWatch Logs encrypts by a key of its own, which nobody can disable",
    deletionProtectionEnabled: "retainOnDelete is enough to outlive the stack",
    skipDestroy: "retainOnDelete is enough to outlive the stack",
  },
  "aws:lambda/function:Function": {
    kmsKeyArn: "its variables name guards and settings, and Lambda encrypts them by a key of its own",
    sourceKmsKeyArn: "the code is public",
    replaceSecurityGroupsOnDestroy: "it is in no VPC",
    skipDestroy: "mode off is to be able to leave",
  },
  "aws:s3/bucket:Bucket": {
    forceDestroy: { is: false },
    serverSideEncryptionConfiguration: "BucketServerSideEncryptionConfiguration has it",
    versioning: "the trail's log files are validated, and written once",
    objectLockConfiguration: "the trail's log files are validated, and expire",
    objectLockEnabled: "the trail's log files are validated, and expire",
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    rules: { is: [{ id: "expire", status: "Enabled", filter: { prefix: "AWSLogs/" }, expiration: { days: 365 } }] },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    blockPublicAcls: { is: true },
    blockPublicPolicy: { is: true },
    ignorePublicAcls: { is: true },
    restrictPublicBuckets: { is: true },
    skipDestroy: "retainOnDelete is enough to outlive the stack",
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    rules: { is: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
  },
  "aws:sns/topic:Topic": { kmsMasterKeyId: "docs/decisions/0014-the-topic-has-no-key.md" },
  "aws:sqs/queue:Queue": {
    messageRetentionSeconds: { is: 1_209_600 },
    sqsManagedSseEnabled: { is: true },
    kmsMasterKeyId: "SSE-SQS needs none",
    kmsDataKeyReusePeriodSeconds: "SSE-SQS needs none",
  },
};

/** The inputs that a type has, as @pulumi/aws declares them. */
function inputsOf(type: string): readonly string[] {
  const [, folder, file, name] = /^aws:(.+)\/(.+):(.+)$/.exec(type) ?? [];
  const declared = readFileSync(`node_modules/@pulumi/aws/${folder}/${file}.d.ts`, "utf8");
  const [, body] = declared.split(`export interface ${name}Args {`);
  if (body === undefined) throw new Error(`@pulumi/aws declares no ${name}Args`);
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].flatMap(([, input]) => input ?? []);
}

describe("every setting of encryption, retention, public access and deletion", () => {
  let resources: readonly Resource[];
  before(async () => {
    stub(pulumi.log, "warn").resolves();
    const all: Resource[] = [];
    for (const mode of MODES) {
      const config = {
        "require-mfa:mode": mode,
        "require-mfa:notifyEmails": '["ops@example.com"]',
        "require-mfa:createTrail": "true",
      };
      const place = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "dev" } as const;
      all.push(...(await deploy(config, place)).resources);
    }
    resources = all;
  });
  after(() => restore());

  it("is set on purpose, or left for a reason, in every mode", () => {
    const asked = [...new Set(resources.map(({ type }) => type))]
      .map(
        (type) =>
          [
            type,
            inputsOf(type)
              .filter((input) => ASKED_FOR.test(input))
              .sort(),
          ] as const,
      )
      .filter(([, inputs]) => inputs.length > 0);
    const told = Object.entries(ON_PURPOSE).map(([type, inputs]) => [type, Object.keys(inputs).sort()] as const);
    expect(Object.fromEntries(told)).to.deep.equal(Object.fromEntries(asked));
    for (const { type, name, inputs } of resources) {
      for (const [input, expected] of Object.entries(ON_PURPOSE[type] ?? {})) {
        const value = typeof expected === "string" ? undefined : expected.is;
        expect(inputs[input], `${input} of ${type} ${name}`).to.deep.equal(value);
      }
    }
  });
});
