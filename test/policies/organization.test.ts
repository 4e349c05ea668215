import { readFileSync } from "node:fs";
import { expect } from "chai";
import { ALL_SETTINGS, settingsWith } from "../../audit/settings";
import { MODES } from "../../core/modes";
import { PARTITIONS } from "../../core/partitions";
import type { PolicyDocument, Statement } from "../../policies/document";
import { type Organization, organizationDoor, organizationPolicies } from "../../policies/organization";
import { SCP_QUOTA } from "../../policies/quotas";
import { REASONS } from "../../policies/reasons";
import { compile, evaluate, type RequestContext } from "../../policy-language/evaluator";
import { charactersOf, problemsIn } from "../../policy-language/lint";
import { HOLDING_MODES, holdingOf, ORGANIZATION, organizationIn } from "./matrix/organization";

const allOf = (organization: Partial<Organization>): readonly (readonly [string, PolicyDocument])[] =>
  Object.entries(organizationPolicies({ ...ORGANIZATION, ...organization }));

/** Every way to hold, in every partition, with somebody exempt of each kind and a day. */
const EVERY_DOCUMENT = PARTITIONS.flatMap((partition) => {
  return HOLDING_MODES.flatMap((mode) =>
    ALL_SETTINGS.flatMap((settings) =>
      allOf({ ...organizationIn(partition), mode, settings, exemptPaths: ["/robots/"] }).map(([name, document]) => {
        return { name, partition, document };
      }),
    ),
  );
});

describe("the SCPs of an organization", () => {
  it("have no fault that the lint knows and at most 5,120 characters, by any setting in any partition", async () => {
    expect(EVERY_DOCUMENT).to.have.lengthOf(3 * 2 * 32 * 3);
    const distinct = [...new Map(EVERY_DOCUMENT.map((each) => [JSON.stringify(each.document), each])).values()];
    const problems = distinct.map(({ name, partition, document }) =>
      problemsIn(document, { name, partition, characters: 5_120, sids: Object.keys(REASONS) }),
    );
    expect((await Promise.all(problems)).flat()).to.deep.equal([]);
  });

  it("are two in the modes that hold by a device or nobody, and with dryRun; three in the others", () => {
    const names = (organization: Partial<Organization>) => allOf(organization).map(([name]) => name);
    expect(MODES.map((mode) => [mode, names({ mode })])).to.deep.equal([
      ["quarantine", ["tampering", "exemptions"]],
      ["conditional-deny", ["holding", "tampering", "exemptions"]],
      ["strict", ["holding", "tampering", "exemptions"]],
      ["off", ["tampering", "exemptions"]],
    ]);
    expect(names({ dryRun: true })).to.deep.equal(["tampering", "exemptions"]);
  });

  it("hold under the widest door of the mode's guards", () => {
    const actions = (mode: Organization["mode"], ...on: Parameters<typeof settingsWith>[0]) =>
      organizationDoor({ mode, settings: settingsWith(on) }).map(({ action }) => action);
    const conditional = [
      "iam:GetUser",
      "iam:ListMFADevices",
      "iam:GetMFADevice",
      "iam:ResyncMFADevice",
      "iam:ListVirtualMFADevices",
      "iam:GetAccountSummary",
      "iam:CreateVirtualMFADevice",
      "iam:EnableMFADevice",
      "sts:GetSessionToken",
      "signin:Authenticate",
      "signin:AuthorizeOAuth2Access",
      "signin:CreateOAuth2Token",
    ];
    const password = ["iam:ChangePassword", "iam:GetAccountPasswordPolicy"];
    expect(actions("conditional-deny")).to.have.members(conditional);
    expect(actions("strict")).to.have.members([...conditional, ...password]);
    expect(actions("conditional-deny", "passwordChangeWithoutMfa")).to.have.members([...conditional, ...password]);
    const usersPage = ["iam:ListUsers", "iam:ListAccountAliases"];
    expect(actions("strict", "usersPage")).to.have.members([...conditional, ...password, ...usersPage]);
    expect(actions("quarantine")).to.deep.equal([]);
  });

  it("ask in each statement that holds for an IAM user, without whom ${aws:username} has no value", () => {
    for (const mode of HOLDING_MODES) {
      for (const { Condition, Sid } of holdingOf({ mode, settings: settingsWith(["spareServiceCalls"]) }).Statement)
        expect(Condition?.ArnLike, Sid).to.deep.equal({ "aws:PrincipalArn": "arn:aws:iam::*:user/*" });
    }
    const naming = EVERY_DOCUMENT.flatMap(({ document }) => document.Statement).filter((statement: Statement) =>
      JSON.stringify(statement).includes("${aws:username}"),
    );
    expect([...new Set(naming.map(({ Sid }) => Sid))]).to.deep.equal(["DenyOtherUsersCredentials"]);
  });

  it("drop a key of which there is nothing to say, for an empty list matches nobody or everybody", () => {
    const [statement] = holdingOf({
      exemptUsers: [],
      exemptPaths: [],
      exemptAccounts: [],
      enforceFrom: "none",
    }).Statement;
    expect(statement?.Condition).to.deep.equal({
      ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" },
      BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
    });
    const [full] = holdingOf().Statement;
    expect(full?.Condition).to.deep.equal({
      ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" },
      ArnNotLike: {
        "aws:PrincipalArn": [
          "arn:aws:iam::*:user/robot",
          "arn:aws:iam::*:user/*/robot",
          "arn:aws:iam::*:user/robots/*",
          "arn:aws:iam::*:user/${$}x/*",
        ],
      },
      StringNotEquals: { "aws:PrincipalAccount": ["555555555555"] },
      DateGreaterThanEquals: { "aws:CurrentTime": "2027-02-01T00:00:00Z" },
      BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
    });
  });

  it("have room for two exempt users by name or four paths whatever the settings, and for six or twelve at few", () => {
    const names = (count: number) => ({
      exemptUsers: Array.from({ length: count }, (_, index) => `break-${index}`),
      exemptPaths: [],
    });
    const paths = (count: number) => ({
      exemptUsers: [],
      exemptPaths: Array.from({ length: count }, (_, index) => `/robots-${index}/`),
    });
    const most = (exempt: Partial<Organization>) =>
      Math.max(
        ...PARTITIONS.flatMap((partition) =>
          ALL_SETTINGS.map((settings) => charactersOf(holdingOf({ ...exempt, partition, settings }))),
        ),
      );
    const few = { exemptAccounts: [], enforceFrom: "none", settings: settingsWith(["selfService"]) } as const;
    expect(most(names(2))).to.be.at.most(SCP_QUOTA);
    expect(most(paths(4))).to.be.at.most(SCP_QUOTA);
    expect(charactersOf(holdingOf({ ...few, ...names(6) }))).to.be.at.most(SCP_QUOTA);
    expect(charactersOf(holdingOf({ ...few, ...paths(12) }))).to.be.at.most(SCP_QUOTA);
    const documented = readFileSync("docs/organization.md", "utf8");
    expect(documented).to.include(
      "two exempt users by name or four paths whatever the settings, and for six or twelve",
    );
  });
});

// What peers publish

const ALLOW_ALL = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** Tamnoon's AWSMFAEnforce, cut down to its statement about IAM users. */
const TAMNOON = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "DenyAllExceptListedIfNoMFA",
      Effect: "Deny",
      NotAction: [
        "iam:CreateVirtualMFADevice",
        "iam:ChangePassword",
        "iam:EnableMFADevice",
        "iam:GetUser",
        "iam:ListMFADevices",
        "iam:ListVirtualMFADevices",
        "iam:ResyncMFADevice",
        "sts:GetSessionToken",
      ],
      Resource: "*",
      Condition: {
        Bool: { "aws:MultiFactorAuthPresent": "false" },
        ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" },
      },
    },
  ],
};

/** AWS's example for users, taken for an SCP as it stands. */
const AWS_EXAMPLE = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "DenyAllExceptListedIfNoMFA",
      Effect: "Deny",
      NotAction: ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser", "sts:GetSessionToken"],
      Resource: "*",
      Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    },
  ],
};

const ALICE: RequestContext = {
  "aws:PrincipalArn": "arn:aws:iam::123456789012:user/alice",
  "aws:PrincipalAccount": "123456789012",
  "aws:username": "alice",
  "aws:CurrentTime": "2027-02-01T00:00:00Z",
  "aws:ViaAWSService": "false",
};
const CONSOLE = { "aws:MultiFactorAuthPresent": "false" };
const ROLE: RequestContext = {
  "aws:PrincipalArn": "arn:aws:iam::123456789012:role/app",
  "aws:PrincipalAccount": "123456789012",
  "aws:CurrentTime": "2027-02-01T00:00:00Z",
  "aws:ViaAWSService": "false",
};
const OBJECT = "arn:aws:s3:::payroll/2027.csv";
const BOB = "arn:aws:iam::123456789012:user/bob";
const OWN = "arn:aws:iam::123456789012:user/alice";

/** Whether it is open under the SCP to a caller whom all else allows everything. */
const isOpen = (scp: unknown, action: string, resource: string, context: RequestContext) =>
  evaluate(compile([scp, ALLOW_ALL]), { action, resource, context }).allowed;

describe("a published SCP that asks for MFA", () => {
  it("lets bare access keys through by Bool, and ours does not", () => {
    expect(isOpen(TAMNOON, "s3:GetObject", OBJECT, ALICE)).to.equal(true);
    expect(isOpen(TAMNOON, "iam:CreateAccessKey", BOB, ALICE)).to.equal(true);
    expect(isOpen(TAMNOON, "iam:EnableMFADevice", OWN, ALICE)).to.equal(true);
    expect(isOpen(holdingOf(), "s3:GetObject", OBJECT, ALICE)).to.equal(false);
    expect(isOpen(holdingOf(), "iam:CreateAccessKey", BOB, ALICE)).to.equal(false);
    expect(isOpen(holdingOf(), "iam:EnableMFADevice", OWN, ALICE)).to.equal(false);
  });

  it("lets an administrator without MFA enrol for others, and ours does not", () => {
    expect(isOpen(TAMNOON, "iam:EnableMFADevice", BOB, { ...ALICE, ...CONSOLE })).to.equal(true);
    expect(isOpen(holdingOf(), "iam:EnableMFADevice", BOB, { ...ALICE, ...CONSOLE })).to.equal(false);
    expect(isOpen(holdingOf(), "iam:EnableMFADevice", OWN, { ...ALICE, ...CONSOLE })).to.equal(true);
  });

  it("shuts the details of a passkey to who enrols, and ours does not", () => {
    expect(isOpen(TAMNOON, "iam:GetMFADevice", OWN, { ...ALICE, ...CONSOLE })).to.equal(false);
    expect(isOpen(holdingOf(), "iam:GetMFADevice", OWN, { ...ALICE, ...CONSOLE })).to.equal(true);
  });

  it("refuses roles everything where it does not ask for an IAM user, and ours does not", () => {
    expect(isOpen(AWS_EXAMPLE, "s3:GetObject", OBJECT, { ...ROLE, ...CONSOLE })).to.equal(false);
    expect(isOpen(AWS_EXAMPLE, "s3:GetObject", OBJECT, ROLE)).to.equal(false);
    expect(isOpen(holdingOf(), "s3:GetObject", OBJECT, { ...ROLE, ...CONSOLE })).to.equal(true);
    expect(isOpen(holdingOf(), "s3:GetObject", OBJECT, ROLE)).to.equal(true);
  });
});

describe("a way past an organization's SCPs", () => {
  const { tampering, exemptions } = organizationPolicies(ORGANIZATION);
  const admin = { ...ROLE, "aws:PrincipalArn": "arn:aws:iam::123456789012:role/admin" };
  const iam = (resource: string) => `arn:aws:iam::123456789012:${resource}`;
  const isShut = (action: string, resource: string, context: RequestContext = admin) =>
    !isOpen(tampering, action, resource, context) || !isOpen(exemptions, action, resource, context);

  const shut: readonly (readonly [way: string, action: string, ...(readonly string[])])[] = [
    ["a role made under a deploy role's name", "iam:CreateRole", iam("role/release"), iam("role/ci/deploy")],
    ["a deploy role made again, for another trust", "iam:DeleteRole", iam("role/release")],
    ["a deploy role's trust", "iam:UpdateAssumeRolePolicy", iam("role/release")],
    ["a deploy role passed to a service", "iam:PassRole", iam("role/release"), iam("role/ci/deploy")],
    ["a role made under StackSets' name", "iam:CreateRole", iam("role/stacksets-exec-x")],
    ["the trust of StackSets' role", "iam:UpdateAssumeRolePolicy", iam("role/stacksets-exec-0123")],
    ["StackSets' role passed to a stack of one's own", "iam:PassRole", iam("role/stacksets-exec-0123")],
    [
      "a stack of a StackSet, which has StackSets' role",
      "cloudformation:UpdateStack",
      "arn:aws:cloudformation:us-east-1:123456789012:stack/StackSet-x-0123/0123",
    ],
    [
      "the handler's role given to another function",
      "iam:PassRole",
      iam("role/require-mfa/organization/require-mfa-handler"),
    ],
    [
      "a function made under the handler's name",
      "lambda:CreateFunction",
      "arn:aws:lambda:eu-west-1:123456789012:function:require-mfa-handler",
    ],
    ["a user made under an exempt name", "iam:CreateUser", iam("user/robot"), iam("user/x/robot")],
    ["a user made at an exempt path", "iam:CreateUser", iam("user/robots/x"), iam("user/robots/x/y")],
    // Of a rename IAM asks about the new name and path too.
    [
      "a user renamed to an exempt one, or moved to the path",
      "iam:UpdateUser",
      iam("user/robot"),
      iam("user/robots/alice"),
    ],
    ["a password for an exempt user", "iam:CreateLoginProfile", iam("user/robot")],
    ["another password for an exempt user", "iam:UpdateLoginProfile", iam("user/robots/x")],
    ["an access key for an exempt user", "iam:CreateAccessKey", iam("user/robot"), iam("user/robots/x")],
    ["a service's password for an exempt user", "iam:ResetServiceSpecificCredential", iam("user/robot")],
  ];
  for (const [way, action, ...resources] of shut) {
    it(`is not ${way}`, () => {
      for (const resource of resources) expect(isShut(action, resource), resource).to.equal(true);
    });
  }

  it("is not StackSets' role for a deploy role, nor its own to change for itself", () => {
    for (const principal of ["role/release", "role/stacksets-exec-0123"]) {
      const context = { ...admin, "aws:PrincipalArn": iam(principal) };
      expect(isShut("iam:CreateRole", iam("role/stacksets-exec-x"), context)).to.equal(true);
      expect(isShut("iam:PassRole", iam("role/require-mfa/organization/require-mfa-handler"), context)).to.equal(false);
    }
  });

  it("is left to whoever deletes a user", () => {
    expect(isShut("iam:RemoveUserFromGroup", iam("group/require-mfa/organization/require-mfa-sealed"))).to.equal(false);
    expect(isShut("iam:DetachUserPolicy", iam("user/alice"))).to.equal(false);
  });
});
