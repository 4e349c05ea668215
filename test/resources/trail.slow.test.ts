import { expect } from "chai";
import { MODES } from "../../core/modes";
import { type EngineRun, runUnderEngine } from "../../fake-engine/fake-engine";

type Resource = EngineRun["resources"][number];

/** What a mode deploys where a trail is to be made. */
async function deployedIn(mode: string, preview = false): Promise<readonly Resource[]> {
  const { exitCode, resources } = await runUnderEngine({
    program: process.cwd(),
    stack: "dev",
    preview,
    config: { "aws:region": "us-east-1", "require-mfa:mode": mode, "require-mfa:createTrail": "true" },
  });
  expect(exitCode).to.equal(0);
  return resources.filter(({ custom }) => custom);
}

const OF_THE_TRAIL = /:Trail$|:Bucket/;
const ofTheTrail = (resources: readonly Resource[]) => resources.filter(({ type }) => OF_THE_TRAIL.test(type));
const nameOf = ({ type, name }: Resource) => `${type.split(":").at(-1)} ${name}`;

function only(type: string, resources: readonly Resource[]): Resource {
  const [resource, another] = resources.filter((each) => each.type.endsWith(`:${type}`));
  if (resource === undefined || another !== undefined) throw new Error(`not exactly one ${type}`);
  return resource;
}

describe("the trail that createTrail makes", function () {
  this.timeout(120_000);

  let deployed: readonly Resource[];
  before(async () => {
    deployed = await deployedIn("strict");
  });
  const inputsOf = (type: string) => only(type, deployed).inputs;

  it("is the same in every mode", async () => {
    const inStrict = ofTheTrail(deployed).map(({ name, inputs }) => [name, inputs]);
    expect(ofTheTrail(deployed).map(nameOf)).to.have.members([
      "Bucket require-mfa-trail",
      "BucketLifecycleConfiguration require-mfa-trail",
      "BucketOwnershipControls require-mfa-trail",
      "BucketPolicy require-mfa-trail",
      "BucketPublicAccessBlock require-mfa-trail",
      "BucketServerSideEncryptionConfiguration require-mfa-trail",
      "Trail require-mfa-trail",
    ]);
    for (const mode of MODES.filter((each) => each !== "strict")) {
      const others = ofTheTrail(await deployedIn(mode)).map(({ name, inputs }) => [name, inputs]);
      expect(others, mode).to.have.deep.members(inStrict);
    }
  });

  it("records what writes, in this region alone, IAM's events among it, and proves its files", () => {
    expect(inputsOf("Trail")).to.deep.equal({
      name: "require-mfa-trail-1a2b3c4",
      s3BucketName: "require-mfa-trail-1a2b3c4",
      enableLogging: true,
      enableLogFileValidation: true,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: true,
      eventSelectors: [{ readWriteType: "WriteOnly", includeManagementEvents: true }],
    });
  });

  it("writes to a bucket of its own that is private, encrypted, its owner's, and emptied after a year", () => {
    const bucket = "require-mfa-trail-1a2b3c4";
    expect(inputsOf("Bucket")).to.deep.equal({ forceDestroy: false });
    expect(inputsOf("BucketPublicAccessBlock")).to.deep.equal({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputsOf("BucketOwnershipControls")).to.deep.equal({
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    expect(inputsOf("BucketServerSideEncryptionConfiguration")).to.deep.equal({
      bucket,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    expect(inputsOf("BucketLifecycleConfiguration")).to.deep.equal({
      bucket,
      rules: [{ id: "expire", status: "Enabled", filter: { prefix: "AWSLogs/" }, expiration: { days: 365 } }],
    });
  });

  const POLICY = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LetTheTrailLookAtTheBucket",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "s3:GetBucketAcl",
        Resource: "arn:aws:s3:::require-mfa-trail-1a2b3c4",
        Condition: {
          StringEquals: {
            "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:123456789012:trail/require-mfa-trail-1a2b3c4",
          },
        },
      },
      {
        Sid: "LetTheTrailWriteItsLogs",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: "arn:aws:s3:::require-mfa-trail-1a2b3c4/AWSLogs/123456789012/*",
        Condition: {
          StringEquals: {
            "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:123456789012:trail/require-mfa-trail-1a2b3c4",
            "s3:x-amz-acl": "bucket-owner-full-control",
          },
        },
      },
      {
        Sid: "DenyEverythingWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::require-mfa-trail-1a2b3c4", "arn:aws:s3:::require-mfa-trail-1a2b3c4/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };

  it("is the only one that may write to it, and nobody comes to it without TLS", () => {
    const { policy, bucket } = inputsOf("BucketPolicy");
    expect(bucket).to.equal("require-mfa-trail-1a2b3c4");
    expect(JSON.parse(String(policy))).to.deep.equal(POLICY);
  });

  it("is there before the deploy's sweep, and after all that guards its bucket", () => {
    const sweep = only("Invocation", deployed);
    expect(sweep.dependencies).to.include.members(ofTheTrail(deployed).map(({ urn }) => urn));
    expect(sweep.inputs["triggers"]).to.include({
      TRAIL: "arn:aws:cloudtrail:us-east-1:123456789012:trail/require-mfa-trail-1a2b3c4",
    });
    const others = ofTheTrail(deployed).filter(({ type }) => !type.endsWith(":Trail"));
    expect(only("Trail", deployed).dependencies).to.have.members(
      others.filter(({ type }) => !type.endsWith("PublicAccessBlock")).map(({ urn }) => urn),
    );
    expect(only("BucketPolicy", deployed).dependencies).to.include(only("BucketPublicAccessBlock", deployed).urn);
  });

  it("ends with the stack, and what it recorded stays, under all that guards it", () => {
    expect(
      ofTheTrail(deployed)
        .filter(({ retainOnDelete }) => !retainOnDelete)
        .map(nameOf),
    ).to.deep.equal(["Trail require-mfa-trail"]);
    expect(ofTheTrail(deployed).filter(({ protect }) => protect)).to.deep.equal([]);
  });

  it("goes no sooner than what pulumi destroy is refused in a mode that holds people", () => {
    const last = only("FunctionEventInvokeConfig", deployed);
    expect(last.protect).to.equal(true);
    expect(last.dependencies).to.include.members(ofTheTrail(deployed).map(({ urn }) => urn));
  });

  it("is named in a first preview already", async () => {
    expect(only("Trail", await deployedIn("strict", true)).inputs).to.include({ name: "require-mfa-trail-1a2b3c4" });
  });
});
