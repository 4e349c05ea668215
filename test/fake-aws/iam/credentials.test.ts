import { expect } from "chai";
import { newAccountWithUser, ROOT, refusalOf, START_TIME, signedIn } from "../../support/account";

describe("IamAccount", () => {
  describe("passwords", () => {
    it("are made once, told of without the password, and changed by an administrator", () => {
      const { root } = newAccountWithUser();
      const profile = { UserName: "alice", CreateDate: new Date(START_TIME), PasswordResetRequired: true };
      const create = () =>
        root("CreateLoginProfile", { UserName: "alice", Password: "first", PasswordResetRequired: "true" });
      expect(create()).to.deep.equal({ LoginProfile: profile });
      expect(refusalOf(create)).to.equal("EntityAlreadyExists: Login Profile for user alice already exists.");
      root("UpdateLoginProfile", { UserName: "alice", Password: "second" });
      expect(root("GetLoginProfile", { UserName: "alice" })).to.deep.equal({ LoginProfile: profile });
      root("UpdateLoginProfile", { UserName: "alice", PasswordResetRequired: "false" });
      expect(root("GetLoginProfile", { UserName: "alice" })).to.deep.equal({
        LoginProfile: { ...profile, PasswordResetRequired: false },
      });
      root("DeleteLoginProfile", { UserName: "alice" });
      expect(refusalOf(create)).to.equal("no refusal");
    });

    it("are changed by their users, who know the old one, and then need no reset", () => {
      const { account, root } = newAccountWithUser();
      root("CreateLoginProfile", { UserName: "alice", Password: "first", PasswordResetRequired: "true" });
      const change = (OldPassword: string, NewPassword: string) => () =>
        account.call(signedIn("alice"), "ChangePassword", { OldPassword, NewPassword });
      expect(refusalOf(change("guess", "second"))).to.equal("AccessDenied: The old password was incorrect.");
      expect(refusalOf(change("first", "second"))).to.equal("no refusal");
      expect(refusalOf(change("first", "third"))).to.equal("AccessDenied: The old password was incorrect.");
      expect(account.call(ROOT, "GetLoginProfile", { UserName: "alice" }).LoginProfile.PasswordResetRequired).to.equal(
        false,
      );
    });
  });

  describe("credentials for one service alone", () => {
    it("are listed of one user, or of all at once, of one service or of all, page by page", () => {
      const { account, root } = newAccountWithUser({ pageSize: 1 });
      root("CreateUser", { UserName: "bob" });
      root("CreateServiceSpecificCredential", { UserName: "alice", ServiceName: "codecommit.amazonaws.com" });
      root("CreateServiceSpecificCredential", { UserName: "bob", ServiceName: "bedrock.amazonaws.com" });
      const list = (parameters: Readonly<Record<string, string>>) => {
        const answer = account.call(ROOT, "ListServiceSpecificCredentials", parameters);
        const told = answer.ServiceSpecificCredentials.map(({ UserName, ServiceName }) => `${UserName} ${ServiceName}`);
        return [...told, answer.IsTruncated];
      };
      expect(list({ UserName: "bob" })).to.deep.equal(["bob bedrock.amazonaws.com", false]);
      expect(list({ AllUsers: "true" })).to.deep.equal(["alice codecommit.amazonaws.com", true]);
      expect(list({ AllUsers: "true", ServiceName: "bedrock.amazonaws.com" })).to.deep.equal([
        "bob bedrock.amazonaws.com",
        false,
      ]);
      expect(refusalOf(() => list({ AllUsers: "true", UserName: "bob" }))).to.match(/^ValidationError: /);
    });
  });

  describe("callers who name no user", () => {
    it("mean themselves", () => {
      const { account } = newAccountWithUser();
      const alice = { type: "IAMUser", userName: "ALICE" } as const;
      const key = account.call(alice, "CreateAccessKey").AccessKey;
      account.call(alice, "CreateLoginProfile", { Password: "secret" });
      account.enrolPasskey("alice");
      expect(account.call(alice, "GetUser").User.UserName).to.equal("alice");
      expect(account.call(alice, "GetLoginProfile").LoginProfile.UserName).to.equal("alice");
      expect(account.call(alice, "ListMFADevices").MFADevices).to.have.length(1);
      expect(account.call(alice, "ListAccessKeys")).to.deep.equal({
        AccessKeyMetadata: [
          { UserName: "alice", AccessKeyId: key.AccessKeyId, Status: "Active", CreateDate: new Date(START_TIME) },
        ],
        IsTruncated: false,
      });
      account.call(alice, "DeleteAccessKey", { AccessKeyId: key.AccessKeyId });
      account.call(alice, "DeleteLoginProfile");
      expect(account.call(alice, "ListAccessKeys").AccessKeyMetadata).to.deep.equal([]);
    });
  });
});
