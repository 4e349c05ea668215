import { expect } from "chai";
import { compile, evaluate } from "../../../policy-language/evaluator";
import { ALLOW_ALL, HANDLER, newAccount, newAccountWithUser, ROOT, refusalOf, signedIn } from "../../support/account";

const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const BOUNDARY = "arn:aws:iam::123456789012:policy/Boundary";

const statement = (Effect: string, Action: string) =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"${Effect}","Action":"${Action}","Resource":"*"}]}`;

/** An account that judges by the policies, with one user and a policy to be the boundary. */
function withBoundary(boundary: string, identity: string) {
  const aws = newAccountWithUser({
    authorize: ({ principal, action, resource, context }, policiesOf) =>
      evaluate(compile(policiesOf(principal)), { action, resource, context }).allowed,
  });
  aws.root("CreatePolicy", { PolicyName: "Boundary", PolicyDocument: boundary });
  aws.root("PutUserPolicy", { UserName: "alice", PolicyName: "own", PolicyDocument: identity });
  aws.root("PutUserPermissionsBoundary", { UserName: "alice", PermissionsBoundary: BOUNDARY });
  return aws;
}

describe("IamAccount", () => {
  describe("permissions boundaries", () => {
    const verdicts = [
      ["both allow it", statement("Allow", "iam:*"), statement("Allow", "iam:ListUsers"), true],
      ["the boundary alone allows it", statement("Allow", "*"), statement("Allow", "iam:GetUser"), false],
      ["the boundary does not allow it", statement("Allow", "s3:*"), statement("Allow", "*"), false],
      [
        "the boundary denies it",
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},' +
          '{"Effect":"Deny","Action":"iam:List*","Resource":"*"}]}',
        statement("Allow", "*"),
        false,
      ],
    ] as const;
    for (const [title, boundary, identity, allowed] of verdicts) {
      it(`let ${allowed ? "pass" : "nothing pass"} where ${title}`, () => {
        const { account } = withBoundary(boundary, identity);
        expect(refusalOf(() => account.call(signedIn("ALICE"), "ListUsers"))).to.equal(
          allowed
            ? "no refusal"
            : "AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: iam:ListUsers " +
                "on resource: *",
        );
        expect(account.allows(signedIn("alice"), "iam:ListUsers", "*")).to.equal(allowed);
      });
    }

    it("count by the default version of their policies, until they are taken away", () => {
      const { account, root } = withBoundary(statement("Allow", "*"), statement("Allow", "*"));
      const may = () => account.allows(signedIn("alice"), "s3:ListAllMyBuckets", "*");
      const before = may();
      const PolicyDocument = statement("Allow", "iam:*");
      root("CreatePolicyVersion", { PolicyArn: BOUNDARY, PolicyDocument, SetAsDefault: "true" });
      const bounded = may();
      root("DeleteUserPermissionsBoundary", { UserName: "alice" });
      expect([before, bounded, may()]).to.deep.equal([true, false, true]);
    });

    it("are of users alone, and no identity-based policies", () => {
      const { account } = withBoundary(statement("Allow", "s3:*"), statement("Allow", "iam:*"));
      account.putRole(HANDLER.roleArn, [ALLOW_ALL]);
      expect(refusalOf(() => account.call(HANDLER, "ListUsers"))).to.equal("no refusal");
      expect(account.identityPoliciesOf(signedIn("alice"))).to.deep.equal([
        { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }] },
      ]);
    });

    it("are shown where one user is, by the ARN as the policy has it, and not in lists", () => {
      const { account, root } = newAccount();
      root("CreatePolicy", { PolicyName: "Boundary", PolicyDocument: ALLOW_ALL });
      const PermissionsBoundary = "arn:aws:iam::123456789012:policy/BOUNDARY";
      const shown = {
        PermissionsBoundaryType: "Policy",
        PermissionsBoundaryArn: "arn:aws:iam::123456789012:policy/Boundary",
      };
      expect(account.call(ROOT, "CreateUser", { UserName: "alice", PermissionsBoundary }).User).to.deep.include({
        PermissionsBoundary: shown,
      });
      expect(account.call(ROOT, "GetUser", { UserName: "alice" }).User).to.deep.include({ PermissionsBoundary: shown });
      expect(account.call(ROOT, "ListUsers").Users[0]).not.to.have.property("PermissionsBoundary");
    });

    it("are one a user: another takes its place, and none is shown once it is taken away", () => {
      const { account, root } = withBoundary(ALLOW_ALL, ALLOW_ALL);
      const user = () => account.call(ROOT, "GetUser", { UserName: "alice" }).User;
      root("PutUserPermissionsBoundary", { UserName: "alice", PermissionsBoundary: ADMINISTRATOR });
      expect(user()).to.have.nested.property("PermissionsBoundary.PermissionsBoundaryArn", ADMINISTRATOR);
      root("DeleteUserPermissionsBoundary", { UserName: "alice" });
      root("DeleteUserPermissionsBoundary", { UserName: "alice" });
      expect(user()).not.to.have.property("PermissionsBoundary");
    });

    it("keep their policy from being deleted, but not their user", () => {
      const { account, root } = withBoundary(ALLOW_ALL, ALLOW_ALL);
      root("CreateUser", { UserName: "bob", PermissionsBoundary: BOUNDARY });
      expect(account.call(ROOT, "GetPolicy", { PolicyArn: BOUNDARY }).Policy).to.include({
        AttachmentCount: 0,
        PermissionsBoundaryUsageCount: 2,
      });
      const deleting = () => root("DeletePolicy", { PolicyArn: BOUNDARY });
      root("DeleteUserPermissionsBoundary", { UserName: "alice" });
      expect(refusalOf(deleting)).to.equal("DeleteConflict: Cannot delete a policy attached to entities.");
      root("DeleteUser", { UserName: "bob" });
      expect(refusalOf(deleting)).to.equal("no refusal");
    });

    it("are recorded", () => {
      const { recordOf } = withBoundary(ALLOW_ALL, ALLOW_ALL);
      const put = recordOf("PutUserPermissionsBoundary", { UserName: "alice", PermissionsBoundary: ADMINISTRATOR });
      const created = recordOf("CreateUser", { UserName: "bob", PermissionsBoundary: ADMINISTRATOR });
      expect([put.requestParameters, put.responseElements, created.requestParameters]).to.deep.equal([
        { userName: "alice", permissionsBoundary: ADMINISTRATOR },
        null,
        { userName: "bob", permissionsBoundary: ADMINISTRATOR },
      ]);
      expect(created).to.have.deep.nested.property("responseElements.user.permissionsBoundary", {
        permissionsBoundaryType: "Policy",
        permissionsBoundaryArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      });
    });
  });
});
