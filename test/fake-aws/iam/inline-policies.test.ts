import { expect } from "chai";
import { ALLOW_ALL, newAccount, newAccountWithUser, refusalOf } from "../../support/account";

function withPolicy(PolicyDocument = ALLOW_ALL) {
  const aws = newAccount();
  aws.root("CreateGroup", { GroupName: "Web" });
  aws.root("PutGroupPolicy", { GroupName: "web", PolicyName: "all", PolicyDocument });
  return aws;
}

describe("IamAccount", () => {
  describe("a group's inline policies", () => {
    it("are given back to the letter, percent-encoded", () => {
      const { root } = withPolicy('{ "Statement": {"Effect":"Deny","Action":"*","Resource":"*"}}');
      expect(root("GetGroupPolicy", { GroupName: "WEB", PolicyName: "all" })).to.deep.equal({
        GroupName: "Web",
        PolicyName: "all",
        PolicyDocument:
          "%7B%20%22Statement%22%3A%20%7B%22Effect%22%3A%22Deny%22%2C%22Action%22%3A%22%2A%22%2C" +
          "%22Resource%22%3A%22%2A%22%7D%7D",
      });
    });

    it("are replaced by one of their name, listed and deleted", () => {
      const { root } = withPolicy();
      const list = () => root("ListGroupPolicies", { GroupName: "Web" });
      root("PutGroupPolicy", { GroupName: "Web", PolicyName: "all", PolicyDocument: ALLOW_ALL });
      expect(list()).to.deep.equal({ PolicyNames: ["all"], IsTruncated: false });
      root("DeleteGroupPolicy", { GroupName: "Web", PolicyName: "all" });
      expect(list()).to.deep.equal({ PolicyNames: [], IsTruncated: false });
    });

    for (const action of ["GetGroupPolicy", "DeleteGroupPolicy"]) {
      it(`are not known to ${action} where there is none of that name`, () => {
        const { root } = withPolicy();
        expect(refusalOf(() => root(action, { GroupName: "Web", PolicyName: "none" }))).to.equal(
          "NoSuchEntity: The group policy with name none cannot be found.",
        );
      });
    }

    it("are refused where they are malformed", () => {
      const { root } = withPolicy();
      expect(
        refusalOf(() => root("PutGroupPolicy", { GroupName: "Web", PolicyName: "all", PolicyDocument: "{" })),
      ).to.equal("MalformedPolicyDocument: This policy contains invalid Json");
    });

    it("are recorded with their documents", () => {
      const { recordOf } = withPolicy();
      const parameters = { GroupName: "Web", PolicyName: "all", PolicyDocument: ALLOW_ALL };
      const { requestParameters, responseElements } = recordOf("PutGroupPolicy", parameters);
      expect([requestParameters, responseElements]).to.deep.equal([
        { groupName: "Web", policyName: "all", policyDocument: ALLOW_ALL },
        null,
      ]);
    });
  });

  describe("a user's inline policies", () => {
    it("are deleted, and not known where there is none of that name", () => {
      const { root } = newAccountWithUser();
      root("PutUserPolicy", { UserName: "alice", PolicyName: "all", PolicyDocument: ALLOW_ALL });
      root("DeleteUserPolicy", { UserName: "ALICE", PolicyName: "all" });
      expect(refusalOf(() => root("DeleteUserPolicy", { UserName: "alice", PolicyName: "all" }))).to.equal(
        "NoSuchEntity: The user policy with name all cannot be found.",
      );
      root("DeleteUser", { UserName: "alice" });
    });
  });
});
