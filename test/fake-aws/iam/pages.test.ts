import { expect } from "chai";
import { ALLOW_ALL, newAccount, ROOT, refusalOf } from "../../support/account";

describe("IamAccount", () => {
  describe("pages", () => {
    it("follow one another by their markers, sorted by name", () => {
      const { account, root } = newAccount();
      for (const UserName of ["dave", "Bob", "alice", "Carol", "erin"]) root("CreateUser", { UserName });
      const first = account.call(ROOT, "ListUsers", { MaxItems: "2" });
      const second = account.call(ROOT, "ListUsers", { MaxItems: "2", Marker: first.Marker ?? "" });
      const third = account.call(ROOT, "ListUsers", { MaxItems: "2", Marker: second.Marker ?? "" });
      expect([first, second, third].map(({ Users }) => Users.map(({ UserName }) => UserName))).to.deep.equal([
        ["alice", "Bob"],
        ["Carol", "dave"],
        ["erin"],
      ]);
      expect([first, second, third].map(({ IsTruncated }) => IsTruncated)).to.deep.equal([true, true, false]);
      expect(third).not.to.have.property("Marker");
    });

    it("hold one user of a group where no more are asked for", () => {
      const { account, root } = newAccount();
      root("CreateGroup", { GroupName: "web" });
      const page = (Marker?: string) =>
        account.call(ROOT, "GetGroup", { GroupName: "web", MaxItems: "1", ...(Marker !== undefined && { Marker }) });
      expect(page()).to.deep.include({ Users: [], IsTruncated: false });
      for (const UserName of ["alice", "bob"]) {
        root("CreateUser", { UserName });
        root("AddUserToGroup", { GroupName: "web", UserName });
      }
      const first = page();
      const second = page(first.Marker);
      expect(
        [first, second].map(({ Users, IsTruncated }) => [Users[0]?.UserName, Users.length, IsTruncated]),
      ).to.deep.equal([
        ["alice", 1, true],
        ["bob", 1, false],
      ]);
    });

    it("hold the versions of a policy, the newest first, and the names of a group's policies", () => {
      const { account, root } = newAccount();
      const PolicyArn = "arn:aws:iam::123456789012:policy/all";
      root("CreatePolicy", { PolicyName: "all", PolicyDocument: ALLOW_ALL });
      root("CreatePolicyVersion", { PolicyArn, PolicyDocument: ALLOW_ALL });
      root("CreateGroup", { GroupName: "web" });
      for (const PolicyName of ["one", "other"]) {
        root("PutGroupPolicy", { GroupName: "web", PolicyName, PolicyDocument: ALLOW_ALL });
      }
      const versions = (Marker?: string) =>
        account.call(ROOT, "ListPolicyVersions", { PolicyArn, MaxItems: "1", ...(Marker !== undefined && { Marker }) });
      const names = (Marker?: string) =>
        account.call(ROOT, "ListGroupPolicies", {
          GroupName: "web",
          MaxItems: "1",
          ...(Marker !== undefined && { Marker }),
        });
      expect(
        [versions(), versions(versions().Marker)].map((page) => page.Versions.map(({ VersionId }) => VersionId)),
      ).to.deep.equal([["v2"], ["v1"]]);
      expect([names(), names(names().Marker)].map(({ PolicyNames }) => PolicyNames)).to.deep.equal([
        ["one"],
        ["other"],
      ]);
    });

    it("skip nobody where somebody goes meanwhile", () => {
      const { account, root } = newAccount();
      root("CreateGroup", { GroupName: "web" });
      for (const UserName of ["alice", "bob", "carol"]) {
        root("CreateUser", { UserName });
        root("AddUserToGroup", { GroupName: "web", UserName });
      }
      const first = account.call(ROOT, "GetGroup", { GroupName: "web", MaxItems: "1" });
      root("RemoveUserFromGroup", { GroupName: "web", UserName: "alice" });
      const rest = account.call(ROOT, "GetGroup", { GroupName: "web", Marker: first.Marker ?? "" });
      expect(rest.Users.map(({ UserName }) => UserName)).to.deep.equal(["bob", "carol"]);
    });

    it("are 100 items long, or as short as the account cuts them", () => {
      const many = newAccount();
      const few = newAccount({ pageSize: 1 });
      for (let n = 0; n < 101; n++) many.root("CreateUser", { UserName: `user${n}` });
      for (let n = 0; n < 2; n++) few.root("CreateUser", { UserName: `user${n}` });
      expect(many.account.call(ROOT, "ListUsers").Users).to.have.length(100);
      expect(few.account.call(ROOT, "ListUsers")).to.include({ IsTruncated: true }).with.property("Users").of.length(1);
    });

    it("keep to the path that is asked for", () => {
      const { account, root } = newAccount();
      root("CreateUser", { UserName: "alice", Path: "/eng/" });
      root("CreateUser", { UserName: "bob", Path: "/english/" });
      root("CreateUser", { UserName: "carol", Path: "/old/eng/" });
      root("CreateGroup", { GroupName: "web", Path: "/eng/web/" });
      root("CreateGroup", { GroupName: "law" });
      root("CreateGroup", { GroupName: "old", Path: "/old/eng/" });
      expect(account.call(ROOT, "ListUsers", { PathPrefix: "/eng/" }).Users.map((user) => user.UserName)).to.deep.equal(
        ["alice"],
      );
      expect(account.call(ROOT, "ListGroups", { PathPrefix: "/eng/" }).Groups.map((group) => group.Arn)).to.deep.equal([
        "arn:aws:iam::123456789012:group/eng/web/web",
      ]);
    });

    it("refuse the marker of another list", () => {
      const { account, root } = newAccount();
      for (const UserName of ["alice", "bob"]) root("CreateUser", { UserName });
      const { Marker = "" } = account.call(ROOT, "ListUsers", { MaxItems: "1" });
      expect(refusalOf(() => account.call(ROOT, "ListGroups", { Marker }))).to.equal(
        "ValidationError: Invalid Marker.",
      );
    });
  });
});
