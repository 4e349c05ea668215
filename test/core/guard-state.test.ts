import { expect } from "chai";
import { brokenInWords, faultsOf, type GuardFault, type GuardState, groupArnOf } from "../../core/guard-state";

const REF = { group: "mfa-quarantine", policyArn: "arn:aws-cn:iam::123456789012:policy/require-mfa/dev/mfa-policy" };
const WELL: GuardState = { group: "ours", policies: [REF.policyArn], inlinePolicies: [], policyDigest: "digest" };

describe("a guard's state", () => {
  it("knows the group's ARN by the path of the policy", () => {
    expect(groupArnOf(REF)).to.equal("arn:aws-cn:iam::123456789012:group/require-mfa/dev/mfa-quarantine");
  });

  const cases: readonly (readonly [string, Partial<GuardState>, readonly string[]])[] = [
    ["nothing where it is what was deployed", {}, []],
    ["nothing where IAM spells the policy's ARN in other letters", { policies: [REF.policyArn.toUpperCase()] }, []],
    ["a policy that is off its group", { policies: [] }, [`policy-detached ${REF.policyArn}`]],
    ["another content", { policyDigest: "another" }, [`policy-changed ${REF.policyArn}`]],
    [
      "a policy that is gone, and so off its group",
      { policyDigest: undefined, policies: [] },
      [`policy-gone ${REF.policyArn}`, `policy-detached ${REF.policyArn}`],
    ],
    ["a group that is gone", { group: "gone", policies: [] }, ["group-gone mfa-quarantine"]],
    ["another group of its name", { group: "elsewhere", policies: [] }, ["group-elsewhere mfa-quarantine"]],
    [
      "policies that are not ours, each",
      { policies: ["arn:aws:iam::aws:policy/AdministratorAccess", REF.policyArn], inlinePolicies: ["allow", "more"] },
      ["foreign-policy arn:aws:iam::aws:policy/AdministratorAccess", "inline-policy allow", "inline-policy more"],
    ],
  ];
  for (const [title, state, expected] of cases) {
    it(`shows ${title}`, () => {
      const faults = faultsOf("quarantine", REF, "digest", { ...WELL, ...state });
      expect(faults.map(({ fault, what }) => `${fault} ${what}`)).to.deep.equal(expected);
      expect(faults.every(({ guard }) => guard === "quarantine")).to.equal(true);
    });
  }

  it("is told in words, with the way to mend it", () => {
    const faults: readonly GuardFault[] = [
      { guard: "sealed", fault: "group-elsewhere", what: "mfa-sealed" },
      { guard: "sealed", fault: "inline-policy", what: "allow" },
    ];
    expect(brokenInWords(faults)).to.equal(
      "the group of sealed is gone, and another of its name, mfa-sealed, stands under another path; " +
        "the group of sealed has an inline policy, allow; pulumi up --refresh makes it what was deployed",
    );
  });

  it("has words of its own for each fault", () => {
    const told = (fault: GuardFault["fault"], what: string) => brokenInWords([{ guard: "sealed", fault, what }]);
    const asDeployed = "; pulumi up --refresh makes it what was deployed";
    expect([
      told("group-gone", "mfa-sealed"),
      told("policy-gone", "an ARN"),
      told("policy-changed", "an ARN"),
      told("policy-detached", "an ARN"),
      told("policy-elsewhere", "developers"),
      told("foreign-policy", "an ARN"),
      told("unreadable", "AccessDenied"),
    ]).to.deep.equal([
      `the group of sealed, mfa-sealed, is gone${asDeployed}`,
      `the policy of sealed, an ARN, is gone${asDeployed}`,
      `the policy of sealed, an ARN, is not the one that was deployed${asDeployed}`,
      `the policy of sealed, an ARN, is not attached to its group${asDeployed}`,
      `the policy of sealed is attached to developers, which is no guard's group${asDeployed}`,
      `a policy that is not ours, an ARN, is attached to the group of sealed${asDeployed}`,
      `sealed could not be verified: AccessDenied${asDeployed}`,
    ]);
  });
});
