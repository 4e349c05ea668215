import type { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { ALLOW_ALL, api, type Case, guide, had, newPolicy, QUOTAS, refusalOf } from "./case";
import { enabledDevice } from "./devices";

const IDENTIFIERS = guide("reference_identifiers");
const RENAMING = guide("id_users_rename");

/** What keeps a user from being deleted: how it comes about, and how it is taken away. */
interface Tie {
  readonly has: string;
  readonly tie: (iam: IAM, user: string) => Promise<() => Promise<unknown>>;
}

const TIES: readonly Tie[] = [
  {
    has: "a password",
    tie: async (iam, UserName) => {
      await iam.createLoginProfile({ UserName, Password: "correct-Horse-7-battery" });
      return () => iam.deleteLoginProfile({ UserName });
    },
  },
  {
    has: "an access key",
    tie: async (iam, UserName) => {
      const { AccessKey } = await iam.createAccessKey({ UserName });
      return () => iam.deleteAccessKey({ UserName, AccessKeyId: AccessKey?.AccessKeyId });
    },
  },
  {
    has: "a device",
    tie: async (iam, UserName) => {
      const SerialNumber = await enabledDevice(iam, UserName, "phone");
      return () => iam.deactivateMFADevice({ UserName, SerialNumber });
    },
  },
  {
    has: "a group",
    tie: async (iam, UserName) => {
      await iam.createGroup({ GroupName: "web" });
      await iam.addUserToGroup({ UserName, GroupName: "web" });
      return () => iam.removeUserFromGroup({ UserName, GroupName: "web" });
    },
  },
  {
    has: "a managed policy",
    tie: async (iam, UserName) => {
      const PolicyArn = await newPolicy(iam, "all");
      await iam.attachUserPolicy({ UserName, PolicyArn });
      return () => iam.detachUserPolicy({ UserName, PolicyArn });
    },
  },
  {
    has: "an inline policy",
    tie: async (iam, UserName) => {
      await iam.putUserPolicy({ UserName, PolicyName: "all", PolicyDocument: ALLOW_ALL });
      return () => iam.deleteUserPolicy({ UserName, PolicyName: "all" });
    },
  },
];

export const USER_CASES: readonly Case[] = [
  {
    title: "CreateUser answers with the user, and GetUser and ListUsers with the same",
    page: api("CreateUser"),
    holds: async ({ iam }) => {
      const { User } = await iam.createUser({ UserName: "alice", Path: "/eng/" });
      expect(User).to.include({ UserName: "alice", Path: "/eng/" });
      expect(User?.Arn).to.match(/^arn:aws[\w-]*:iam::\d{12}:user\/eng\/alice$/);
      expect(User?.UserId, "an id").to.match(/^AIDA[A-Z0-9]{16,17}$/);
      const read = (await iam.getUser({ UserName: "alice" })).User;
      const [listed] = (await iam.listUsers({})).Users ?? [];
      for (const other of [read, listed]) {
        expect(other).to.include({ UserName: "alice", Path: "/eng/", Arn: User?.Arn, UserId: User?.UserId });
        expect(had(other?.CreateDate, "CreateDate").getTime()).to.be.closeTo(Date.now(), 3_600_000);
      }
    },
  },
  {
    title: "a name is taken, whatever its case",
    page: QUOTAS,
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      expect(await refusalOf(iam.createUser({ UserName: "alice" }))).to.equal("EntityAlreadyExistsException 409");
      expect(await refusalOf(iam.createUser({ UserName: "ALICE", Path: "/eng/" }))).to.equal(
        "EntityAlreadyExistsException 409",
      );
    },
  },
  {
    title: "a user is found whatever the case of the name",
    page: QUOTAS,
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "Alice" });
      expect((await iam.getUser({ UserName: "aLICE" })).User?.UserName).to.equal("Alice");
    },
  },
  ...(
    [
      ["with a space", { UserName: "AWS ROOT USER" }],
      ["of 65 characters", { UserName: "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz012" }],
      ["below a path that does not end in a slash", { UserName: "alice", Path: "/eng" }],
    ] as const
  ).map(
    ([what, parameters]): Case => ({
      title: `a new user's name ${what} is refused`,
      page: api("CreateUser"),
      holds: async ({ iam }) => {
        expect(await refusalOf(iam.createUser(parameters))).to.equal("ValidationError 400");
      },
    }),
  ),
  ...(
    [
      ["GetUser", (iam: IAM) => iam.getUser({ UserName: "mallory" })],
      ["UpdateUser", (iam: IAM) => iam.updateUser({ UserName: "mallory", NewPath: "/eng/" })],
      ["DeleteUser", (iam: IAM) => iam.deleteUser({ UserName: "mallory" })],
    ] as const
  ).map(
    ([action, call]): Case => ({
      title: `${action} of nobody is refused`,
      page: api(action),
      holds: async ({ iam }) => {
        expect(await refusalOf(call(iam))).to.equal("NoSuchEntityException 404");
      },
    }),
  ),
  {
    title: "ListUsers lists those below a path",
    page: api("ListUsers"),
    holds: async ({ iam }) => {
      for (const [UserName, Path] of Object.entries({ alice: "/eng/", bob: "/eng/web/", carol: "/ops/", dave: "/" })) {
        await iam.createUser({ UserName, Path });
      }
      const below = async (PathPrefix: string) =>
        (await iam.listUsers({ PathPrefix })).Users?.map(({ UserName }) => UserName);
      expect(await below("/eng/")).to.have.members(["alice", "bob"]);
      expect(await below("/")).to.have.members(["alice", "bob", "carol", "dave"]);
    },
  },
  {
    title: "who is renamed keeps id, date, password, keys, devices, groups and policies",
    page: RENAMING,
    holds: async ({ iam }) => {
      const { User: before } = await iam.createUser({ UserName: "alice" });
      for (const { tie } of TIES) await tie(iam, "alice");
      await iam.updateUser({ UserName: "alice", NewUserName: "alicia" });
      expect(await refusalOf(iam.getUser({ UserName: "alice" }))).to.equal("NoSuchEntityException 404");
      const UserName = "alicia";
      const { User: after } = await iam.getUser({ UserName });
      expect(after).to.deep.include({ UserId: before?.UserId, CreateDate: before?.CreateDate, UserName });
      expect(after?.Arn).to.equal(before?.Arn?.replace("alice", "alicia"));
      expect((await iam.getLoginProfile({ UserName })).LoginProfile?.UserName).to.equal("alicia");
      expect((await iam.listAccessKeys({ UserName })).AccessKeyMetadata).to.have.lengthOf(1);
      expect((await iam.listMFADevices({ UserName })).MFADevices).to.have.lengthOf(1);
      expect((await iam.listGroupsForUser({ UserName })).Groups).to.have.lengthOf(1);
      expect((await iam.getGroup({ GroupName: "web" })).Users?.map((user) => user.UserName)).to.deep.equal(["alicia"]);
      expect((await iam.listAttachedUserPolicies({ UserName })).AttachedPolicies).to.have.lengthOf(1);
    },
  },
  {
    title: "who is moved to another path gets another ARN, and keeps the id",
    page: RENAMING,
    holds: async ({ iam }) => {
      const { User: before } = await iam.createUser({ UserName: "alice", Path: "/eng/" });
      await iam.updateUser({ UserName: "alice", NewPath: "/machines/" });
      const { User: after } = await iam.getUser({ UserName: "alice" });
      expect(after).to.include({ Path: "/machines/", UserId: before?.UserId });
      expect(after?.Arn).to.equal(before?.Arn?.replace("/eng/", "/machines/"));
    },
  },
  {
    title: "nobody is renamed to a name that is taken",
    page: api("UpdateUser"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      await iam.createUser({ UserName: "bob" });
      expect(await refusalOf(iam.updateUser({ UserName: "alice", NewUserName: "bob" }))).to.equal(
        "EntityAlreadyExistsException 409",
      );
    },
  },
  {
    title: "who is made again under the same name is another, by the id",
    page: IDENTIFIERS,
    holds: async ({ iam }) => {
      const { User: first } = await iam.createUser({ UserName: "alice" });
      await iam.deleteUser({ UserName: "alice" });
      const { User: second } = await iam.createUser({ UserName: "alice" });
      expect(second?.UserId).not.to.equal(first?.UserId);
    },
  },
  ...TIES.map(
    ({ has, tie }): Case => ({
      title: `who has ${has} is not deleted before it is gone`,
      page: api("DeleteUser"),
      holds: async ({ iam }) => {
        await iam.createUser({ UserName: "alice" });
        const untie = await tie(iam, "alice");
        expect(await refusalOf(iam.deleteUser({ UserName: "alice" }))).to.equal("DeleteConflictException 409");
        await untie();
        await iam.deleteUser({ UserName: "alice" });
        expect(await refusalOf(iam.getUser({ UserName: "alice" }))).to.equal("NoSuchEntityException 404");
      },
    }),
  ),
];
