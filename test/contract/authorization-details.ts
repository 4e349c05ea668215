import { expect } from "chai";
import { ALLOW_ALL, api, type Case, newPolicy } from "./case";

export const DETAILS_CASES: readonly Case[] = [
  {
    title: "a user comes with path, id, groups and policies, and a group with its policies",
    page: api("GetAccountAuthorizationDetails"),
    holds: async ({ iam }) => {
      const { User } = await iam.createUser({ UserName: "alice", Path: "/eng/" });
      const { Group } = await iam.createGroup({ GroupName: "web", Path: "/eng/" });
      await iam.addUserToGroup({ UserName: "alice", GroupName: "web" });
      const PolicyArn = await newPolicy(iam, "all");
      await iam.attachUserPolicy({ UserName: "alice", PolicyArn });
      await iam.attachGroupPolicy({ GroupName: "web", PolicyArn });
      await iam.putUserPolicy({ UserName: "alice", PolicyName: "own", PolicyDocument: ALLOW_ALL });
      await iam.putGroupPolicy({ GroupName: "web", PolicyName: "theirs", PolicyDocument: ALLOW_ALL });
      const { UserDetailList, GroupDetailList } = await iam.getAccountAuthorizationDetails({
        Filter: ["User", "Group"],
      });
      const attached = [{ PolicyName: "all", PolicyArn }];
      expect(UserDetailList).to.have.lengthOf(1);
      expect(UserDetailList?.[0]).to.deep.include({
        UserName: "alice",
        Path: "/eng/",
        UserId: User?.UserId,
        Arn: User?.Arn,
      });
      expect(UserDetailList?.[0]?.GroupList).to.deep.equal(["web"]);
      expect(UserDetailList?.[0]?.AttachedManagedPolicies).to.deep.equal(attached);
      expect(UserDetailList?.[0]?.UserPolicyList?.map(({ PolicyName }) => PolicyName)).to.deep.equal(["own"]);
      expect(GroupDetailList).to.have.lengthOf(1);
      expect(GroupDetailList?.[0]).to.deep.include({ GroupName: "web", GroupId: Group?.GroupId, Arn: Group?.Arn });
      expect(GroupDetailList?.[0]?.AttachedManagedPolicies).to.deep.equal(attached);
      expect(GroupDetailList?.[0]?.GroupPolicyList?.map(({ PolicyName }) => PolicyName)).to.deep.equal(["theirs"]);
    },
  },
  {
    title: "who has nothing comes with lists that are empty or left out",
    page: api("GetAccountAuthorizationDetails"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const { UserDetailList = [], GroupDetailList = [] } = await iam.getAccountAuthorizationDetails({
        Filter: ["User", "Group"],
      });
      expect(
        UserDetailList.map((user) => [user.UserName, user.GroupList ?? [], user.AttachedManagedPolicies ?? []]),
      ).to.deep.equal([["alice", [], []]]);
      expect(GroupDetailList).to.deep.equal([]);
    },
  },
  {
    title: "a filter leaves out what is not asked for",
    page: api("GetAccountAuthorizationDetails"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      await iam.createGroup({ GroupName: "web" });
      const { UserDetailList = [], GroupDetailList = [] } = await iam.getAccountAuthorizationDetails({
        Filter: ["Group"],
      });
      expect([UserDetailList.length, GroupDetailList.length]).to.deep.equal([0, 1]);
    },
  },
  {
    title: "a user's permissions boundary is told",
    page: api("UserDetail"),
    holds: async ({ iam }) => {
      await iam.createUser({ UserName: "alice" });
      const PermissionsBoundary = await newPolicy(iam, "all");
      await iam.putUserPermissionsBoundary({ UserName: "alice", PermissionsBoundary });
      const { UserDetailList } = await iam.getAccountAuthorizationDetails({ Filter: ["User"] });
      expect(UserDetailList?.[0]?.PermissionsBoundary?.PermissionsBoundaryArn).to.equal(PermissionsBoundary);
    },
  },
];
