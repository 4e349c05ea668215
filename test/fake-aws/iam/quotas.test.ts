import { expect } from "chai";
import { ALLOW_ALL, enableDevice, newAccount, newAccountWithUser, refusalOf, signedIn } from "../../support/account";

describe("IamAccount", () => {
  describe("quotas", () => {
    const TEN = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    it("are 10 groups a user", () => {
      const { root } = newAccountWithUser();
      for (const n of [...TEN, "10"]) root("CreateGroup", { GroupName: `g${n}` });
      for (const n of TEN) root("AddUserToGroup", { GroupName: `g${n}`, UserName: "alice" });
      expect(refusalOf(() => root("AddUserToGroup", { GroupName: "g10", UserName: "alice" }))).to.equal(
        "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10",
      );
      expect(root("AddUserToGroup", { GroupName: "g3", UserName: "alice" })).to.deep.equal({});
    });

    it("are 10 managed policies a user", () => {
      const { root } = newAccountWithUser();
      const arn = (n: string) => `arn:aws:iam::123456789012:policy/p${n}`;
      for (const n of [...TEN, "10"]) root("CreatePolicy", { PolicyName: `p${n}`, PolicyDocument: ALLOW_ALL });
      for (const n of TEN) root("AttachUserPolicy", { UserName: "alice", PolicyArn: arn(n) });
      expect(refusalOf(() => root("AttachUserPolicy", { UserName: "alice", PolicyArn: arn("10") }))).to.equal(
        "LimitExceeded: Cannot exceed quota for PoliciesPerUser: 10",
      );
      expect(root("AttachUserPolicy", { UserName: "alice", PolicyArn: arn("3") })).to.deep.equal({});
    });

    it("are 10 managed policies a group", () => {
      const { root } = newAccount();
      const attach = (n: string) => () =>
        root("AttachGroupPolicy", { GroupName: "web", PolicyArn: `arn:aws:iam::123456789012:policy/p${n}` });
      root("CreateGroup", { GroupName: "web" });
      for (const n of [...TEN, "10"]) root("CreatePolicy", { PolicyName: `p${n}`, PolicyDocument: ALLOW_ALL });
      expect([...TEN, "10"].map((n) => refusalOf(attach(n))).at(-2)).to.equal("no refusal");
      expect(refusalOf(attach("10"))).to.equal("LimitExceeded: Cannot exceed quota for PoliciesPerGroup: 10");
    });

    it("are 8 MFA devices a user, of whatever kind", () => {
      const aws = newAccountWithUser();
      for (const n of ["1", "2", "3", "4", "5", "6", "7"]) aws.account.enrolPasskey("alice", n);
      enableDevice(aws, signedIn("alice", true), "phone");
      const ninth = "LimitExceeded: Cannot exceed quota for MFADevicesPerUser: 8";
      expect(refusalOf(() => enableDevice(aws, signedIn("alice", true), "tablet"))).to.equal(ninth);
      expect(refusalOf(() => aws.account.enrolPasskey("alice", "9"))).to.equal(ninth);
    });

    it("are 2 access keys a user", () => {
      const { root } = newAccountWithUser();
      root("CreateAccessKey", { UserName: "alice" });
      root("CreateAccessKey", { UserName: "alice" });
      expect(refusalOf(() => root("CreateAccessKey", { UserName: "alice" }))).to.equal(
        "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2",
      );
    });

    // Around the padding stand 97 characters that count, and a space that does not.
    const documentWith = (padding: number) =>
      `{"Version":"2012-10-17", "Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::${"x".repeat(padding)}"}]}`;

    it("are 6,144 characters a managed policy, white space not counted", () => {
      const { root } = newAccount();
      const create = (PolicyName: string, padding: number) => () =>
        root("CreatePolicy", { PolicyName, PolicyDocument: documentWith(padding) });
      expect(refusalOf(create("fits", 6047))).to.equal("no refusal");
      expect(refusalOf(create("does-not", 6048))).to.equal("LimitExceeded: Cannot exceed quota for PolicySize: 6144");
    });

    it("are 6,144 characters a managed policy's further versions, too", () => {
      const { root } = newAccount();
      root("CreatePolicy", { PolicyName: "all", PolicyDocument: ALLOW_ALL });
      const create = (padding: number) => () =>
        root("CreatePolicyVersion", {
          PolicyArn: "arn:aws:iam::123456789012:policy/all",
          PolicyDocument: documentWith(padding),
        });
      expect(refusalOf(create(6047))).to.equal("no refusal");
      expect(refusalOf(create(6048))).to.equal("LimitExceeded: Cannot exceed quota for PolicySize: 6144");
    });

    it("are 5 versions a managed policy", () => {
      const { root } = newAccount();
      const PolicyArn = "arn:aws:iam::123456789012:policy/all";
      const create = () => root("CreatePolicyVersion", { PolicyArn, PolicyDocument: ALLOW_ALL });
      root("CreatePolicy", { PolicyName: "all", PolicyDocument: ALLOW_ALL });
      const sixth =
        "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must delete " +
        "an existing version.";
      expect([create, create, create, create, create].map(refusalOf)).to.deep.equal([
        "no refusal",
        "no refusal",
        "no refusal",
        "no refusal",
        sixth,
      ]);
      root("DeletePolicyVersion", { PolicyArn, VersionId: "v3" });
      expect(refusalOf(create)).to.equal("no refusal");
    });

    it("are 5,120 characters of inline policies a group, all together", () => {
      const { root } = newAccount();
      root("CreateGroup", { GroupName: "web" });
      const put = (PolicyName: string, padding: number) => () =>
        root("PutGroupPolicy", { GroupName: "WEB", PolicyName, PolicyDocument: documentWith(padding) });
      expect(refusalOf(put("half", 2463))).to.equal("no refusal");
      expect(refusalOf(put("other-half", 2464))).to.equal(
        "LimitExceeded: Maximum policy size of 5120 bytes exceeded for group web",
      );
      expect(refusalOf(put("other-half", 2463))).to.equal("no refusal");
    });

    it("are 2,048 characters of inline policies a user, all together", () => {
      const { root } = newAccountWithUser();
      const put = (PolicyName: string, padding: number) => () =>
        root("PutUserPolicy", { UserName: "alice", PolicyName, PolicyDocument: documentWith(padding) });
      expect(refusalOf(put("half", 927))).to.equal("no refusal");
      expect(refusalOf(put("other-half", 928))).to.equal(
        "LimitExceeded: Maximum policy size of 2048 bytes exceeded for user alice",
      );
      expect(refusalOf(put("other-half", 927))).to.equal("no refusal");
    });
  });
});
