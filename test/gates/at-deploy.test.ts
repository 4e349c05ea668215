import { expect } from "chai";
import { type OrganizationDeploy, wordsOfHolding, wordsOfLacking } from "../../gates/at-deploy";
import {
  current,
  DEPLOYER,
  HUB,
  newOrganization,
  SANDBOX,
  type TestOrganization,
  told,
  WORKLOADS,
} from "../support/organization";

const LOG = "require-mfa-organization-1a2b3c4";

describe("a deploy of an organization", () => {
  let organization: TestOrganization;
  let warnings: string[];
  beforeEach(async () => {
    organization = await newOrganization();
    warnings = [];
  });
  afterEach(() => organization.close());

  const deploy = (settings: Partial<OrganizationDeploy["settings"]> = {}, arn = DEPLOYER): OrganizationDeploy => ({
    settings: {
      organizationTargets: [WORKLOADS, SANDBOX],
      organizationEnforceTargets: [WORKLOADS],
      organizationExemptAccounts: [],
      sweepEvery: "rate(1 hour)",
      ...settings,
    },
    stackSet: "require-mfa",
    place: { accountId: HUB, managementAccountId: HUB, isManagement: true },
    isPreview: false,
    config: organization.configuration,
    environment: {},
    provider: Promise.resolve({ accountId: HUB, arn }),
    warn: (message) => warnings.push(message),
  });

  const LACKING = (...lines: readonly string[]) =>
    [
      `the SCP that holds is left as it was, for it would lock people out of ${lines.length === 1 ? "1 account" : `${lines.length} accounts`} without guards as they should be:`,
      ...lines.map((line) => `  ${line}`),
      "  All else is deployed. See why in CloudFormation's StackSet, and run pulumi up again; or name the account in organizationExemptAccounts, or move it to an OU that is no target.",
    ].join("\n");

  describe("before its SCP holds", () => {
    it("finds the guards of every open account below the targets, however deep, and asks for none of a closed one", async () => {
      expect(await wordsOfLacking(deploy())).to.equal(undefined);
      expect(warnings).to.deep.equal([]);
    });

    it("is told which accounts have no stack, or one that is not current, and why", async () => {
      organization.stackSet.instances = [
        ...current("444444444444"),
        { Account: "111111111111", Region: "us-east-1", Status: "OUTDATED", StatusReason: "Account 111111111111 & co" },
        { Account: "222222222222", Region: "eu-west-1", Status: "CURRENT" },
        { Account: "333333333333", Region: "us-east-1", Status: "INOPERABLE" },
      ];
      expect(await wordsOfLacking(deploy())).to.equal(
        LACKING(
          "111111111111 (shop): OUTDATED, Account 111111111111 & co",
          "222222222222 (bank): no stack",
          "333333333333 (deep): INOPERABLE",
        ),
      );
      expect(warnings).to.deep.equal([]);
    });

    it("says of a preview, which changes no stack, how it stands", async () => {
      organization.stackSet.instances = current("111111111111", "222222222222", "444444444444");
      expect(await wordsOfLacking({ ...deploy(), isPreview: true })).to.equal(
        [
          "as it stands the SCP that holds would lock people out of 1 account without guards as they should be:",
          "  333333333333 (deep): no stack",
          "  pulumi up changes the stacks first, and looks again before the SCP holds.",
        ].join("\n"),
      );
    });

    it("asks for no guards of exempt accounts, of its own and of the management account", async () => {
      organization.stackSet.instances = current("222222222222");
      const exempt = ["111111111111", "333333333333", "444444444444"];
      const everywhere = { organizationTargets: ["r-ab12"], organizationEnforceTargets: ["r-ab12"] };
      expect(await wordsOfLacking(deploy({ ...everywhere, organizationExemptAccounts: exempt }))).to.equal(undefined);
    });

    it("is warned alone of accounts below targets in which no SCP holds", async () => {
      organization.stackSet.instances = current("111111111111", "222222222222", "333333333333");
      expect(await wordsOfLacking(deploy())).to.equal(undefined);
      expect(warnings).to.deep.equal([
        "1 account below organizationTargets has no guards as they should be: 444444444444 (play): no stack",
      ]);
    });

    it("takes a StackSet that is not there for one without instances", async () => {
      organization.stackSet.callAs = "DELEGATED_ADMIN";
      expect(await wordsOfLacking(deploy())).to.include("3 accounts without guards");
    });

    it("stops where it can't be told, and is warned where no SCP is to hold", async () => {
      organization.stackSet.failWith = "AccessDenied";
      expect(await wordsOfLacking(deploy())).to.equal(
        "the SCP that holds is left as it was: which accounts have their guards can't be told: AccessDenied for a test",
      );
      expect(warnings).to.deep.equal([]);
      expect(await wordsOfLacking(deploy({ organizationEnforceTargets: [] }))).to.equal(undefined);
      expect(warnings).to.deep.equal(["which accounts have their guards can't be told: AccessDenied for a test"]);
    });

    it("believes no credentials but the AWS provider's", async () => {
      const other = "arn:aws:iam::123456789012:user/alice";
      expect(await wordsOfLacking(deploy({}, other))).to.include(
        `the credentials at hand are those of ${DEPLOYER}, and the AWS provider works as ${other}`,
      );
    });
  });

  describe("that leaves", () => {
    beforeEach(() => {
      organization.stackSet.operations = [
        { Action: "UPDATE", CreationTimestamp: "2026-05-02T10:00:00.000Z" },
        { Action: "CREATE", CreationTimestamp: "2026-05-03T00:00:00.000Z" },
        { Action: "UPDATE", CreationTimestamp: "2026-05-01T00:00:00.000Z" },
      ];
    });

    it("may take the stacks once every open account has told that nobody is held, since the last change", async () => {
      organization.logs.set(
        LOG,
        ["444444444444", "333333333333", "222222222222", "111111111111"].map((id) => told("2026-05-02T11:00:00Z", id)),
      );
      organization.stackSet.instances = [...organization.stackSet.instances, ...current("999999999999")];
      expect(await wordsOfHolding(deploy(), LOG)).to.equal(undefined);
    });

    it("names who has told nothing since, and takes no other event for it", async () => {
      organization.logs.set(LOG, [
        told("2026-05-02T09:59:59Z", "111111111111"),
        told("2026-05-02T10:00:00Z", "222222222222"),
        told("2026-05-02T11:00:00Z", "333333333333", "User Freed, Nobody Held"),
        told("2026-05-02T11:00:00Z", "444444444444", "Nobody Held", "somebody-else"),
        { timestamp: Date.parse("2026-05-02T11:00:00Z"), message: "Nobody Held" },
      ]);
      expect(await wordsOfHolding(deploy(), LOG)).to.equal(
        [
          "mode off was sent everywhere, and 3 of 4 accounts have not told yet that nobody is held there: 111111111111, 333333333333, 444444444444.",
          "  Their stacks stay, protected. Each tells by its next sweep (sweepEvery is rate(1 hour)): run pulumi up again then.",
        ].join("\n"),
      );
    });

    it("says of a preview where pulumi up would stop", async () => {
      organization.logs.set(LOG, []);
      organization.stackSet.instances = current("111111111111");
      expect(await wordsOfHolding({ ...deploy(), isPreview: true }, LOG)).to.match(
        /^pulumi up sends mode off everywhere and stops then, for 1 of 1 accounts have not told yet that nobody is held there: 111111111111\.\n/,
      );
    });

    it("waits for nobody where there are no stacks", async () => {
      organization.stackSet.instances = [];
      expect(await wordsOfHolding(deploy(), LOG)).to.equal(undefined);
    });

    it("leaves the stacks where it can't be told", async () => {
      expect(await wordsOfHolding(deploy(), LOG)).to.equal(
        "whether anybody is held in the accounts can't be told, so their stacks stay, protected: The specified log group does not exist.",
      );
    });
  });
});
