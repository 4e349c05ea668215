import { expect } from "chai";
import { ALLOW_ALL, newAccount, newAccountWithUser, ROOT, signedIn, type TestAccount } from "../../support/account";

const PolicyArn = "arn:aws:iam::123456789012:policy/all";
const DENY_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

const defaultOf = ({ account }: TestAccount) => account.call(ROOT, "GetPolicy", { PolicyArn }).Policy.DefaultVersionId;

/** An account with a policy of two versions, made a minute apart. */
function withTwoVersions(parameters: Readonly<Record<string, string>> = {}): TestAccount {
  const aws = newAccountWithUser();
  aws.root("CreatePolicy", { PolicyName: "all", PolicyDocument: ALLOW_ALL });
  aws.waitSeconds(60);
  aws.root("CreatePolicyVersion", { PolicyArn, PolicyDocument: DENY_ALL, ...parameters });
  return aws;
}

describe("IamAccount", () => {
  describe("the versions of a policy", () => {
    for (const [parameters, newest] of [
      [{}, false],
      [{ SetAsDefault: "false" }, false],
      [{ SetAsDefault: "true" }, true],
    ] as const) {
      it(`are listed, the newest ${newest ? "in effect" : "not"}, where it is made with ${JSON.stringify(parameters)}`, () => {
        const aws = withTwoVersions(parameters);
        expect(aws.account.call(ROOT, "ListPolicyVersions", { PolicyArn })).to.deep.equal({
          Versions: [
            { IsDefaultVersion: newest, VersionId: "v2", CreateDate: new Date("2026-03-05T01:03:38Z") },
            { IsDefaultVersion: !newest, VersionId: "v1", CreateDate: new Date("2026-03-05T01:02:38Z") },
          ],
          IsTruncated: false,
        });
        expect(defaultOf(aws)).to.equal(newest ? "v2" : "v1");
      });
    }

    it("are told without their documents where they are made", () => {
      const { account, root } = newAccount();
      root("CreatePolicy", { PolicyName: "all", PolicyDocument: ALLOW_ALL });
      expect(account.call(ROOT, "CreatePolicyVersion", { PolicyArn, PolicyDocument: DENY_ALL })).to.deep.equal({
        PolicyVersion: { IsDefaultVersion: false, VersionId: "v2", CreateDate: new Date("2026-03-05T01:02:38Z") },
      });
    });

    it("give back their documents to the letter, percent-encoded", () => {
      const { account } = withTwoVersions({
        PolicyDocument: '{ "Statement": {"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::(it\'s mine!)+"} }\n',
      });
      expect(account.call(ROOT, "GetPolicyVersion", { PolicyArn, VersionId: "v2" })).to.deep.equal({
        PolicyVersion: {
          Document:
            "%7B%20%22Statement%22%3A%20%7B%22Effect%22%3A%22Deny%22%2C%22Action%22%3A%22s3%3A%2A%22%2C" +
            "%22Resource%22%3A%22arn%3Aaws%3As3%3A%3A%3A%28it%27s%20mine%21%29%2B%22%7D%20%7D%0A",
          IsDefaultVersion: false,
          VersionId: "v2",
          CreateDate: new Date("2026-03-05T01:03:38Z"),
        },
      });
    });

    it("give back AWS's documents too", () => {
      const { account } = newAccount();
      const { PolicyVersion } = account.call(ROOT, "GetPolicyVersion", {
        PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
        VersionId: "v1",
      });
      expect(PolicyVersion.Document).to.equal(
        "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C" +
          "%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D",
      );
    });

    it("count by the one that is the default", () => {
      const { account, root } = withTwoVersions();
      const effects = () =>
        account.identityPoliciesOf(signedIn("alice")).map(({ Statement }) => Statement.map(({ Effect }) => Effect));
      root("AttachUserPolicy", { UserName: "alice", PolicyArn });
      expect(effects()).to.deep.equal([["Allow"]]);
      root("SetDefaultPolicyVersion", { PolicyArn, VersionId: "v2" });
      expect(effects()).to.deep.equal([["Deny"]]);
      root("SetDefaultPolicyVersion", { PolicyArn, VersionId: "v1" });
      expect(effects()).to.deep.equal([["Allow"]]);
    });

    it("change the date of the policy's last change, not of its making", () => {
      const { account } = withTwoVersions();
      expect(account.call(ROOT, "GetPolicy", { PolicyArn }).Policy).to.deep.include({
        CreateDate: new Date("2026-03-05T01:02:38Z"),
        UpdateDate: new Date("2026-03-05T01:03:38Z"),
      });
    });

    it("have ids that are not given again", () => {
      const { account, root } = withTwoVersions();
      root("DeletePolicyVersion", { PolicyArn, VersionId: "v2" });
      const { PolicyVersion } = account.call(ROOT, "CreatePolicyVersion", { PolicyArn, PolicyDocument: DENY_ALL });
      expect(PolicyVersion.VersionId).to.equal("v3");
    });

    it("are deleted but for the default one", () => {
      const aws = withTwoVersions({ SetAsDefault: "true" });
      expect(() => aws.root("DeletePolicyVersion", { PolicyArn, VersionId: "v2" })).to.throw(
        "Cannot delete the default version of a policy.",
      );
      expect(aws.account.answer(ROOT, "DeletePolicyVersion", { PolicyArn, VersionId: "v2" }))
        .to.have.property("error")
        .that.includes({ code: "DeleteConflict", status: 409 });
      aws.root("DeletePolicyVersion", { PolicyArn, VersionId: "v1" });
      expect(
        aws.account.call(ROOT, "ListPolicyVersions", { PolicyArn }).Versions.map(({ VersionId }) => VersionId),
      ).to.deep.equal(["v2"]);
    });

    for (const action of ["GetPolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion"]) {
      it(`are not known to ${action} where there are none of that id`, () => {
        const { root } = withTwoVersions();
        expect(() => root(action, { PolicyArn, VersionId: "v3" })).to.throw(
          "Policy arn:aws:iam::123456789012:policy/all version v3 does not exist or is not attachable.",
        );
      });
    }

    it("are recorded by what was sent, SetAsDefault even where it was not", () => {
      const { recordOf } = withTwoVersions();
      const { requestParameters, responseElements } = recordOf("CreatePolicyVersion", {
        PolicyArn,
        PolicyDocument: ALLOW_ALL,
      });
      expect(requestParameters).to.deep.equal({ policyArn: PolicyArn, policyDocument: ALLOW_ALL, setAsDefault: false });
      expect(responseElements).to.deep.equal({
        policyVersion: { isDefaultVersion: false, versionId: "v3", createDate: "Mar 5, 2026 1:03:38 AM" },
      });
      const set = recordOf("SetDefaultPolicyVersion", { PolicyArn, VersionId: "v3" });
      expect([set.requestParameters, set.responseElements]).to.deep.equal([
        { policyArn: PolicyArn, versionId: "v3" },
        null,
      ]);
    });
  });
});
