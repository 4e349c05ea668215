import { readFileSync } from "node:fs";
import { expect } from "chai";
import { ALL_SETTINGS, type SettingName, settingsWith } from "../../audit/settings";
import type { Partition } from "../../core/partitions";
import type { PolicySettings } from "../../core/settings";
import { sealedPolicy } from "../../policies/conditional";
import { DEPLOYER_POLICIES, ORGANIZATION_DEPLOYER_POLICIES } from "../../policies/deployer";
import { type PolicyDocument, policyDocument } from "../../policies/document";
import { GUARD_POLICIES } from "../../policies/guard-policies";
import { handlerLogPolicy, handlerRolePolicy } from "../../policies/handler-role";
import { organizationPolicies, REFUSES_NOTHING } from "../../policies/organization";
import { PROTECTIONS } from "../../policies/protect";
import { quarantinePolicy } from "../../policies/quarantine";
import { REASONS } from "../../policies/reasons";
import { toldRolePolicy } from "../../policies/told-role";
import { ORGANIZATION } from "./matrix/organization";
import { IMPACT_CALLS } from "./provider-calls";

const EVERY_GUARD_DOCUMENT: readonly (readonly [string, PolicyDocument])[] = ALL_SETTINGS.flatMap((settings) =>
  Object.entries(GUARD_POLICIES).map(([guard, policy]) => [guard, policy(settings, "aws")] as const),
);

const ROLE = handlerRolePolicy({
  partition: "aws",
  groupArns: ["arn:aws:iam::123456789012:group/g"],
  policyArns: ["arn:aws:iam::123456789012:policy/p"],
  functionArn: "arn:aws:lambda:us-east-1:123456789012:function:f",
});

const LOG = handlerLogPolicy({
  logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:l",
  failedQueueArn: "arn:aws:sqs:us-east-1:123456789012:q",
});

const sids = ({ Statement }: PolicyDocument) => Statement.map(({ Sid }) => Sid);
describe("the guards' policies", () => {
  it("never name LoginProfile writes, device removals or new access keys in a NotAction, nor NotAction beside NotResource", () => {
    for (const [title, document] of EVERY_GUARD_DOCUMENT) {
      for (const statement of document.Statement) {
        if (!("NotAction" in statement)) continue;
        expect(statement, title).to.not.have.property("NotResource");
        expect(JSON.stringify(statement.NotAction), title).to.not.match(
          /LoginProfile|DeactivateMFADevice|DeleteVirtualMFADevice|CreateAccessKey|\*/,
        );
      }
    }
  });

  it("differ by their settings as the door says", () => {
    const names = (policy: (settings: PolicySettings, partition: Partition) => PolicyDocument, ...on: SettingName[]) =>
      sids(policy(settingsWith(on), "aws"));
    expect(names(quarantinePolicy)).to.deep.equal([
      "AllowTheDoorOnOnesOwnUser",
      "AllowTheDoorOnDevices",
      "AllowTheDoorOnEverything",
      "DenyEverythingButTheDoor",
      "DenyOtherUsersCredentials",
      "DenyEnrolmentThroughAService",
      "DenyEnrolmentThroughAProxy",
      "DenySignInTokensBeyondTheConsole",
      "DenyTheDoorByAccessKey",
    ]);
    expect(names(sealedPolicy, "enrolmentByAccessKey")).to.deep.equal([
      "AllowTheDoorOnOnesOwnUser",
      "AllowTheDoorOnEverything",
      "BlockMostAccessUnlessSignedInWithMFA",
      "DenyOtherUsersCredentials",
      "DenyEnrolmentThroughAService",
      "DenyEnrolmentThroughAProxy",
      "DenySignInTokensBeyondTheConsole",
    ]);
    expect(names(sealedPolicy, "selfService", "spareServiceCalls")).to.deep.equal([
      "AllowTheDoorOnOnesOwnUser",
      "AllowTheDoorOnEverything",
      "BlockMostAccessUnlessSignedInWithMFA",
      "DenyOtherUsersCredentials",
      "DenyEnrolmentThroughAService",
      "DenyEnrolmentThroughAProxy",
      "DenySignInTokensBeyondTheConsole",
      "DenyTheDoorByAccessKey",
      "AllowReadingThePasswordPolicy",
      "AllowIndividualUserToSeeAndManageOnlyTheirOwnAccountInformation",
      "AllowIndividualUserToManageTheirOwnMFA",
      "AllowIndividualUserToDeactivateOnlyTheirOwnMFAOnlyWhenUsingMFA",
      "DenyProxiesUnlessSignedInWithMFA",
    ]);
  });
});

/** The Sids of all statements that are written anywhere, each once. */
const WRITTEN = [...new Set([...EVERY_GUARD_DOCUMENT.map(([, document]) => document), ROLE, LOG].flatMap(sids))];

/** The Sids of what protects a stack, each once. */
const PROTECTING = [
  ...new Set(
    Object.values(PROTECTIONS).flatMap((document) =>
      sids(document({ partition: "aws", component: "require-mfa", deployRoles: ["arn:aws:iam::*:role/deploy"] })),
    ),
  ),
];

/** The Sids of what who deploys may do. */
const DEPLOYING = Object.values({ ...DEPLOYER_POLICIES, ...ORGANIZATION_DEPLOYER_POLICIES }).flatMap((policy) =>
  sids(policy({ partition: "aws", account: "123456789012", stack: "dev", component: "require-mfa" })),
);

/** The Sids of what an organization's SCPs have of their own. */
const OF_AN_ORGANIZATION = [...Object.values(organizationPolicies(ORGANIZATION)), REFUSES_NOTHING]
  .flatMap((document: PolicyDocument) => sids(document))
  .filter((sid) => ![...WRITTEN, ...PROTECTING].includes(sid));

/** The Sids of the role by which EventBridge sends on what is told in an organization's account. */
const SENDING_ON = sids(toldRolePolicy("arn:aws:events:us-east-1:111122223333:event-bus/require-mfa"));

describe("the reasons", () => {
  it("are one sentence each, fit for a table, and no statement is without", () => {
    expect(Object.keys(REASONS).sort()).to.deep.equal(
      [...WRITTEN, ...PROTECTING, ...OF_AN_ORGANIZATION, ...SENDING_ON, ...DEPLOYING].sort(),
    );
    for (const [sid, reason] of Object.entries(REASONS)) expect(reason, sid).to.match(/^[A-Z][^|\n.]+\.$/);
    // @ts-expect-error A statement without a reason does not compile.
    policyDocument({ Sid: "DenyForNoReason", Effect: "Deny", Action: "*", Resource: "*" });
  });
});

describe("docs/policies.md", () => {
  const text = readFileSync("docs/policies.md", "utf8");

  it("has a heading for each Sid and no other", () => {
    const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings.sort()).to.deep.equal([...WRITTEN].sort());
  });
});

describe("docs/protect.md", () => {
  it("has a heading for each Sid of what protects a stack, and no other", () => {
    const text = readFileSync("docs/protect.md", "utf8");
    const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings.sort()).to.deep.equal([...PROTECTING].sort());
  });
});

describe("docs/organization.md", () => {
  it("has a heading for each Sid of an organization's own, in their order", () => {
    const text = readFileSync("docs/organization.md", "utf8");
    const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).to.deep.equal([...OF_AN_ORGANIZATION, ...SENDING_ON]);
  });
});

describe("docs/pull-requests.md", () => {
  const text = readFileSync("docs/pull-requests.md", "utf8");

  it("has a heading for each Sid of who deploys, in their order", () => {
    const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).to.deep.equal(DEPLOYING);
  });

  it("names the variables, secrets and environments of the workflows, and trusts those environments", () => {
    const workflows = ["preview", "up"].map((name) => readFileSync(`.github/workflows/${name}.yml`, "utf8")).join("\n");
    const names = [...workflows.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name]) => String(name));
    for (const name of new Set(names)) expect(text).to.include(`\`${name}\``);
    const environments = [...workflows.matchAll(/^ {4}environment: (\w+)$/gm)].map(([, name]) => name);
    expect(environments).to.deep.equal(["preview", "production"]);
    for (const name of environments) expect(text).to.include(`repo:OWNER/REPOSITORY:environment:${name}`);
  });
});

describe("docs/impact.md", () => {
  it("lets a preview read for its report what the role for previews may", () => {
    const [, policy = ""] = /\n```json\n(\{[\s\S]*?\n\})\n```\n/.exec(readFileSync("docs/impact.md", "utf8")) ?? [];
    const actions = Object.values(IMPACT_CALLS).flat();
    expect(JSON.parse(policy).Statement[0].Action.toSorted()).to.deep.equal([...new Set(actions)].sort());
  });
});
