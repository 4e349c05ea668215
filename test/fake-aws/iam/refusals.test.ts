import { expect } from "chai";
import { type CallParameters, IamError } from "../../../fake-aws/iam/account";
import { ALLOW_ALL, newAccount, newAccountWithUser, ROOT, refusalOf, signedIn } from "../../support/account";

describe("IamAccount", () => {
  describe("what it refuses", () => {
    const NAME_RULE = "It must contain only alphanumeric characters and/or the following: +=,.@_-";
    const CONSTRAINT = "failed to satisfy constraint: Member must";
    const cases: readonly (readonly [title: string, action: string, parameters: CallParameters, refusal: string])[] = [
      [
        "a name with a space",
        "CreateUser",
        { UserName: "AWS ROOT USER" },
        `ValidationError: The specified value for userName is invalid. ${NAME_RULE}`,
      ],
      [
        "a new user's name of 65 characters",
        "CreateUser",
        { UserName: "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz012" },
        "ValidationError: 1 validation error detected: Value " +
          "'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz012' at 'userName' " +
          `${CONSTRAINT} have length less than or equal to 64`,
      ],
      [
        "a parameter that is missing",
        "AddUserToGroup",
        { UserName: "alice" },
        `ValidationError: 1 validation error detected: Value null at 'groupName' ${CONSTRAINT} not be null`,
      ],
      [
        "a parameter that the action does not have",
        "GetUser",
        { UserName: "alice", Verbose: "true" },
        "ValidationError: Unknown parameter: Verbose",
      ],
      [
        "a path without a slash at its end",
        "CreateGroup",
        { GroupName: "web", Path: "/eng" },
        "ValidationError: The specified value for path is invalid. It must begin and end with / and contain only " +
          "alphanumeric characters and/or / characters.",
      ],
      [
        "a code that is not six digits",
        "EnableMFADevice",
        {
          UserName: "alice",
          SerialNumber: "GAKT12345678",
          AuthenticationCode1: "12345a",
          AuthenticationCode2: "123456",
        },
        "ValidationError: 1 validation error detected: Value '12345a' at 'authenticationCode1' " +
          `${CONSTRAINT} satisfy regular expression pattern: \\d+`,
      ],
      [
        "an assignment status that is none",
        "ListVirtualMFADevices",
        { AssignmentStatus: "Lost" },
        "ValidationError: 1 validation error detected: Value 'Lost' at 'assignmentStatus' " +
          `${CONSTRAINT} satisfy enum value set: [Assigned, Unassigned, Any]`,
      ],
      [
        "a page of no items",
        "ListUsers",
        { MaxItems: "0" },
        "ValidationError: 1 validation error detected: Value '0' at 'maxItems' " +
          `${CONSTRAINT} have value greater than or equal to 1`,
      ],
      [
        "a page of 1,001 items",
        "ListUsers",
        { MaxItems: "1001" },
        "ValidationError: 1 validation error detected: Value '1001' at 'maxItems' " +
          `${CONSTRAINT} have value less than or equal to 1000`,
      ],
      [
        "a kind of entity that is none",
        "GetAccountAuthorizationDetails",
        { "Filter.member.1": "User", "Filter.member.2": "Users" },
        "ValidationError: 1 validation error detected: Value 'Users' at 'filter' " +
          `${CONSTRAINT} satisfy enum value set: [User, Role, Group, LocalManagedPolicy, AWSManagedPolicy]`,
      ],
      [
        "a list that is sent as one text",
        "GetAccountAuthorizationDetails",
        { Filter: "User" },
        "ValidationError: Filter is a list, whose members are Filter.member.1 and so on",
      ],
      [
        "a text that is sent as a list",
        "GetUser",
        { "UserName.member.1": "alice" },
        "ValidationError: Unknown parameter: UserName.member.1",
      ],
      ["a marker that is none of its own", "ListUsers", { Marker: "bm9uc2Vuc2U" }, "ValidationError: Invalid Marker."],
      [
        "a user who does not exist",
        "ListMFADevices",
        { UserName: "mallory" },
        "NoSuchEntity: The user with name mallory cannot be found.",
      ],
      [
        "a group that does not exist",
        "AddUserToGroup",
        { GroupName: "nobody", UserName: "alice" },
        "NoSuchEntity: The group with name nobody cannot be found.",
      ],
      [
        "to list the users of a group that does not exist",
        "GetGroup",
        { GroupName: "nobody", MaxItems: "1" },
        "NoSuchEntity: The group with name nobody cannot be found.",
      ],
      [
        "a password that does not exist",
        "GetLoginProfile",
        { UserName: "alice" },
        "NoSuchEntity: Login Profile for User alice cannot be found.",
      ],
      [
        "to take away a password that does not exist",
        "DeleteLoginProfile",
        { UserName: "alice" },
        "NoSuchEntity: Login Profile for User alice cannot be found.",
      ],
      [
        "a device that does not exist",
        "DeactivateMFADevice",
        { UserName: "alice", SerialNumber: "GAKT12345678" },
        "NoSuchEntity: MFA Device GAKT12345678 of user alice cannot be found.",
      ],
      [
        "to delete a device that does not exist",
        "DeleteVirtualMFADevice",
        { SerialNumber: "arn:aws:iam::123456789012:mfa/gone" },
        "NoSuchEntity: VirtualMFADevice with serial number arn:aws:iam::123456789012:mfa/gone doesn't exist.",
      ],
      [
        "to attach a policy that does not exist",
        "AttachUserPolicy",
        { UserName: "alice", PolicyArn: "arn:aws:iam::123456789012:policy/gone" },
        "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/gone does not exist or is not attachable.",
      ],
      [
        "to detach a policy that is not attached",
        "DetachUserPolicy",
        { UserName: "alice", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
        "NoSuchEntity: Policy arn:aws:iam::aws:policy/AdministratorAccess was not found.",
      ],
      [
        "to delete a policy of AWS's",
        "DeletePolicy",
        { PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
        "AccessDenied: Policy arn:aws:iam::aws:policy/AdministratorAccess is outside of your own account.",
      ],
      [
        "a version of a policy that does not exist",
        "CreatePolicyVersion",
        { PolicyArn: "arn:aws:iam::123456789012:policy/gone", PolicyDocument: ALLOW_ALL },
        "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/gone was not found.",
      ],
      [
        "another default version of a policy that does not exist",
        "SetDefaultPolicyVersion",
        { PolicyArn: "arn:aws:iam::123456789012:policy/gone", VersionId: "v1" },
        "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/gone was not found.",
      ],
      [
        "to delete a version of a policy that does not exist",
        "DeletePolicyVersion",
        { PolicyArn: "arn:aws:iam::123456789012:policy/gone", VersionId: "v1" },
        "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/gone was not found.",
      ],
      [
        "to show a version of a policy that does not exist",
        "GetPolicyVersion",
        { PolicyArn: "arn:aws:iam::123456789012:policy/gone", VersionId: "v1" },
        "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/gone was not found.",
      ],
      [
        "to list the versions of a policy that does not exist",
        "ListPolicyVersions",
        { PolicyArn: "arn:aws:iam::123456789012:policy/gone" },
        "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/gone was not found.",
      ],
      [
        "a version of a policy of AWS's",
        "CreatePolicyVersion",
        { PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess", PolicyDocument: ALLOW_ALL },
        "AccessDenied: Policy arn:aws:iam::aws:policy/AdministratorAccess is outside of your own account.",
      ],
      [
        "another default version of a policy of AWS's",
        "SetDefaultPolicyVersion",
        { PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess", VersionId: "v1" },
        "AccessDenied: Policy arn:aws:iam::aws:policy/AdministratorAccess is outside of your own account.",
      ],
      [
        "to delete a version of a policy of AWS's",
        "DeletePolicyVersion",
        { PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess", VersionId: "v1" },
        "AccessDenied: Policy arn:aws:iam::aws:policy/AdministratorAccess is outside of your own account.",
      ],
      [
        "a version that does not exist",
        "GetPolicyVersion",
        { PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess", VersionId: "v2" },
        "NoSuchEntity: Policy arn:aws:iam::aws:policy/AdministratorAccess version v2 does not exist or is not attachable.",
      ],
      [
        "a version's id that is none",
        "GetPolicyVersion",
        { PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess", VersionId: "v0" },
        "ValidationError: 1 validation error detected: Value 'v0' at 'versionId' " +
          `${CONSTRAINT} satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?`,
      ],
      [
        "an inline policy of a group that does not exist",
        "PutGroupPolicy",
        { GroupName: "nobody", PolicyName: "all", PolicyDocument: ALLOW_ALL },
        "NoSuchEntity: The group with name nobody cannot be found.",
      ],
      [
        "to show an inline policy of a group that does not exist",
        "GetGroupPolicy",
        { GroupName: "nobody", PolicyName: "all" },
        "NoSuchEntity: The group with name nobody cannot be found.",
      ],
      [
        "to list the inline policies of a group that does not exist",
        "ListGroupPolicies",
        { GroupName: "nobody" },
        "NoSuchEntity: The group with name nobody cannot be found.",
      ],
      [
        "to delete an inline policy of a group that does not exist",
        "DeleteGroupPolicy",
        { GroupName: "nobody", PolicyName: "all" },
        "NoSuchEntity: The group with name nobody cannot be found.",
      ],
      [
        "to rename a group that does not exist",
        "UpdateGroup",
        { GroupName: "nobody", NewGroupName: "ops" },
        "NoSuchEntity: The group with name nobody cannot be found.",
      ],
      [
        "a boundary for a user who does not exist",
        "PutUserPermissionsBoundary",
        { UserName: "mallory", PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess" },
        "NoSuchEntity: The user with name mallory cannot be found.",
      ],
      [
        "a boundary that does not exist",
        "PutUserPermissionsBoundary",
        { UserName: "alice", PermissionsBoundary: "arn:aws:iam::123456789012:policy/gone" },
        "NoSuchEntity: Scope ARN: arn:aws:iam::123456789012:policy/gone does not exist or is not attachable.",
      ],
      [
        "a new user's boundary that does not exist",
        "CreateUser",
        { UserName: "bob", PermissionsBoundary: "arn:aws:iam::123456789012:policy/gone" },
        "NoSuchEntity: Scope ARN: arn:aws:iam::123456789012:policy/gone does not exist or is not attachable.",
      ],
      [
        "to take the boundary from a user who does not exist",
        "DeleteUserPermissionsBoundary",
        { UserName: "mallory" },
        "NoSuchEntity: The user with name mallory cannot be found.",
      ],
      [
        "to delete an access key that does not exist",
        "DeleteAccessKey",
        { UserName: "alice", AccessKeyId: "AKIAIOSFODNN7EXAMPLE" },
        "NoSuchEntity: The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found.",
      ],
      [
        "a second user of a name in other case",
        "CreateUser",
        { UserName: "ALICE" },
        "EntityAlreadyExists: User with name ALICE already exists.",
      ],
      [
        "to leave out the user where the caller is none",
        "GetLoginProfile",
        {},
        "ValidationError: Must specify userName when calling with non-User credentials",
      ],
      [
        "to change the password of a caller who is no user",
        "ChangePassword",
        { OldPassword: "old", NewPassword: "new" },
        "InvalidUserType: Only IAM Users can change their own password",
      ],
      [
        "an action that IAM does not have",
        "HoldUser",
        {},
        "InvalidAction: Could not find operation HoldUser for version 2010-05-08",
      ],
    ];
    for (const [title, action, parameters, refusal] of cases) {
      it(title, () => {
        const { root } = newAccountWithUser();
        expect(refusalOf(() => root(action, parameters))).to.equal(refusal);
      });
    }

    it("credentials of a user who does not exist", () => {
      const { account } = newAccount();
      expect(refusalOf(() => account.call(signedIn("alice"), "ListUsers"))).to.equal(
        "InvalidClientTokenId: The security token included in the request is invalid.",
      );
    });

    it("and says so by the status that goes with the code", () => {
      const { account } = newAccount();
      expect(() => account.call(ROOT, "GetUser", { UserName: "alice" }))
        .to.throw(IamError)
        .with.property("status", 404);
    });
  });
});
