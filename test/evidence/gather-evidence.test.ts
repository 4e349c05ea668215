import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../core/settings";
import { type EvidenceArgs, gatherEvidence, type Progress } from "../../evidence/gather-evidence";

interface Call {
  readonly user?: string;
  readonly account?: string;
  readonly day?: string;
  readonly call?: string;
  readonly mfa?: string;
  readonly invokedBy?: string;
  readonly errorCode?: string;
}

/** A record of a call, as "s3 GetBucketAcl", by a bare access key if nothing else is said. */
function record({ user = "robot", account = "123456789012", day = "2026-11-20", call = "", ...how }: Call): unknown {
  const [service = "", eventName] = call.split(" ");
  return {
    eventTime: `${day}T12:00:00Z`,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    eventType: "AwsApiCall",
    recipientAccountId: account,
    errorCode: how.errorCode,
    userIdentity: {
      type: "IAMUser",
      accountId: account,
      arn: `arn:aws:iam::${account}:user/${user}`,
      userName: user,
      invokedBy: how.invokedBy,
      ...(how.mfa !== undefined && { sessionContext: { attributes: { mfaAuthenticated: how.mfa } } }),
    },
  };
}

const signIn = (user: string, MFAUsed: string): unknown => ({
  ...Object(record({ user, call: "signin ConsoleLogin", mfa: "false" })),
  eventType: "AwsConsoleSignIn",
  responseElements: { ConsoleLogin: "Success" },
  additionalEventData: { MFAUsed },
});

const logOf = (...records: readonly unknown[]): Buffer => gzipSync(JSON.stringify({ Records: records }));

describe("gatherEvidence", () => {
  let bucket: string;

  beforeEach(() => {
    bucket = mkdtempSync(join(tmpdir(), "require-mfa-"));
  });

  afterEach(() => {
    rmSync(bucket, { recursive: true });
  });

  function put(name: string, content: string | Buffer): string {
    const path = join(bucket, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  const gather = (args: Partial<EvidenceArgs> = {}) =>
    gatherEvidence({ paths: [bucket], settings: DEFAULT_SETTINGS, guardOf: () => "conditional", ...args });

  it("names who called what without MFA, by user, service and day, and by which way", async () => {
    put(
      "AWSLogs/123456789012/CloudTrail/us-east-1/2026/11/20/one.json.gz",
      logOf(
        record({ call: "s3 ListBuckets" }),
        record({ call: "s3 ListBuckets", day: "2026-11-18" }),
        record({ call: "s3 PutObject", day: "2026-11-18" }),
        record({ call: "s3 Peek" }),
        record({ call: "sts GetCallerIdentity" }),
        record({ call: "sts AssumeRole" }),
        record({ user: "alice", call: "ec2 RunInstances", mfa: "true" }),
        record({ user: "Alice", call: "ec2 RunInstances", mfa: "false" }),
        record({ user: "alice", call: "ec2 RunInstances", mfa: "false", errorCode: "Client.UnauthorizedOperation" }),
        { userIdentity: { type: "AssumedRole" }, eventName: "RunInstances" },
      ),
    );
    put(
      "AWSLogs/123456789012/CloudTrail/eu-west-1/2026/11/21/two.json",
      JSON.stringify({
        Records: [
          record({ user: "alice", call: "ec2 CreateTags", mfa: "false", invokedBy: "cloudformation.amazonaws.com" }),
          signIn("alice", "Yes"),
          signIn("alice", "Yes"),
          signIn("alice", "No"),
          record({ user: "carol", call: "s3 ListBuckets", mfa: "true", day: "2026-11-21" }),
        ],
      }),
    );
    expect(await gather()).to.deep.equal({
      files: 2,
      records: 15,
      days: ["2026-11-18", "2026-11-21"],
      users: [
        {
          account: "123456789012",
          user: "robot",
          guard: "conditional",
          refused: 5,
          passed: 1,
          refusedAlready: 0,
          services: [
            {
              service: "s3",
              refused: 4,
              days: [
                { day: "2026-11-18", refused: 2 },
                { day: "2026-11-20", refused: 2 },
              ],
              actions: [
                { action: "s3:ListAllMyBuckets", isKnown: true, refused: 2 },
                { action: "s3:Peek", isKnown: false, refused: 1 },
                { action: "s3:PutObject", isKnown: true, refused: 1 },
              ],
              ways: { "access key": 4 },
            },
            {
              service: "sts",
              refused: 1,
              days: [{ day: "2026-11-20", refused: 1 }],
              actions: [{ action: "sts:AssumeRole", isKnown: true, refused: 1 }],
              ways: { "access key": 1 },
            },
          ],
          signIns: { withMfa: 0, withoutMfa: 0 },
        },
        {
          account: "123456789012",
          user: "alice",
          guard: "conditional",
          refused: 2,
          passed: 1,
          refusedAlready: 1,
          services: [
            {
              service: "ec2",
              refused: 2,
              days: [{ day: "2026-11-20", refused: 2 }],
              actions: [
                { action: "ec2:CreateTags", isKnown: true, refused: 1 },
                { action: "ec2:RunInstances", isKnown: true, refused: 1 },
              ],
              ways: { "session without MFA": 1, "through a service": 1 },
            },
          ],
          signIns: { withMfa: 2, withoutMfa: 1 },
        },
        {
          account: "123456789012",
          user: "carol",
          guard: "conditional",
          refused: 0,
          passed: 1,
          refusedAlready: 0,
          services: [],
          signIns: { withMfa: 0, withoutMfa: 0 },
        },
      ],
      leftOut: 0,
      problems: [],
    });
  });

  it("judges each by the guard of the user and by the settings, and leaves out who is free", async () => {
    const calls = ["robot", "alice", "exempt"].map((user) =>
      record({ user, call: "iam EnableMFADevice", mfa: "false" }),
    );
    put("log.json.gz", logOf(...calls));
    const { users, leftOut } = await gather({
      guardOf: ({ user }) => (user === "exempt" ? undefined : user === "alice" ? "conditional" : "sealed"),
    });
    expect(users.map(({ user, guard, refused }) => [user, guard, refused])).to.deep.equal([
      ["robot", "sealed", 1],
      ["alice", "conditional", 0],
    ]);
    expect(leftOut).to.equal(1);
    put("log.json.gz", logOf(record({ call: "s3 GetBucketAcl", invokedBy: "athena.amazonaws.com" })));
    expect((await gather()).users[0]?.refused).to.equal(1);
    const spared = await gather({ settings: { ...DEFAULT_SETTINGS, spareServiceCalls: true } });
    expect(spared.users[0]?.refused).to.equal(0);
  });

  it("keeps users of one name in two accounts apart", async () => {
    put("log.json", JSON.stringify({ Records: ["1", "2"].map((account) => record({ account, call: "s3 Peek" })) }));
    expect((await gather()).users.map(({ account }) => account)).to.deep.equal(["1", "2"]);
  });

  it("tells what it can't read by the file's name, and reads the rest", async () => {
    const good = record({ call: "s3 GetBucketAcl" });
    const truncated = put(
      "truncated.json.gz",
      logOf(...Array.from({ length: 2_000 }, (_, id) => ({ id, ...Object(good) }))),
    );
    truncateSync(truncated, 2_000);
    const expected: readonly (readonly [string, RegExp])[] = [
      [truncated, /^unexpected end of file, after \d+ records that count$/],
      [put("no-json.json.gz", gzipSync("<html>")), /^no log file of CloudTrail/],
      [put("packed-twice.json.gz", gzipSync(logOf(good))), /^no log file of CloudTrail/],
      [put("empty.json", ""), /^no log file of CloudTrail/],
      [
        put("cut.json", JSON.stringify({ Records: [good, good] }).slice(0, -20)),
        /^the file ends in a record, after 1 rec/,
      ],
      [put("misspelt.json", '{"Records":[{"a":tru},{"b":fals},{}]}'), /^2 records: no JSON$/],
      [
        put("fields.json.gz", logOf({}, { userIdentity: 1 }, { userIdentity: { type: "IAMUser" } }, good)),
        /^a record: (no record of CloudTrail|amiss is eventTime, eventSource, eventName, userIdentity\.accountId, userId.+)$/,
      ],
      [
        put("large.json.gz", logOf(good, { large: "x".repeat(5e6) }, good)),
        /^a record: larger than any of CloudTrail's$/,
      ],
      [join(bucket, "missing.json"), /^ENOENT/],
    ];
    put("good.json.gz", logOf(good));
    put("AWSLogs/123456789012/CloudTrail-Digest/us-east-1/digest.json.gz", gzipSync('{"digestStartTime":1}'));
    put("readme.txt", "no log");
    symlinkSync(bucket, join(bucket, "again"));
    const { users, files, problems } = await gather({ paths: [bucket, join(bucket, "missing.json")] });
    expect(files).to.equal(9);
    expect(users[0]?.refused).to.be.greaterThan(1 + 1 + 1 + 2);
    const told = problems.map(({ file }) => file);
    expect(new Set(told)).to.deep.equal(new Set(expected.map(([file]) => file)));
    for (const { file, problem } of problems)
      expect(problem).to.match(expected.find(([each]) => each === file)?.[1] ?? /^$/);
  });

  it("reads a file once that is named twice, and says how far it is", async () => {
    const paths = ["one.json", "two.json"].map((name) => put(name, '{"Records":[{},{}]}'));
    const told: Progress[] = [];
    await gather({ paths: [...paths, ...paths], onProgress: (progress) => told.push(progress) });
    expect(told).to.deep.equal([
      { files: 1, records: 2 },
      { files: 2, records: 4 },
    ]);
  });
});
