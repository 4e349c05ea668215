import { expect } from "chai";
import { GUARD_NAMES, type GuardName } from "../../core/guards";
import { DEFAULT_SETTINGS, type PolicySettings } from "../../core/settings";
import type { UserCall } from "../../evidence/call-of";
import { judgeBy } from "../../evidence/judge";
import { GUARD_POLICIES } from "../../policies/guard-policies";

const KEY: UserCall = {
  kind: "call",
  account: "123456789012",
  user: "alice",
  arn: undefined,
  day: "2026-11-20",
  service: "s3",
  action: "s3:GetBucketAcl",
  partition: "aws",
  session: "access key",
  through: undefined,
  about: "own user",
  wasRefused: false,
};
const WITHOUT: UserCall = { ...KEY, session: "session without MFA" };
const WITH: UserCall = { ...KEY, session: "session with MFA" };

/** [what is called, the guard, the settings that are on beside the default, whether it is refused]. */
const CASES: readonly (readonly [string, UserCall, GuardName, Partial<PolicySettings>, boolean])[] = [
  ["S3 by key", KEY, "conditional", {}, true],
  ["S3 without MFA", WITHOUT, "conditional", {}, true],
  ["S3 with MFA", WITH, "conditional", {}, false],
  ["S3 with MFA", WITH, "quarantine", {}, true],
  ["S3 by key", { ...KEY, partition: "aws-cn" }, "sealed", {}, true],
  ["what no action is called", { ...KEY, action: "unknown:Unknown" }, "conditional", {}, true],
  ["becoming a role by key", { ...KEY, action: "sts:AssumeRole" }, "conditional", {}, true],
  ["asking who one is", { ...KEY, action: "sts:GetCallerIdentity" }, "quarantine", {}, false],
  ["a session by key", { ...KEY, action: "sts:GetSessionToken" }, "conditional", {}, false],
  ["enrolling by key", { ...KEY, action: "iam:EnableMFADevice" }, "conditional", {}, true],
  ["enrolling by key", { ...KEY, action: "iam:EnableMFADevice" }, "conditional", { enrolmentByAccessKey: true }, false],
  ["enrolling in the console", { ...WITHOUT, action: "iam:EnableMFADevice" }, "conditional", {}, false],
  ["enrolling in the console", { ...WITHOUT, action: "iam:EnableMFADevice" }, "sealed", {}, true],
  [
    "enrolling for another",
    { ...WITHOUT, action: "iam:EnableMFADevice", about: "another user" },
    "conditional",
    {},
    true,
  ],
  [
    "enrolling through a service",
    { ...WITH, action: "iam:EnableMFADevice", through: "service" },
    "conditional",
    {},
    true,
  ],
  ["S3 through a service", { ...KEY, through: "service" }, "conditional", {}, true],
  ["S3 through a service", { ...KEY, through: "service" }, "conditional", { spareServiceCalls: true }, false],
  ["S3 through the MCP server", { ...KEY, through: "proxy" }, "conditional", { spareServiceCalls: true }, true],
];

describe("judgeBy", () => {
  for (const [what, call, guard, on, expected] of CASES) {
    const settings = Object.keys(on);
    it(`${expected ? "refuses" : "lets through"} ${what} in ${guard}${settings.length > 0 ? ` with ${settings}` : ""}`, () => {
      expect(judgeBy({ ...DEFAULT_SETTINGS, ...on })(call, guard)).to.equal(expected);
    });
  }

  it("may leave other services' actions unnamed, for the guards leave none of them open", () => {
    const open = GUARD_NAMES.flatMap((guard) => GUARD_POLICIES[guard](DEFAULT_SETTINGS, "aws").Statement).flatMap(
      (statement) => ("NotAction" in statement ? statement.NotAction : []),
    );
    expect([...new Set(open.map((action) => action.split(":")[0]))].sort()).to.deep.equal(["iam", "signin", "sts"]);
  });
});
