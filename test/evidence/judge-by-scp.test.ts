import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { DEFAULT_SETTINGS, type Settings } from "../../core/settings";
import { gatherScpEvidence, type ScpEvidenceArgs } from "../../evidence/gather-evidence";
import { scpEvidenceMarkdown, scpEvidenceText } from "../../evidence/tell-evidence";

const STRICT: Settings = { ...DEFAULT_SETTINGS, mode: "strict" };
const MANAGEMENT = "111122223333";

interface Called {
  readonly account?: string;
  readonly path?: string;
  readonly user?: string;
  readonly by?: string;
  readonly mfa?: "true" | "false";
  readonly partition?: string;
  readonly more?: object;
}

/** A record of a call, as an organization's trail has it. */
function call(eventSource: string, eventName: string, called: Called = {}): object {
  const { account = "123456789012", path = "/", user = "robot", by, mfa, partition = "aws", more = {} } = called;
  return {
    eventTime: "2026-11-20T12:00:00Z",
    eventSource,
    eventName,
    eventType: "AwsApiCall",
    recipientAccountId: account,
    userIdentity: {
      type: "IAMUser",
      accountId: account,
      userName: user,
      arn: `arn:${partition}:iam::${account}:user${path}${user}`,
      ...(by !== undefined && { invokedBy: by }),
      ...(mfa !== undefined && { sessionContext: { attributes: { mfaAuthenticated: mfa } } }),
    },
    ...more,
  };
}

describe("what an organization's SCP would refuse", () => {
  let bucket: string;
  beforeEach(() => {
    bucket = mkdtempSync(join(tmpdir(), "organization-trail-"));
  });
  afterEach(() => rmSync(bucket, { recursive: true }));

  /** As CloudTrail puts an organization's files. */
  const log = (account: string, ...records: readonly object[]): void => {
    const folder = join(bucket, "AWSLogs/o-exampleorg1", account, "CloudTrail/us-east-1/2026/11/20");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${account}_CloudTrail.json.gz`), gzipSync(JSON.stringify({ Records: records })));
  };
  const gather = (settings: Settings = STRICT, more: Partial<ScpEvidenceArgs> = {}) =>
    gatherScpEvidence({
      paths: [bucket],
      settings,
      isHeldAccount: (account) => account !== MANAGEMENT,
      pathOf: () => undefined,
      ...more,
    });
  const refusedOf = async (settings?: Settings, more?: Partial<ScpEvidenceArgs>) => {
    const evidence = await gather(settings, more);
    return evidence?.users.map(({ account, user, refused, passed }) => [account, user, refused, passed]);
  };

  it("is told by account and user, and not of the management account, which no SCP binds", async () => {
    log("123456789012", call("s3.amazonaws.com", "ListBuckets"), call("s3.amazonaws.com", "ListBuckets"));
    log("210987654321", call("ec2.amazonaws.com", "RunInstances", { account: "210987654321" }));
    log(MANAGEMENT, call("s3.amazonaws.com", "ListBuckets", { account: MANAGEMENT }));
    const evidence = await gather();
    expect(evidence).to.deep.include({ files: 3, records: 4, leftOut: 1, problems: [] });
    expect(await refusedOf()).to.deep.equal([
      ["123456789012", "robot", 2, 0],
      ["210987654321", "robot", 1, 0],
    ]);
  });

  const judged: readonly (readonly [string, object, boolean])[] = [
    ["by key", call("s3.amazonaws.com", "ListBuckets"), true],
    ["without MFA", call("s3.amazonaws.com", "ListBuckets", { mfa: "false" }), true],
    ["with MFA", call("s3.amazonaws.com", "ListBuckets", { mfa: "true" }), false],
    ["through a service", call("s3.amazonaws.com", "PutObject", { by: "cloudformation.amazonaws.com" }), true],
    ["GetCallerIdentity", call("sts.amazonaws.com", "GetCallerIdentity"), false],
    ["GetSessionToken", call("sts.amazonaws.com", "GetSessionToken"), false],
    ["enrolling in the console", call("iam.amazonaws.com", "CreateVirtualMFADevice", { mfa: "false" }), false],
    ["enrolling by key", call("iam.amazonaws.com", "CreateVirtualMFADevice"), true],
    // The door of the SCP is quarantine's, the widest of the mode's guards.
    ["changing the password", call("iam.amazonaws.com", "ChangePassword", { mfa: "false" }), false],
    [
      "enrolling for another",
      call("iam.amazonaws.com", "EnableMFADevice", { mfa: "false", more: { requestParameters: { userName: "bob" } } }),
      true,
    ],
    ["in China", call("s3.amazonaws.com.cn", "ListBuckets", { partition: "aws-cn" }), true],
  ];
  for (const [what, record, isRefused] of judged) {
    it(`${isRefused ? "has" : "has not"} ${what}`, async () => {
      log("123456789012", record);
      expect(await refusedOf()).to.deep.equal([["123456789012", "robot", isRefused ? 1 : 0, isRefused ? 0 : 1]]);
    });
  }

  it("goes by the settings of the door", async () => {
    log("123456789012", call("s3.amazonaws.com", "PutObject", { by: "cloudformation.amazonaws.com" }));
    expect(await refusedOf({ ...STRICT, spareServiceCalls: true })).to.deep.equal([["123456789012", "robot", 0, 1]]);
  });

  it("leaves out who is exempt by name, path or account, with case, as an SCP compares", async () => {
    log(
      "123456789012",
      call("s3.amazonaws.com", "ListBuckets", { user: "robot" }),
      call("s3.amazonaws.com", "ListBuckets", { user: "Robot2" }),
      call("s3.amazonaws.com", "ListBuckets", { user: "ci", path: "/robots/build/" }),
      call("s3.amazonaws.com", "ListBuckets", { user: "max", path: "/Robots/" }),
    );
    log("210987654321", call("s3.amazonaws.com", "ListBuckets", { account: "210987654321", user: "eve" }));
    const settings = {
      ...STRICT,
      exemptUsers: ["robot", "robot2"],
      exemptPaths: ["/robots/"],
      organizationExemptAccounts: ["210987654321"],
    };
    expect(await refusedOf(settings)).to.deep.equal([
      ["123456789012", "Robot2", 1, 0],
      ["123456789012", "max", 1, 0],
    ]);
    expect((await gather(settings))?.leftOut).to.equal(3);
  });

  it("goes by the path that a user has now, where that is known", async () => {
    log("123456789012", call("s3.amazonaws.com", "ListBuckets", { path: "/robots/" }));
    const settings = { ...STRICT, exemptPaths: ["/robots/"] };
    expect(await refusedOf(settings, { pathOf: () => "/" })).to.deep.equal([["123456789012", "robot", 1, 0]]);
    expect(await refusedOf({ ...STRICT, exemptPaths: ["/machines/"] }, { pathOf: () => "/machines/" })).to.deep.equal(
      [],
    );
  });

  it("is as of the day from which it holds, and as if nothing were tried out only", async () => {
    log("123456789012", call("s3.amazonaws.com", "ListBuckets"));
    const settings = { ...STRICT, enforceFrom: "2027-01-01", dryRun: true };
    expect(await refusedOf(settings)).to.deep.equal([["123456789012", "robot", 1, 0]]);
  });

  it("is nothing where the mode has no SCP that holds", async () => {
    for (const mode of ["quarantine", "off"] as const) {
      expect(await gather({ ...STRICT, mode }), mode).to.equal(undefined);
    }
  });

  it("is told as tables in which each user stands behind the account", async () => {
    log("123456789012", call("s3.amazonaws.com", "ListBuckets"), call("s3.amazonaws.com", "NoSuchCall"));
    log(MANAGEMENT, call("s3.amazonaws.com", "ListBuckets", { account: MANAGEMENT }));
    const evidence = await gather();
    if (evidence === undefined) throw new Error("there is an SCP");
    expect(scpEvidenceText(evidence, false).split("\n")).to.deep.equal([
      "Calls that stop when MFA is compulsory, by CloudTrail",
      "2 files, 3 records, 2026-11-20 to 2026-11-20",
      "1 user of 1 made 2 calls that the SCP refuses",
      "1 user whom no SCP holds is left out",
      "",
      "user                service  calls  days  last        by            what",
      "123456789012 robot  s3           2     1  2026-11-20  access key 2  s3:ListAllMyBuckets 1, s3:NoSuchCall? 1",
      "",
      "? is CloudTrail's own name, by which AWS's reference has no action. The SCP refuses it all the same, for outside IAM, STS and sign-in it leaves nothing open.",
    ]);
    log(
      "210987654321",
      ...["eve", "max"].map((user) => call("s3.amazonaws.com", "ListBuckets", { account: "210987654321", user })),
    );
    const both = await gather();
    expect(both && scpEvidenceText(both, false)).to.include(
      "\naccount       users  calls\n123456789012      1      2\n210987654321      2      2\n\n",
    );
    expect(scpEvidenceMarkdown(evidence, false)).to.include(
      "| `123456789012 robot` | `s3` | 2 | 1 | 2026-11-20 | access key 2 | `s3:ListAllMyBuckets` 1, `s3:NoSuchCall`? 1 |",
    );
  });
});
