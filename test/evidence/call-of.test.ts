import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { callOf } from "../../evidence/call-of";

const ALICE = {
  type: "IAMUser",
  accountId: "123456789012",
  arn: "arn:aws:iam::123456789012:user/eng/alice",
  userName: "alice",
};

const RECORD = {
  eventTime: "2026-11-20T23:59:59Z",
  eventSource: "s3.amazonaws.com",
  eventName: "GetBucketAcl",
  eventType: "AwsApiCall",
  recipientAccountId: "123456789012",
  userIdentity: ALICE,
};

const CALL = {
  kind: "call",
  account: "123456789012",
  user: "alice",
  arn: "arn:aws:iam::123456789012:user/eng/alice",
  day: "2026-11-20",
  service: "s3",
  action: "s3:GetBucketAcl",
  partition: "aws",
  session: "access key",
  through: undefined,
  about: "own user",
  wasRefused: false,
};

const session = (mfaAuthenticated: unknown) => ({
  userIdentity: { ...ALICE, sessionContext: { attributes: { mfaAuthenticated } } },
});
const invoked = (invokedBy: string) => ({ userIdentity: { ...ALICE, invokedBy } });

describe("callOf", () => {
  for (const [what, record, expected] of [
    ["by a bare access key", {}, {}],
    ["with an empty session", { userIdentity: { ...ALICE, sessionContext: {} } }, {}],
    ["of a session with MFA", session("true"), { session: "session with MFA" }],
    ["of a session without MFA", session("false"), { session: "session without MFA" }],
    ["with a session that can't be read", { userIdentity: { ...ALICE, sessionContext: "none" } }, {}],
    ["by a service", invoked("cloudformation.amazonaws.com"), { through: "service" }],
    ["by AWS itself", invoked("AWS Internal"), { through: "service" }],
    ["by the managed MCP server", invoked("aws-mcp.amazonaws.com"), { through: "proxy" }],
    ["of the console", invoked("signin.amazonaws.com"), {}],
    ["about another user", { requestParameters: { userName: "bob" } }, { about: "another user" }],
    ["about oneself", { requestParameters: { userName: "ALICE" } }, {}],
    ["with parameters that can't be read", { requestParameters: ["bob"] }, {}],
    ["that was refused", { errorCode: "AccessDenied" }, { wasRefused: true }],
    ["that EC2 refused", { errorCode: "Client.UnauthorizedOperation" }, { wasRefused: true }],
    ["that failed otherwise", { errorCode: "NoSuchBucket" }, {}],
    ["without a type", { eventType: undefined }, {}],
    ["that only the console can make", { eventType: "AwsConsoleAction" }, {}],
    ["of an older record", { recipientAccountId: undefined }, {}],
    [
      "in China",
      { userIdentity: { ...ALICE, arn: "arn:aws-cn:iam::123456789012:user/alice" } },
      { partition: "aws-cn", arn: "arn:aws-cn:iam::123456789012:user/alice" },
    ],
    ["without an ARN", { userIdentity: { ...ALICE, arn: undefined } }, { arn: undefined }],
  ] as const) {
    it(`reads a call ${what}`, () => {
      expect(callOf({ ...RECORD, ...record })).to.deep.equal({ ...CALL, ...expected });
    });
  }

  const SIGN_IN = {
    eventSource: "signin.amazonaws.com",
    eventName: "ConsoleLogin",
    eventType: "AwsConsoleSignIn",
    responseElements: { ConsoleLogin: "Success" },
  };
  const signedIn = { kind: "sign-in", account: "123456789012", user: "alice", arn: ALICE.arn, day: "2026-11-20" };

  for (const [what, record, expected] of [
    ["a sign-in with MFA", { ...SIGN_IN, additionalEventData: { MFAUsed: "Yes" } }, { ...signedIn, withMfa: true }],
    ["a sign-in without MFA", { ...SIGN_IN, additionalEventData: { MFAUsed: "No" } }, { ...signedIn, withMfa: false }],
    ["a sign-in that failed", { ...SIGN_IN, responseElements: { ConsoleLogin: "Failure" } }, undefined],
    ["the question for MFA", { ...SIGN_IN, eventName: "CheckMfa" }, undefined],
    ["a service's event", { eventType: "AwsServiceEvent" }, undefined],
    ["a role's call", { userIdentity: { type: "AssumedRole" } }, undefined],
    ["a service's call", { userIdentity: { invokedBy: "ec2.amazonaws.com" } }, undefined],
    ["a call without a caller", { userIdentity: null }, undefined],
    ["another account's user", { recipientAccountId: "210987654321" }, undefined],
    [
      "a record without fields",
      { eventTime: undefined, eventSource: "", userIdentity: { type: "IAMUser" } },
      { kind: "problem", problem: "amiss is eventTime, eventSource, userIdentity.accountId, userIdentity.userName" },
    ],
    ["a caller who is a number", { userIdentity: 1 }, { kind: "problem", problem: "no record of CloudTrail" }],
  ] as const) {
    it(`tells ${expected === undefined ? "nothing of" : "of"} ${what}`, () => {
      expect(callOf({ ...RECORD, ...record })).to.deep.equal(expected);
    });
  }

  it("reads the records that others published", () => {
    const folder = "test/fixtures/cloudtrail";
    const told = readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => callOf(JSON.parse(readFileSync(join(folder, name), "utf8"))))
      .map((call) => (call?.kind === "call" ? [call.action, call.session, call.about] : call));
    expect(told).to.deep.equal([
      ["iam:CreateLoginProfile", "access key", "another user"],
      undefined,
      undefined,
      undefined,
      ["iam:CreateAccessKey", "access key", "another user"],
      ["iam:CreateLoginProfile", "access key", "another user"],
      ["iam:CreateUser", "access key", "another user"],
      ["iam:DeleteLoginProfile", "access key", "another user"],
      ["iam:UpdateLoginProfile", "access key", "another user"],
    ]);
  });
});
