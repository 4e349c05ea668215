import { expect } from "chai";
import type { Authorization, CallParameters, Principal } from "../../../fake-aws/iam/account";
import { ALLOW_ALL, HANDLER, newAccount, newAccountWithUser, ROOT, refusalOf, signedIn } from "../../support/account";

describe("IamAccount", () => {
  describe("authorisation", () => {
    const USER = "arn:aws:iam::123456789012:user/eng/alice";
    const GROUP = "arn:aws:iam::123456789012:group/teams/web";
    const POLICY = "arn:aws:iam::123456789012:policy/guards/all";
    const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };
    const serial = { SerialNumber: "arn:aws:iam::123456789012:mfa/phone" };
    const alice = { UserName: "ALICE" };
    const attach = { PolicyArn: POLICY };
    const resources: readonly (readonly [action: string, parameters: CallParameters, resources: readonly string[]])[] =
      [
        ["CreateUser", { UserName: "new", Path: "/ops/" }, ["arn:aws:iam::123456789012:user/ops/new"]],
        ["GetUser", alice, [USER]],
        ["GetUser", { UserName: "gone" }, ["arn:aws:iam::123456789012:user/gone"]],
        ["UpdateUser", { ...alice, NewUserName: "al" }, [USER, "arn:aws:iam::123456789012:user/eng/al"]],
        ["UpdateUser", { ...alice, NewPath: "/" }, [USER, "arn:aws:iam::123456789012:user/ALICE"]],
        ["DeleteUser", alice, [USER]],
        ["ListUsers", {}, ["*"]],
        ["CreateLoginProfile", { ...alice, Password: "p" }, [USER]],
        ["GetLoginProfile", {}, [USER]],
        ["UpdateLoginProfile", alice, [USER]],
        ["DeleteLoginProfile", alice, [USER]],
        ["ChangePassword", { OldPassword: "p", NewPassword: "q" }, [USER]],
        ["CreateAccessKey", {}, [USER]],
        ["ListAccessKeys", {}, [USER]],
        ["DeleteAccessKey", { AccessKeyId: "AKIAIOSFODNN7EXAMPLE" }, [USER]],
        ["CreateVirtualMFADevice", { VirtualMFADeviceName: "phone" }, ["arn:aws:iam::123456789012:mfa/phone"]],
        ["EnableMFADevice", { ...alice, ...serial, ...codes }, [USER]],
        ["DeactivateMFADevice", serial, [USER]],
        ["ResyncMFADevice", { ...alice, ...serial, ...codes }, [USER]],
        ["ListMFADevices", alice, [USER]],
        ["ListVirtualMFADevices", {}, ["*"]],
        ["DeleteVirtualMFADevice", serial, ["arn:aws:iam::123456789012:mfa/phone"]],
        ["DeleteVirtualMFADevice", { SerialNumber: "GAKT12345678" }, ["arn:aws:iam::123456789012:mfa/GAKT12345678"]],
        ["CreateGroup", { GroupName: "new", Path: "/ops/" }, ["arn:aws:iam::123456789012:group/ops/new"]],
        ["GetGroup", { GroupName: "web" }, [GROUP]],
        ["GetGroup", { GroupName: "gone" }, ["arn:aws:iam::123456789012:group/gone"]],
        ["DeleteGroup", { GroupName: "WEB" }, [GROUP]],
        [
          "UpdateGroup",
          { GroupName: "WEB", NewGroupName: "ops" },
          [GROUP, "arn:aws:iam::123456789012:group/teams/ops"],
        ],
        ["UpdateGroup", { GroupName: "web", NewPath: "/" }, [GROUP, "arn:aws:iam::123456789012:group/web"]],
        ["ListGroups", {}, ["*"]],
        ["AddUserToGroup", { GroupName: "web", UserName: "alice" }, [GROUP]],
        ["RemoveUserFromGroup", { GroupName: "web", UserName: "alice" }, [GROUP]],
        ["ListGroupsForUser", alice, [USER]],
        ["CreatePolicy", { PolicyName: "new", PolicyDocument: ALLOW_ALL }, ["arn:aws:iam::123456789012:policy/new"]],
        ["GetPolicy", attach, [POLICY]],
        ["DeletePolicy", attach, [POLICY]],
        ["AttachUserPolicy", { ...alice, ...attach }, [USER]],
        ["DetachUserPolicy", { ...alice, ...attach }, [USER]],
        ["ListAttachedUserPolicies", alice, [USER]],
        ["AttachGroupPolicy", { GroupName: "web", ...attach }, [GROUP]],
        ["DetachGroupPolicy", { GroupName: "web", ...attach }, [GROUP]],
        ["ListAttachedGroupPolicies", { GroupName: "web" }, [GROUP]],
        ["CreatePolicyVersion", { ...attach, PolicyDocument: ALLOW_ALL }, [POLICY]],
        ["SetDefaultPolicyVersion", { ...attach, VersionId: "v1" }, [POLICY]],
        ["DeletePolicyVersion", { ...attach, VersionId: "v1" }, [POLICY]],
        ["GetPolicyVersion", { ...attach, VersionId: "v1" }, [POLICY]],
        ["ListPolicyVersions", attach, [POLICY]],
        ["PutGroupPolicy", { GroupName: "web", PolicyName: "all", PolicyDocument: ALLOW_ALL }, [GROUP]],
        ["GetGroupPolicy", { GroupName: "web", PolicyName: "all" }, [GROUP]],
        ["ListGroupPolicies", { GroupName: "web" }, [GROUP]],
        ["DeleteGroupPolicy", { GroupName: "web", PolicyName: "all" }, [GROUP]],
        ["PutUserPermissionsBoundary", { ...alice, PermissionsBoundary: POLICY }, [USER]],
        ["DeleteUserPermissionsBoundary", alice, [USER]],
        ["GenerateCredentialReport", {}, ["*"]],
        ["GetCredentialReport", {}, ["*"]],
        ["GetAccountAuthorizationDetails", {}, ["*"]],
        ["PutUserPolicy", { ...alice, PolicyName: "all", PolicyDocument: ALLOW_ALL }, [USER]],
      ];
    for (const [action, parameters, expected] of resources) {
      it(`asks for ${action} on ${expected.join(" and ")}`, () => {
        const asked: Authorization[] = [];
        const { account, root } = newAccount({ authorize: (request) => asked.push(request) > 0 });
        root("CreateUser", { UserName: "alice", Path: "/eng/" });
        root("CreateGroup", { GroupName: "web", Path: "/teams/" });
        account.answer(signedIn("alice"), action, parameters);
        expect(asked.map(({ resource }) => resource)).to.deep.equal(expected);
        expect(asked[0]?.action).to.equal(`iam:${action}`);
      });
    }

    it("is followed by a record of every action that does not begin with Generate, Get or List", () => {
      const unlike = resources.filter(([action, parameters]) => {
        const { account, records } = newAccountWithUser();
        records.splice(0);
        account.answer(signedIn("alice"), action, parameters);
        return records.length !== (/^(Generate|Get|List)/.test(action) ? 0 : 1);
      });
      expect(unlike).to.deep.equal([]);
    });

    const user = {
      "aws:PrincipalArn": USER,
      "aws:PrincipalType": "User",
      "aws:PrincipalAccount": "123456789012",
      "aws:ViaAWSService": "false",
      "aws:username": "alice",
    };
    const contexts: readonly (readonly [title: string, Principal, Readonly<Record<string, string>>])[] = [
      ["an access key, which carries no MFA", { type: "IAMUser", userName: "alice" }, user],
      ["a session without MFA", signedIn("ALICE", false), { ...user, "aws:MultiFactorAuthPresent": "false" }],
      ["a session with MFA", signedIn("alice", true), { ...user, "aws:MultiFactorAuthPresent": "true" }],
    ];
    for (const [title, principal, expected] of contexts) {
      it(`tells the context of ${title}`, () => {
        const asked: Authorization[] = [];
        const { account, root } = newAccount({ authorize: (request) => asked.push(request) > 0 });
        root("CreateUser", { UserName: "alice", Path: "/eng/" });
        const { UserId } = account.call(ROOT, "GetUser", { UserName: "alice" }).User;
        account.call(principal, "ListUsers");
        expect(asked.map(({ context }) => context)).to.deep.equal([{ ...expected, "aws:userid": UserId }]);
      });
    }

    it("tells the context of a role's session", () => {
      const asked: Authorization[] = [];
      const { account } = newAccount({ authorize: (request) => asked.push(request) > 0 });
      account.call(HANDLER, "ListUsers");
      expect(asked[0]?.context["aws:userid"]).to.match(/^AROA[A-Z2-7]{17}:run$/);
      expect(asked[0]?.context).to.include({
        "aws:PrincipalArn": "arn:aws:iam::123456789012:role/require-mfa/handler",
        "aws:PrincipalType": "AssumedRole",
        "aws:MultiFactorAuthPresent": "false",
      });
      expect(asked[0]?.context).not.to.have.property("aws:username");
      expect(asked[0]?.context).not.to.have.property("lambda:SourceFunctionArn");
    });

    it("tells which function's own code calls with its role", () => {
      const asked: Authorization[] = [];
      const { account } = newAccount({ authorize: (request) => asked.push(request) > 0 });
      const sourceFunctionArn = "arn:aws:lambda:us-east-1:123456789012:function:handler";
      account.call({ ...HANDLER, sourceFunctionArn }, "ListUsers");
      expect(asked[0]?.context["lambda:SourceFunctionArn"]).to.equal(
        "arn:aws:lambda:us-east-1:123456789012:function:handler",
      );
    });

    for (const action of ["AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy"]) {
      it(`tells ${action}'s policy`, () => {
        const asked: Authorization[] = [];
        const { account } = newAccountWithUser({ authorize: (request) => asked.push(request) > 0 });
        const target = action.includes("User") ? { UserName: "alice" } : { GroupName: "web" };
        account.answer(signedIn("alice"), action, { ...target, PolicyArn: POLICY });
        expect(asked[0]?.context["iam:PolicyARN"]).to.equal("arn:aws:iam::123456789012:policy/guards/all");
      });
    }

    const OWN_BOUNDARY = "arn:aws:iam::aws:policy/AdministratorAccess";
    const boundaryKeys: readonly (readonly [action: string, parameters: CallParameters, expected: string])[] = [
      ["CreateUser", { UserName: "bob", PermissionsBoundary: POLICY }, POLICY],
      ["PutUserPermissionsBoundary", { ...alice, PermissionsBoundary: POLICY }, POLICY],
      ["DeleteUserPermissionsBoundary", alice, OWN_BOUNDARY],
      ["AttachUserPolicy", { ...alice, ...attach }, OWN_BOUNDARY],
      ["DetachUserPolicy", { ...alice, ...attach }, OWN_BOUNDARY],
      ["PutUserPolicy", { ...alice, PolicyName: "all", PolicyDocument: ALLOW_ALL }, OWN_BOUNDARY],
    ];
    for (const [action, parameters, expected] of boundaryKeys) {
      it(`tells ${action}'s ${expected === POLICY ? "new boundary" : "user's boundary"}`, () => {
        const asked: Authorization[] = [];
        const { account, root } = newAccountWithUser({ authorize: (request) => asked.push(request) > 0 });
        root("PutUserPermissionsBoundary", { UserName: "alice", PermissionsBoundary: OWN_BOUNDARY });
        account.answer(HANDLER, action, parameters);
        expect(asked[0]?.context["iam:PermissionsBoundary"]).to.equal(expected);
      });
    }

    it("tells of no boundary where there is none", () => {
      const asked: Authorization[] = [];
      const { account } = newAccountWithUser({ authorize: (request) => asked.push(request) > 0 });
      account.answer(HANDLER, "CreateUser", { UserName: "bob" });
      account.answer(HANDLER, "DeleteUserPermissionsBoundary", alice);
      expect(asked.map(({ context }) => "iam:PermissionsBoundary" in context)).to.deep.equal([false, false]);
    });

    it("hands over the policies to judge by", () => {
      const judged: unknown[] = [];
      const { account } = newAccountWithUser({
        authorize: ({ principal }, policiesOf) => judged.push(...policiesOf(principal)) > 0,
      });
      account.call(ROOT, "PutUserPolicy", { UserName: "alice", PolicyName: "all", PolicyDocument: ALLOW_ALL });
      account.call(signedIn("alice"), "ListUsers");
      expect(judged).to.deep.equal([
        { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
      ]);
    });

    it("answers for actions of other services, in the same context and without a trace", () => {
      const asked: Authorization[] = [];
      const { account, records } = newAccountWithUser({ authorize: (request) => asked.push(request) > 1 });
      const may = () => account.allows(signedIn("alice", true), "s3:GetObject", "arn:aws:s3:::reports/2026");
      account.clearLog();
      expect([may(), may(), account.allows(ROOT, "s3:GetObject", "arn:aws:s3:::reports/2026")]).to.deep.equal([
        false,
        true,
        true,
      ]);
      expect(asked[0]).to.deep.include({
        principal: signedIn("alice", true),
        action: "s3:GetObject",
        resource: "arn:aws:s3:::reports/2026",
      });
      expect(asked[0]?.context["aws:MultiFactorAuthPresent"]).to.equal("true");
      expect([account.log.length, records.length]).to.deep.equal([0, 1]);
    });

    it("refuses before it looks, and changes nothing", () => {
      const { account } = newAccountWithUser({ authorize: () => false });
      expect(refusalOf(() => account.call(HANDLER, "DeleteUser", { UserName: "mallory" }))).to.equal(
        "AccessDenied: User: arn:aws:sts::123456789012:assumed-role/handler/run is not authorized to perform: " +
          "iam:DeleteUser on resource: arn:aws:iam::123456789012:user/mallory",
      );
      expect(refusalOf(() => account.call(signedIn("alice"), "DeleteUser", { UserName: "alice" }))).to.equal(
        "AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: " +
          "iam:DeleteUser on resource: arn:aws:iam::123456789012:user/alice",
      );
      expect(account.call(ROOT, "ListUsers").Users).to.have.length(1);
    });

    it("asks for both ends of a renaming", () => {
      const { account, root } = newAccountWithUser({ authorize: ({ resource }) => /[/](alice|web)$/.test(resource) });
      root("CreateGroup", { GroupName: "web" });
      expect(refusalOf(() => account.call(HANDLER, "UpdateGroup", { GroupName: "web", NewGroupName: "ops" }))).to.match(
        /^AccessDenied: .* on resource: arn:aws:iam::123456789012:group\/ops$/,
      );
      expect(
        refusalOf(() => account.call(HANDLER, "UpdateUser", { UserName: "alice", NewUserName: "admin" })),
      ).to.match(/^AccessDenied: .* on resource: arn:aws:iam::123456789012:user\/admin$/);
    });
  });
});
