import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { LimitExceededError, NoSuchEntityError } from "../../handler/iam/iam";
import { ALLOW_ALL, api, type Case, had, newPolicy, QUOTAS } from "./case";
import { enabledDevice } from "./devices";

/** What a call of a port throws, by its class. */
async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "nothing is thrown",
    (error: unknown) => (error instanceof Error ? error.name : error),
  );
}

const GONE = new NoSuchEntityError().name;
const FULL = new LimitExceededError().name;

export const PORT_CASES: readonly Case[] = [
  {
    title: "of a user they read devices, password, groups, policies, path and id",
    page: api("GetUser"),
    holds: async ({ iam, port }) => {
      const { User } = await iam.createUser({ UserName: "alice", Path: "/eng/" });
      const { Group } = await iam.createGroup({ GroupName: "web" });
      const PolicyArn = await newPolicy(iam, "all");
      const SerialNumber = await enabledDevice(iam, "alice", "phone");
      await iam.createLoginProfile({ UserName: "alice", Password: "correct-Horse-7-battery" });
      await port.addUserToGroup("alice", "web");
      await port.attachUserPolicy("alice", PolicyArn);
      expect((await port.listMfaDevices("alice")).map(({ serialNumber }) => serialNumber)).to.deep.equal([
        SerialNumber,
      ]);
      expect((await port.getLoginProfile("alice"))?.createdAt).to.be.an.instanceOf(Date);
      expect(await port.listGroupsForUser("alice")).to.deep.equal([{ name: "web", arn: Group?.Arn }]);
      expect(await port.listAttachedUserPolicies("alice")).to.deep.equal([PolicyArn]);
      expect(await port.getUser("alice")).to.include({ id: User?.UserId, path: "/eng/" });
      await port.removeUserFromGroup("alice", "web");
      await port.detachUserPolicy("alice", PolicyArn);
      expect(await port.listGroupsForUser("alice")).to.deep.equal([]);
      expect(await port.listAttachedUserPolicies("alice")).to.deep.equal([]);
    },
  },
  {
    title: "of a guard they read ARN, policies, and the document in force to the letter",
    page: api("GetPolicyVersion"),
    holds: async ({ iam, port }) => {
      const { Group } = await iam.createGroup({ GroupName: "web", Path: "/require-mfa/dev/" });
      const PolicyArn = await newPolicy(iam, "all");
      await port.attachGroupPolicy("web", PolicyArn);
      await iam.putGroupPolicy({ GroupName: "web", PolicyName: "theirs", PolicyDocument: ALLOW_ALL });
      expect(await port.getGroupArn("web")).to.equal(had(Group?.Arn, "Arn"));
      expect(await port.listAttachedGroupPolicies("web")).to.deep.equal([PolicyArn]);
      expect(await port.listGroupPolicies("web")).to.deep.equal(["theirs"]);
      expect(await port.getPolicyDocument(PolicyArn, await port.getDefaultPolicyVersion(PolicyArn))).to.equal(
        ALLOW_ALL,
      );
    },
  },
  {
    title: "who is not there is told apart from who has no password only by the other reads",
    page: api("GetLoginProfile"),
    holds: async ({ iam, port }) => {
      await iam.createUser({ UserName: "alice" });
      expect(await port.getLoginProfile("alice")).to.equal(undefined);
      expect(await port.getLoginProfile("mallory")).to.equal(undefined);
      for (const read of [port.listMfaDevices, port.listGroupsForUser, port.listAttachedUserPolicies, port.getUser]) {
        expect(await errorOf(read("mallory"))).to.equal(GONE);
      }
    },
  },
  {
    title: "a full quota of groups or policies is told as such",
    page: QUOTAS,
    holds: async ({ iam, port }) => {
      await iam.createUser({ UserName: "alice" });
      for (let number = 1; number <= 11; number++) await iam.createGroup({ GroupName: `web-${number}` });
      for (let number = 1; number <= 10; number++) await port.addUserToGroup("alice", `web-${number}`);
      expect(await errorOf(port.addUserToGroup("alice", "web-11"))).to.equal(FULL);
    },
  },
  {
    title: "the account's details come page by page until all are there",
    page: api("GetAccountAuthorizationDetails"),
    holds: async ({ iam, port }) => {
      for (const UserName of ["alice", "bob", "carol"]) await iam.createUser({ UserName });
      await iam.createGroup({ GroupName: "web" });
      const names: string[] = [];
      let marker: string | undefined;
      do {
        const page = await port.getAccountAuthorizationDetails(marker);
        names.push(...page.users.map(({ name }) => name), ...page.groups.map(({ name }) => name));
        marker = page.marker;
      } while (marker !== undefined);
      expect(names).to.have.members(["alice", "bob", "carol", "web"]);
    },
  },
  {
    title: "a credential report is absent, then there",
    page: api("GetCredentialReport"),
    holds: async ({ port }) => {
      expect(await port.getCredentialReport()).to.equal("absent");
      await port.generateCredentialReport();
      for (let left = 100; left > 0 && (await port.getCredentialReport()) === "in progress"; left--)
        await setTimeout(20);
      const report = await port.getCredentialReport();
      expect(report)
        .to.have.property("content")
        .that.matches(/^user,arn,user_creation_time,/);
    },
  },
  {
    title: "a preview learns who has an authenticator app",
    page: api("ListVirtualMFADevices"),
    holds: async ({ iam, more }) => {
      for (const UserName of ["alice", "bob"]) await iam.createUser({ UserName });
      await enabledDevice(iam, "alice", "phone");
      expect(await more.listUsersWithApps()).to.deep.equal(["alice"]);
    },
  },
  {
    title: "a preview learns who has credentials for one service",
    page: api("ListServiceSpecificCredentials"),
    holds: async ({ iam, more }) => {
      await iam.createUser({ UserName: "alice" });
      await iam.createServiceSpecificCredential({ UserName: "alice", ServiceName: "codecommit.amazonaws.com" });
      expect(await more.listServiceCredentials()).to.deep.equal([
        { user: "alice", service: "codecommit.amazonaws.com" },
      ]);
    },
  },
  {
    title: "a preview counts its calls beforehand",
    page: api("GetAccountSummary"),
    holds: async ({ iam, more }) => {
      await iam.createUser({ UserName: "alice" });
      expect(await more.countCalls()).to.equal(4);
    },
  },
];
