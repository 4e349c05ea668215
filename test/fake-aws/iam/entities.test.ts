import { expect } from "chai";
import {
  ALLOW_ALL,
  createDevice,
  enableDevice,
  newAccount,
  newAccountWithUser,
  ROOT,
  refusalOf,
  START_TIME,
  signedIn,
  type TestAccount,
} from "../../support/account";

describe("IamAccount", () => {
  describe("names", () => {
    it("finds users, groups and policies in any case and keeps the case they were made in", () => {
      const { root } = newAccountWithUser({}, "Alice");
      root("CreateGroup", { GroupName: "Web", Path: "/Eng/" });
      root("CreatePolicy", { PolicyName: "All", PolicyDocument: ALLOW_ALL });
      root("AddUserToGroup", { GroupName: "WEB", UserName: "ALICE" });
      root("AttachUserPolicy", { UserName: "alice", PolicyArn: "arn:aws:iam::123456789012:policy/ALL" });
      expect(root("ListGroupsForUser", { UserName: "aLICE" })).to.have.nested.property("Groups[0].GroupName", "Web");
      expect(root("ListAttachedUserPolicies", { UserName: "alice" })).to.deep.equal({
        AttachedPolicies: [{ PolicyName: "All", PolicyArn: "arn:aws:iam::123456789012:policy/All" }],
        IsTruncated: false,
      });
    });

    it("renames and moves a user, who keeps everything", () => {
      const aws = newAccountWithUser();
      const { root, account } = aws;
      root("CreateGroup", { GroupName: "web" });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      const serial = enableDevice(aws, signedIn("alice"), "phone");
      root("UpdateUser", { UserName: "alice", NewUserName: "alicia", NewPath: "/eng/" });
      expect(refusalOf(() => root("GetUser", { UserName: "alice" }))).to.equal(
        "NoSuchEntity: The user with name alice cannot be found.",
      );
      expect(account.call(ROOT, "GetUser", { UserName: "alicia" }).User.Arn).to.equal(
        "arn:aws:iam::123456789012:user/eng/alicia",
      );
      expect(root("GetGroup", { GroupName: "web" })).to.have.nested.property("Users[0].UserName", "alicia");
      expect(root("ListMFADevices", { UserName: "alicia" })).to.have.nested.property(
        "MFADevices[0].SerialNumber",
        serial,
      );
    });

    it("lets a user's name change its case, and no user take another's", () => {
      const { root } = newAccountWithUser();
      root("CreateUser", { UserName: "bob" });
      root("UpdateUser", { UserName: "alice", NewUserName: "Alice" });
      expect(root("GetUser", { UserName: "alice" })).to.have.nested.property("User.UserName", "Alice");
      expect(refusalOf(() => root("UpdateUser", { UserName: "bob", NewUserName: "ALICE" }))).to.equal(
        "EntityAlreadyExists: User with name ALICE already exists.",
      );
    });
  });

  describe("renaming a group", () => {
    it("moves it too, and it keeps its users and its policies", () => {
      const { root, account } = newAccountWithUser();
      root("CreateGroup", { GroupName: "web" });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      root("PutGroupPolicy", { GroupName: "web", PolicyName: "all", PolicyDocument: ALLOW_ALL });
      const { GroupId } = account.call(ROOT, "GetGroup", { GroupName: "web" }).Group;
      root("UpdateGroup", { GroupName: "web", NewGroupName: "ops", NewPath: "/eng/" });
      expect(refusalOf(() => root("GetGroup", { GroupName: "web" }))).to.equal(
        "NoSuchEntity: The group with name web cannot be found.",
      );
      expect(account.call(ROOT, "GetGroup", { GroupName: "ops" })).to.deep.include({
        Group: {
          Path: "/eng/",
          GroupName: "ops",
          GroupId,
          Arn: "arn:aws:iam::123456789012:group/eng/ops",
          CreateDate: new Date(START_TIME),
        },
      });
      expect(root("ListGroupsForUser", { UserName: "alice" })).to.have.nested.property("Groups[0].GroupName", "ops");
      expect(root("ListGroupPolicies", { GroupName: "ops" })).to.deep.include({ PolicyNames: ["all"] });
    });

    it("leaves name and path as they are where no other is given", () => {
      const { root } = newAccount();
      root("CreateGroup", { GroupName: "web", Path: "/eng/" });
      root("UpdateGroup", { GroupName: "web", NewGroupName: "ops" });
      root("UpdateGroup", { GroupName: "ops", NewPath: "/law/" });
      root("UpdateGroup", { GroupName: "ops" });
      expect(root("GetGroup", { GroupName: "ops" })).to.have.nested.property(
        "Group.Arn",
        "arn:aws:iam::123456789012:group/law/ops",
      );
    });

    it("changes the case of its name, and takes no other's", () => {
      const { root } = newAccount();
      root("CreateGroup", { GroupName: "web" });
      root("CreateGroup", { GroupName: "ops" });
      root("UpdateGroup", { GroupName: "web", NewGroupName: "Web" });
      expect(root("GetGroup", { GroupName: "web" })).to.have.nested.property("Group.GroupName", "Web");
      expect(refusalOf(() => root("UpdateGroup", { GroupName: "ops", NewGroupName: "WEB" }))).to.equal(
        "EntityAlreadyExists: Group with name WEB already exists.",
      );
    });
  });

  describe("making", () => {
    it("refuses what is there already, in any case and under any path", () => {
      const { root } = newAccount();
      const group = (GroupName: string, Path: string) => () => root("CreateGroup", { GroupName, Path });
      const policy = (PolicyName: string, Path: string) => () =>
        root("CreatePolicy", { PolicyName, Path, PolicyDocument: ALLOW_ALL });
      expect(
        [group("web", "/"), group("WEB", "/eng/"), policy("all", "/"), policy("ALL", "/eng/")].map(refusalOf),
      ).to.deep.equal([
        "no refusal",
        "EntityAlreadyExists: Group with name WEB already exists.",
        "no refusal",
        "EntityAlreadyExists: A policy called ALL already exists. Duplicate names are not allowed.",
      ]);
      expect(refusalOf(policy("AdministratorAccess", "/"))).to.equal("no refusal");
    });

    it("tells of a policy what it is and how often it is attached", () => {
      const { root } = newAccountWithUser();
      const Description = "Lets everything pass.";
      root("CreatePolicy", { PolicyName: "all", Path: "/guards/", PolicyDocument: ALLOW_ALL, Description });
      const PolicyArn = "arn:aws:iam::123456789012:policy/guards/all";
      root("CreateGroup", { GroupName: "web" });
      root("AttachGroupPolicy", { GroupName: "web", PolicyArn });
      root("AttachUserPolicy", { UserName: "alice", PolicyArn });
      expect(root("GetPolicy", { PolicyArn }))
        .to.have.property("Policy")
        .that.deep.includes({
          PolicyName: "all",
          Arn: "arn:aws:iam::123456789012:policy/guards/all",
          Path: "/guards/",
          DefaultVersionId: "v1",
          AttachmentCount: 2,
          IsAttachable: true,
          Description: "Lets everything pass.",
          CreateDate: new Date(START_TIME),
        });
      expect(root("ListAttachedGroupPolicies", { GroupName: "web", PathPrefix: "/guards/" })).to.deep.equal({
        AttachedPolicies: [{ PolicyName: "all", PolicyArn: "arn:aws:iam::123456789012:policy/guards/all" }],
        IsTruncated: false,
      });
      root("CreatePolicy", { PolicyName: "old", Path: "/old/guards/", PolicyDocument: ALLOW_ALL });
      root("AttachGroupPolicy", { GroupName: "web", PolicyArn: "arn:aws:iam::123456789012:policy/old/guards/old" });
      expect(root("ListAttachedGroupPolicies", { GroupName: "web", PathPrefix: "/guards/" }))
        .to.have.property("AttachedPolicies")
        .with.length(1);
      expect(root("ListAttachedUserPolicies", { UserName: "alice", PathPrefix: "/other/" })).to.deep.equal({
        AttachedPolicies: [],
        IsTruncated: false,
      });
    });
  });

  describe("dates", () => {
    it("are the account's own, of users, passwords and devices", () => {
      const { account, root, waitSeconds } = newAccountWithUser();
      waitSeconds(60);
      root("CreateLoginProfile", { UserName: "alice", Password: "secret" });
      waitSeconds(60);
      account.enrolPasskey("alice");
      waitSeconds(60);
      expect([
        account.call(ROOT, "GetUser", { UserName: "alice" }).User.CreateDate,
        account.call(ROOT, "GetLoginProfile", { UserName: "alice" }).LoginProfile.CreateDate,
        account.call(ROOT, "ListMFADevices", { UserName: "alice" }).MFADevices[0]?.EnableDate,
      ]).to.deep.equal([
        new Date("2026-03-05T01:02:38Z"),
        new Date("2026-03-05T01:03:38Z"),
        new Date("2026-03-05T01:04:38Z"),
      ]);
    });

    it("and ids tell a user from another who had the name before", () => {
      const { account, root, waitSeconds } = newAccountWithUser();
      const before = account.call(ROOT, "GetUser", { UserName: "alice" }).User;
      root("DeleteUser", { UserName: "alice" });
      waitSeconds(3600);
      root("CreateUser", { UserName: "alice" });
      const after = account.call(ROOT, "GetUser", { UserName: "alice" }).User;
      expect([before.CreateDate, after.CreateDate]).to.deep.equal([
        new Date("2026-03-05T01:02:38Z"),
        new Date("2026-03-05T02:02:38Z"),
      ]);
      expect(after.Arn).to.equal(before.Arn);
      expect(after.UserId).not.to.equal(before.UserId);
    });
  });

  describe("deleting", () => {
    const arrangements: readonly (readonly [title: string, refusal: string, arrange: (aws: TestAccount) => unknown])[] =
      [
        [
          "a user with a password",
          "DeleteConflict: Cannot delete entity, must delete login profile first.",
          ({ root }) => root("CreateLoginProfile", { UserName: "alice", Password: "secret" }),
        ],
        [
          "a user with an access key",
          "DeleteConflict: Cannot delete entity, must delete access keys first.",
          ({ root }) => root("CreateAccessKey", { UserName: "alice" }),
        ],
        [
          "a user with a device",
          "DeleteConflict: Cannot delete entity, must delete MFA device first.",
          ({ account }) => account.enrolPasskey("alice"),
        ],
        [
          "a user in a group",
          "DeleteConflict: Cannot delete entity, must remove users from group first.",
          ({ root }) => {
            root("CreateGroup", { GroupName: "web" });
            root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
          },
        ],
        [
          "a user with an attached policy",
          "DeleteConflict: Cannot delete entity, must detach all policies first.",
          ({ root }) =>
            root("AttachUserPolicy", {
              UserName: "alice",
              PolicyArn: "arn:aws:iam::aws:policy/IAMUserChangePassword",
            }),
        ],
        [
          "a user with an inline policy",
          "DeleteConflict: Cannot delete entity, must delete policies first.",
          ({ root }) => root("PutUserPolicy", { UserName: "alice", PolicyName: "all", PolicyDocument: ALLOW_ALL }),
        ],
      ];
    for (const [title, refusal, arrange] of arrangements) {
      it(`refuses ${title}`, () => {
        const aws = newAccountWithUser();
        arrange(aws);
        expect(refusalOf(() => aws.root("DeleteUser", { UserName: "alice" }))).to.equal(refusal);
      });
    }

    it("lets a user go who has nothing left", () => {
      const { root } = newAccountWithUser();
      root("DeleteUser", { UserName: "ALICE" });
      expect(root("ListUsers")).to.deep.equal({ Users: [], IsTruncated: false });
    });

    it("refuses a group until it has neither users nor policies", () => {
      const { root } = newAccountWithUser();
      const deleting = () => root("DeleteGroup", { GroupName: "web" });
      const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
      root("CreateGroup", { GroupName: "web" });
      root("AttachGroupPolicy", { GroupName: "web", PolicyArn });
      root("PutGroupPolicy", { GroupName: "web", PolicyName: "all", PolicyDocument: ALLOW_ALL });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      expect(refusalOf(deleting)).to.equal("DeleteConflict: Cannot delete entity, must remove users from group first.");
      root("RemoveUserFromGroup", { GroupName: "web", UserName: "alice" });
      expect(refusalOf(deleting)).to.equal("DeleteConflict: Cannot delete entity, must detach all policies first.");
      root("DetachGroupPolicy", { GroupName: "web", PolicyArn });
      expect(refusalOf(deleting)).to.equal("DeleteConflict: Cannot delete entity, must delete policies first.");
      root("DeleteGroupPolicy", { GroupName: "web", PolicyName: "all" });
      expect(refusalOf(deleting)).to.equal("no refusal");
    });

    it("refuses a policy while it is attached", () => {
      const { root } = newAccountWithUser();
      const PolicyArn = "arn:aws:iam::123456789012:policy/guards/all";
      root("CreatePolicy", { PolicyName: "all", Path: "/guards/", PolicyDocument: ALLOW_ALL });
      root("AttachUserPolicy", { UserName: "alice", PolicyArn });
      expect(root("GetPolicy", { PolicyArn })).to.have.nested.property("Policy.AttachmentCount", 1);
      expect(refusalOf(() => root("DeletePolicy", { PolicyArn }))).to.equal(
        "DeleteConflict: Cannot delete a policy attached to entities.",
      );
      root("DetachUserPolicy", { UserName: "alice", PolicyArn });
      root("DeletePolicy", { PolicyArn });
      expect(refusalOf(() => root("GetPolicy", { PolicyArn }))).to.equal(
        "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/guards/all was not found.",
      );
    });

    it("refuses a policy while it has more than one version", () => {
      const { root } = newAccount();
      const PolicyArn = "arn:aws:iam::123456789012:policy/all";
      root("CreatePolicy", { PolicyName: "all", PolicyDocument: ALLOW_ALL });
      root("CreatePolicyVersion", { PolicyArn, PolicyDocument: ALLOW_ALL, SetAsDefault: "true" });
      expect(refusalOf(() => root("DeletePolicy", { PolicyArn }))).to.equal(
        "DeleteConflict: This policy has more than one version. Before you delete a policy, you must delete the " +
          "policy's versions. The default version is deleted with the policy.",
      );
      root("DeletePolicyVersion", { PolicyArn, VersionId: "v1" });
      expect(refusalOf(() => root("DeletePolicy", { PolicyArn }))).to.equal("no refusal");
    });

    it("refuses a virtual device while somebody has it enabled", () => {
      const aws = newAccountWithUser();
      const SerialNumber = enableDevice(aws, signedIn("alice"), "phone");
      expect(refusalOf(() => aws.root("DeleteVirtualMFADevice", { SerialNumber }))).to.equal(
        "DeleteConflict: MFA VirtualDevice in use. Must deactivate first.",
      );
      aws.root("DeactivateMFADevice", { UserName: "alice", SerialNumber });
      aws.root("DeleteVirtualMFADevice", { SerialNumber });
      expect(aws.root("ListVirtualMFADevices")).to.deep.equal({ VirtualMFADevices: [], IsTruncated: false });
    });
  });

  describe("membership", () => {
    it("takes a second joining for granted and refuses the leaving of who is no member", () => {
      const { root } = newAccountWithUser();
      root("CreateGroup", { GroupName: "web" });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      root("RemoveUserFromGroup", { GroupName: "web", UserName: "alice" });
      expect(refusalOf(() => root("RemoveUserFromGroup", { GroupName: "web", UserName: "alice" }))).to.equal(
        "NoSuchEntity: User alice is not in group web.",
      );
    });
  });

  describe("identifiers", () => {
    const aliceWithPhone = () => {
      const aws = newAccountWithUser();
      return {
        aws,
        user: aws.account.call(ROOT, "GetUser", { UserName: "alice" }).User,
        device: createDevice(aws, "phone"),
      };
    };

    it("look like AWS's", () => {
      const { aws, user } = aliceWithPhone();
      expect(user.UserId).to.match(/^AIDA[A-Z2-7]{17}$/);
      const { AccessKeyId, SecretAccessKey } = aws.account.call(ROOT, "CreateAccessKey", {
        UserName: "alice",
      }).AccessKey;
      expect(AccessKeyId).to.match(/^AKIA[A-Z2-7]{16}$/);
      expect(SecretAccessKey).to.match(/^[A-Za-z0-9+/]{40}$/);
      expect(aws.account.call(ROOT, "CreateGroup", { GroupName: "web" }).Group.GroupId).to.match(/^AGPA[A-Z2-7]{17}$/);
      expect(
        aws.account.call(ROOT, "CreatePolicy", { PolicyName: "all", PolicyDocument: ALLOW_ALL }).Policy.PolicyId,
      ).to.match(/^ANPA[A-Z2-7]{17}$/);
    });

    it("are the same whenever the same is done, and their own for each user", () => {
      const [one, other] = [aliceWithPhone(), aliceWithPhone()];
      expect([one.user, one.device, one.aws.records]).to.deep.equal([other.user, other.device, other.aws.records]);
      const bob = one.aws.account.call(ROOT, "CreateUser", { UserName: "bob" }).User;
      expect(bob.UserId).not.to.equal(one.user.UserId);
    });
  });
});
