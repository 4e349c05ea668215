import type { IAM } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { ALLOW_ALL, api, type Case, guide, newPolicy, QUOTAS, refusalOf } from "./case";

async function groupWithAlice(iam: IAM): Promise<{ readonly UserName: string; readonly GroupName: string }> {
  await iam.createUser({ UserName: "alice" });
  await iam.createGroup({ GroupName: "web" });
  await iam.addUserToGroup({ UserName: "alice", GroupName: "web" });
  return { UserName: "alice", GroupName: "web" };
}

export const GROUP_CASES: readonly Case[] = [
  {
    title: "CreateGroup answers with the group, and GetGroup and ListGroups with the same",
    page: api("CreateGroup"),
    holds: async ({ iam }) => {
      const { Group } = await iam.createGroup({ GroupName: "web", Path: "/eng/" });
      expect(Group).to.include({ GroupName: "web", Path: "/eng/" });
      expect(Group?.Arn).to.match(/^arn:aws[\w-]*:iam::\d{12}:group\/eng\/web$/);
      const { Group: read, Users } = await iam.getGroup({ GroupName: "web" });
      const { Groups } = await iam.listGroups({ PathPrefix: "/eng/" });
      for (const other of [read, Groups?.[0]]) {
        expect(other).to.include({ GroupName: "web", Path: "/eng/", Arn: Group?.Arn, GroupId: Group?.GroupId });
      }
      expect(Users).to.deep.equal([]);
    },
  },
  {
    title: "a group's name is taken, whatever its case and path",
    page: QUOTAS,
    holds: async ({ iam }) => {
      await iam.createGroup({ GroupName: "web" });
      expect(await refusalOf(iam.createGroup({ GroupName: "web", Path: "/eng/" }))).to.equal(
        "EntityAlreadyExistsException 409",
      );
      expect(await refusalOf(iam.createGroup({ GroupName: "WEB" }))).to.equal("EntityAlreadyExistsException 409");
    },
  },
  {
    title: "GetGroup tells who is in it, and ListGroupsForUser which groups a user is in",
    page: api("GetGroup"),
    holds: async ({ iam }) => {
      const { UserName, GroupName } = await groupWithAlice(iam);
      await iam.createUser({ UserName: "bob" });
      await iam.createGroup({ GroupName: "ops" });
      await iam.addUserToGroup({ UserName, GroupName: "ops" });
      await iam.addUserToGroup({ UserName: "bob", GroupName });
      const { Users } = await iam.getGroup({ GroupName });
      expect(Users?.map((user) => user.UserName)).to.have.members(["alice", "bob"]);
      const { Groups } = await iam.listGroupsForUser({ UserName });
      expect(Groups?.map((group) => group.GroupName)).to.have.members(["web", "ops"]);
      expect((await iam.listGroupsForUser({ UserName: "bob" })).Groups).to.have.lengthOf(1);
    },
  },
  {
    // None of the errors that the page lists says that a user is in the group already.
    title: "who is added twice is in the group once",
    page: api("AddUserToGroup"),
    holds: async ({ iam }) => {
      const { UserName, GroupName } = await groupWithAlice(iam);
      await iam.addUserToGroup({ UserName, GroupName });
      expect((await iam.getGroup({ GroupName })).Users).to.have.lengthOf(1);
      expect((await iam.listGroupsForUser({ UserName })).Groups).to.have.lengthOf(1);
    },
  },
  {
    title: "who is removed is out, by both lists",
    page: api("RemoveUserFromGroup"),
    holds: async ({ iam }) => {
      const { UserName, GroupName } = await groupWithAlice(iam);
      await iam.removeUserFromGroup({ UserName, GroupName });
      expect((await iam.getGroup({ GroupName })).Users).to.deep.equal([]);
      expect((await iam.listGroupsForUser({ UserName })).Groups).to.deep.equal([]);
    },
  },
  ...(
    [
      ["AddUserToGroup", (iam: IAM) => iam.addUserToGroup({ UserName: "alice", GroupName: "nobodys" })],
      ["AddUserToGroup", (iam: IAM) => iam.addUserToGroup({ UserName: "mallory", GroupName: "web" })],
      ["RemoveUserFromGroup", (iam: IAM) => iam.removeUserFromGroup({ UserName: "alice", GroupName: "nobodys" })],
      ["RemoveUserFromGroup", (iam: IAM) => iam.removeUserFromGroup({ UserName: "mallory", GroupName: "web" })],
      ["GetGroup", (iam: IAM) => iam.getGroup({ GroupName: "nobodys" })],
      ["ListGroupsForUser", (iam: IAM) => iam.listGroupsForUser({ UserName: "mallory" })],
      ["UpdateGroup", (iam: IAM) => iam.updateGroup({ GroupName: "nobodys", NewGroupName: "somebodys" })],
      ["DeleteGroup", (iam: IAM) => iam.deleteGroup({ GroupName: "nobodys" })],
      ["ListAttachedGroupPolicies", (iam: IAM) => iam.listAttachedGroupPolicies({ GroupName: "nobodys" })],
      ["ListGroupPolicies", (iam: IAM) => iam.listGroupPolicies({ GroupName: "nobodys" })],
    ] as const
  ).map(
    ([action, call], index): Case => ({
      title: `${action} of ${[1, 3, 5].includes(index) ? "a user" : "a group"} that does not exist is refused`,
      page: api(action),
      holds: async ({ iam }) => {
        await groupWithAlice(iam);
        expect(await refusalOf(call(iam))).to.equal("NoSuchEntityException 404");
      },
    }),
  ),
  {
    title: "an eleventh group of one user is refused",
    page: QUOTAS,
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      for (let number = 1; number <= 11; number++) await iam.createGroup({ GroupName: `web-${number}` });
      for (let number = 1; number <= 10; number++) {
        await iam.addUserToGroup({ UserName: "alice", GroupName: `web-${number}` });
      }
      expect(await refusalOf(iam.addUserToGroup({ UserName: "alice", GroupName: "web-11" }))).to.equal(
        "LimitExceededException 409",
      );
    },
  },
  {
    title: "a group that is renamed and moved keeps id, users and policies",
    page: guide("id_groups_manage_rename"),
    holds: async ({ iam }) => {
      const { GroupName } = await groupWithAlice(iam);
      const { Group: before } = await iam.getGroup({ GroupName });
      await iam.attachGroupPolicy({ GroupName, PolicyArn: await newPolicy(iam, "all") });
      await iam.updateGroup({ GroupName, NewGroupName: "site", NewPath: "/eng/" });
      const { Group: after, Users } = await iam.getGroup({ GroupName: "site" });
      expect(after).to.include({ GroupName: "site", Path: "/eng/", GroupId: before?.GroupId });
      expect(after?.Arn).to.equal(before?.Arn?.replace("web", "eng/site"));
      expect(Users).to.have.lengthOf(1);
      expect((await iam.listAttachedGroupPolicies({ GroupName: "site" })).AttachedPolicies).to.have.lengthOf(1);
      const { Groups } = await iam.listGroupsForUser({ UserName: "alice" });
      expect(Groups?.map((group) => group.GroupName)).to.deep.equal(["site"]);
      expect(await refusalOf(iam.getGroup({ GroupName }))).to.equal("NoSuchEntityException 404");
    },
  },
  {
    title: "a group is not renamed to a name that is taken",
    page: api("UpdateGroup"),
    holds: async ({ iam }) => {
      await iam.createGroup({ GroupName: "web" });
      await iam.createGroup({ GroupName: "ops" });
      expect(await refusalOf(iam.updateGroup({ GroupName: "web", NewGroupName: "ops" }))).to.equal(
        "EntityAlreadyExistsException 409",
      );
    },
  },
  ...(
    [
      ["users", (iam: IAM) => iam.addUserToGroup({ UserName: "alice", GroupName: "web" })],
      [
        "a managed policy",
        async (iam: IAM) => iam.attachGroupPolicy({ GroupName: "web", PolicyArn: await newPolicy(iam, "all") }),
      ],
      [
        "an inline policy",
        (iam: IAM) => iam.putGroupPolicy({ GroupName: "web", PolicyName: "all", PolicyDocument: ALLOW_ALL }),
      ],
    ] as const
  ).map(
    ([what, give]): Case => ({
      title: `a group that has ${what} is not deleted`,
      page: api("DeleteGroup"),
      holds: async ({ iam }) => {
        await iam.createUser({ UserName: "alice" });
        await iam.createGroup({ GroupName: "web" });
        await give(iam);
        expect(await refusalOf(iam.deleteGroup({ GroupName: "web" }))).to.equal("DeleteConflictException 409");
      },
    }),
  ),
];
