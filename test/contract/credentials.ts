import type { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { api, type Case, had, QUOTAS, refusalOf } from "./case";

const PASSWORD = "correct-Horse-7-battery";

export const LOGIN_PROFILE_CASES: readonly Case[] = [
  {
    title: "CreateLoginProfile answers with what GetLoginProfile tells, the password's change at sign-in among it",
    page: api("CreateLoginProfile"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const made = await iam.createLoginProfile({ UserName: "alice", Password: PASSWORD, PasswordResetRequired: true });
      expect(made.LoginProfile).to.include({ UserName: "alice", PasswordResetRequired: true });
      const read = await iam.getLoginProfile({ UserName: "alice" });
      expect(read.LoginProfile).to.include({ UserName: "alice", PasswordResetRequired: true });
      expect(had(read.LoginProfile?.CreateDate, "CreateDate").getTime()).to.be.closeTo(Date.now(), 3_600_000);
    },
  },
  {
    title: "a second password is refused",
    page: api("CreateLoginProfile"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      await iam.createLoginProfile({ UserName: "alice", Password: PASSWORD });
      expect(await refusalOf(iam.createLoginProfile({ UserName: "alice", Password: PASSWORD }))).to.equal(
        "EntityAlreadyExistsException 409",
      );
    },
  },
  ...(
    [
      ["GetLoginProfile", (iam: IAM, UserName: string) => iam.getLoginProfile({ UserName })],
      ["UpdateLoginProfile", (iam: IAM, UserName: string) => iam.updateLoginProfile({ UserName, Password: PASSWORD })],
      ["DeleteLoginProfile", (iam: IAM, UserName: string) => iam.deleteLoginProfile({ UserName })],
    ] as const
  ).map(
    ([action, call]): Case => ({
      title: `${action} is refused of who has no password, and of nobody`,
      page: api(action),
      holds: async ({ iam }) => {
        await iam.createUser({ UserName: "alice" });
        expect(await refusalOf(call(iam, "alice"))).to.equal("NoSuchEntityException 404");
        expect(await refusalOf(call(iam, "mallory"))).to.equal("NoSuchEntityException 404");
      },
    }),
  ),
  {
    title: "a password for nobody is refused",
    page: api("CreateLoginProfile"),
    holds: async ({ iam }) => {
      expect(await refusalOf(iam.createLoginProfile({ UserName: "mallory", Password: PASSWORD }))).to.equal(
        "NoSuchEntityException 404",
      );
    },
  },
  {
    title: "a new password is no new login profile: its date stays",
    page: api("UpdateLoginProfile"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const { LoginProfile: before } = await iam.createLoginProfile({ UserName: "alice", Password: PASSWORD });
      await iam.updateLoginProfile({ UserName: "alice", Password: `${PASSWORD}-2`, PasswordResetRequired: true });
      const { LoginProfile: after } = await iam.getLoginProfile({ UserName: "alice" });
      expect(after?.PasswordResetRequired).to.equal(true);
      const whole = (date: Date | undefined) => Math.floor(had(date, "CreateDate").getTime() / 1000);
      expect(whole(after?.CreateDate)).to.equal(whole(before?.CreateDate));
    },
  },
  {
    title: "DeleteLoginProfile takes the password away, and another may be made",
    page: api("DeleteLoginProfile"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      await iam.createLoginProfile({ UserName: "alice", Password: PASSWORD });
      await iam.deleteLoginProfile({ UserName: "alice" });
      expect(await refusalOf(iam.getLoginProfile({ UserName: "alice" }))).to.equal("NoSuchEntityException 404");
      await iam.createLoginProfile({ UserName: "alice", Password: PASSWORD });
    },
  },
];

export const ACCESS_KEY_CASES: readonly Case[] = [
  {
    title: "a new key is active, and the list tells it without its secret",
    page: api("CreateAccessKey"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const { AccessKey } = await iam.createAccessKey({ UserName: "alice" });
      expect(AccessKey).to.include({ UserName: "alice", Status: "Active" });
      expect(AccessKey?.AccessKeyId).to.match(/^AKIA[A-Z0-9]{16}$/);
      expect(AccessKey?.SecretAccessKey).to.have.lengthOf(40);
      const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName: "alice" });
      expect(AccessKeyMetadata.map(({ CreateDate, ...key }) => key)).to.deep.equal([
        { UserName: "alice", AccessKeyId: AccessKey?.AccessKeyId, Status: "Active" },
      ]);
    },
  },
  {
    title: "a third key is refused",
    page: QUOTAS,
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      await iam.createAccessKey({ UserName: "alice" });
      await iam.createAccessKey({ UserName: "alice" });
      expect(await refusalOf(iam.createAccessKey({ UserName: "alice" }))).to.equal("LimitExceededException 409");
    },
  },
  {
    title: "a key is made inactive and active again",
    page: api("UpdateAccessKey"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const { AccessKey } = await iam.createAccessKey({ UserName: "alice" });
      const key = { UserName: "alice", AccessKeyId: AccessKey?.AccessKeyId };
      const status = async () => (await iam.listAccessKeys({ UserName: "alice" })).AccessKeyMetadata?.[0]?.Status;
      await iam.updateAccessKey({ ...key, Status: "Inactive" });
      expect(await status()).to.equal("Inactive");
      await iam.updateAccessKey({ ...key, Status: "Active" });
      expect(await status()).to.equal("Active");
    },
  },
  {
    title: "a key that does not exist is neither changed nor deleted",
    page: api("DeleteAccessKey"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const key = { UserName: "alice", AccessKeyId: "AKIAI44QH8DHBEXAMPLE" };
      expect(await refusalOf(iam.updateAccessKey({ ...key, Status: "Inactive" }))).to.equal(
        "NoSuchEntityException 404",
      );
      expect(await refusalOf(iam.deleteAccessKey(key))).to.equal("NoSuchEntityException 404");
    },
  },
  {
    title: "keys of nobody are refused",
    page: api("ListAccessKeys"),
    holds: async ({ iam }) => {
      expect(await refusalOf(iam.createAccessKey({ UserName: "mallory" }))).to.equal("NoSuchEntityException 404");
      expect(await refusalOf(iam.listAccessKeys({ UserName: "mallory" }))).to.equal("NoSuchEntityException 404");
    },
  },
];

export const SERVICE_CREDENTIAL_CASES: readonly Case[] = [
  {
    title: "those of all users are listed at once, and those of one user alone",
    page: api("ListServiceSpecificCredentials"),
    holds: async ({ iam }) => {
      for (const UserName of ["alice", "bob"]) {
        await iam.createUser({ UserName });
        await iam.createServiceSpecificCredential({ UserName, ServiceName: "codecommit.amazonaws.com" });
      }
      const all = await iam.listServiceSpecificCredentials({ AllUsers: true });
      expect(all.ServiceSpecificCredentials?.map(({ UserName }) => UserName)).to.have.members(["alice", "bob"]);
      const one = await iam.listServiceSpecificCredentials({ UserName: "bob" });
      expect(one.ServiceSpecificCredentials?.map(({ UserName }) => UserName)).to.deep.equal(["bob"]);
    },
  },
  {
    title: "who has one is not deleted before it is gone",
    page: api("DeleteUser"),
    holds: async ({ iam }) => {
      const UserName = "alice";
      await iam.createUser({ UserName });
      const ServiceName = "codecommit.amazonaws.com";
      const made = await iam.createServiceSpecificCredential({ UserName, ServiceName });
      expect(await refusalOf(iam.deleteUser({ UserName }))).to.equal("DeleteConflictException 409");
      const { ServiceSpecificCredentialId } = had(made.ServiceSpecificCredential, "ServiceSpecificCredential");
      await iam.deleteServiceSpecificCredential({ UserName, ServiceSpecificCredentialId });
      await iam.deleteUser({ UserName });
    },
  },
];
