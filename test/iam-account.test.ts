import { expect } from "chai";
import {
  type Authorization,
  type CallParameters,
  type CloudTrailRecord,
  IamAccount,
  type IamAccountOptions,
  IamError,
  type Principal,
} from "../rehearsal/iam/account";
import { totpCode } from "../rehearsal/totp";

const ROOT = { type: "Root" } as const;
const ROLE = {
  type: "AssumedRole",
  roleArn: "arn:aws:iam::111122223333:role/require-mfa/handler",
  sessionName: "run",
} as const;
const START = "2026-03-05T01:02:38Z";

/** A session in the console. */
const signedIn = (userName: string, mfa = false) => ({ type: "IAMUser", userName, mfa }) as const;

interface Scene {
  readonly account: IamAccount;
  readonly records: CloudTrailRecord[];
  readonly root: (action: string, parameters?: CallParameters) => unknown;
  readonly wait: (seconds: number) => void;
  readonly now: () => Date;
}

function scene(options: Partial<IamAccountOptions> = {}): Scene {
  const clock = { now: new Date(START) };
  const records: CloudTrailRecord[] = [];
  const account = new IamAccount({
    accountId: "111122223333",
    partition: "aws",
    now: () => clock.now,
    onRecord: (record) => records.push(record),
    ...options,
  });
  return {
    account,
    records,
    root: (action, parameters) => account.call(ROOT, action, parameters),
    wait: (seconds) => {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
    },
    now: () => clock.now,
  };
}

function withUser(options: Partial<IamAccountOptions> = {}, userName = "alice"): Scene {
  const made = scene(options);
  made.root("CreateUser", { UserName: userName });
  return made;
}

/** Why a call fails, as code and message. */
function refusalOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof IamError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "no refusal";
}

function makeDevice({ account }: Scene, name: string) {
  const { VirtualMFADevice } = account.call(ROOT, "CreateVirtualMFADevice", { VirtualMFADeviceName: name });
  return { serial: VirtualMFADevice.SerialNumber, seed: Buffer.from(VirtualMFADevice.Base32StringSeed).toString() };
}

/** Enables a new device of a user by its codes, `early` and `late` seconds from now. */
function enable(
  on: Scene,
  caller: Principal,
  name: string,
  [early, late]: readonly [number, number] = [-30, 0],
  userName = "alice",
) {
  const { serial, seed } = makeDevice(on, name);
  const codeIn = (seconds: number) => totpCode(seed, new Date(on.now().getTime() + seconds * 1000));
  on.account.call(caller, "EnableMFADevice", {
    UserName: userName,
    SerialNumber: serial,
    AuthenticationCode1: codeIn(early),
    AuthenticationCode2: codeIn(late),
  });
  return serial;
}

function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error("the list is empty");
  return first;
}

const ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

describe("totpCode", () => {
  // RFC 6238, appendix B: SHA-1, the seed "12345678901234567890", the last six of its eight digits.
  const vectors: readonly (readonly [at: string, code: string])[] = [
    ["1970-01-01T00:00:59Z", "287082"],
    ["2005-03-18T01:58:29Z", "081804"],
    ["2005-03-18T01:58:31Z", "050471"],
    ["2009-02-13T23:31:30Z", "005924"],
    ["2033-05-18T03:33:20Z", "279037"],
    ["2603-10-11T11:33:20Z", "353130"],
  ];
  for (const [at, code] of vectors) {
    it(`is ${code} at ${at}`, () => {
      expect(totpCode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", new Date(at))).to.equal(code);
    });
  }

  it("reads seeds in lower case and with padding", () => {
    expect(totpCode("gezdgnbvgy3tqojqgezdgnbvgy3tqojq====", new Date("1970-01-01T00:00:59Z"))).to.equal("287082");
  });

  it("refuses characters that base32 does not have", () => {
    expect(() => totpCode("GEZ1", new Date(START))).to.throw(RangeError, '"1" is not a character of base32');
  });
});

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
        { SerialNumber: "arn:aws:iam::111122223333:mfa/gone" },
        "NoSuchEntity: VirtualMFADevice with serial number arn:aws:iam::111122223333:mfa/gone doesn't exist.",
      ],
      [
        "to attach a policy that does not exist",
        "AttachUserPolicy",
        { UserName: "alice", PolicyArn: "arn:aws:iam::111122223333:policy/gone" },
        "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/gone does not exist or is not attachable.",
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
        const { root } = withUser();
        expect(refusalOf(() => root(action, parameters))).to.equal(refusal);
      });
    }

    it("credentials of a user who does not exist", () => {
      const { account } = scene();
      expect(refusalOf(() => account.call(signedIn("alice"), "ListUsers"))).to.equal(
        "InvalidClientTokenId: The security token included in the request is invalid.",
      );
    });

    it("and says so by the status that goes with the code", () => {
      const { account } = scene();
      expect(() => account.call(ROOT, "GetUser", { UserName: "alice" }))
        .to.throw(IamError)
        .with.property("status", 404);
    });
  });

  describe("names", () => {
    it("finds users, groups and policies in any case and keeps the case they were made in", () => {
      const { root } = withUser({}, "Alice");
      root("CreateGroup", { GroupName: "Web", Path: "/Eng/" });
      root("CreatePolicy", { PolicyName: "All", PolicyDocument: ALLOW_ALL });
      root("AddUserToGroup", { GroupName: "WEB", UserName: "ALICE" });
      root("AttachUserPolicy", { UserName: "alice", PolicyArn: "arn:aws:iam::111122223333:policy/ALL" });
      expect(root("ListGroupsForUser", { UserName: "aLICE" })).to.have.nested.property("Groups[0].GroupName", "Web");
      expect(root("ListAttachedUserPolicies", { UserName: "alice" })).to.deep.equal({
        AttachedPolicies: [{ PolicyName: "All", PolicyArn: "arn:aws:iam::111122223333:policy/All" }],
        IsTruncated: false,
      });
    });

    it("renames and moves a user, who keeps everything", () => {
      const on = withUser();
      const { root, account } = on;
      root("CreateGroup", { GroupName: "web" });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      const serial = enable(on, signedIn("alice"), "phone");
      root("UpdateUser", { UserName: "alice", NewUserName: "alicia", NewPath: "/eng/" });
      expect(refusalOf(() => root("GetUser", { UserName: "alice" }))).to.equal(
        "NoSuchEntity: The user with name alice cannot be found.",
      );
      expect(account.call(ROOT, "GetUser", { UserName: "alicia" }).User.Arn).to.equal(
        "arn:aws:iam::111122223333:user/eng/alicia",
      );
      expect(root("GetGroup", { GroupName: "web" })).to.have.nested.property("Users[0].UserName", "alicia");
      expect(root("ListMFADevices", { UserName: "alicia" })).to.have.nested.property(
        "MFADevices[0].SerialNumber",
        serial,
      );
    });

    it("lets a user's name change its case, and no user take another's", () => {
      const { root } = withUser();
      root("CreateUser", { UserName: "bob" });
      root("UpdateUser", { UserName: "alice", NewUserName: "Alice" });
      expect(root("GetUser", { UserName: "alice" })).to.have.nested.property("User.UserName", "Alice");
      expect(refusalOf(() => root("UpdateUser", { UserName: "bob", NewUserName: "ALICE" }))).to.equal(
        "EntityAlreadyExists: User with name ALICE already exists.",
      );
    });
  });

  describe("making", () => {
    it("refuses what is there already, in any case and under any path", () => {
      const { root } = scene();
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
      const { root } = withUser();
      const Description = "Lets everything pass.";
      root("CreatePolicy", { PolicyName: "all", Path: "/guards/", PolicyDocument: ALLOW_ALL, Description });
      const PolicyArn = "arn:aws:iam::111122223333:policy/guards/all";
      root("CreateGroup", { GroupName: "web" });
      root("AttachGroupPolicy", { GroupName: "web", PolicyArn });
      root("AttachUserPolicy", { UserName: "alice", PolicyArn });
      expect(root("GetPolicy", { PolicyArn }))
        .to.have.property("Policy")
        .that.deep.includes({
          PolicyName: "all",
          Arn: "arn:aws:iam::111122223333:policy/guards/all",
          Path: "/guards/",
          DefaultVersionId: "v1",
          AttachmentCount: 2,
          IsAttachable: true,
          Description: "Lets everything pass.",
          CreateDate: new Date(START),
        });
      expect(root("ListAttachedGroupPolicies", { GroupName: "web", PathPrefix: "/guards/" })).to.deep.equal({
        AttachedPolicies: [{ PolicyName: "all", PolicyArn: "arn:aws:iam::111122223333:policy/guards/all" }],
        IsTruncated: false,
      });
      root("CreatePolicy", { PolicyName: "old", Path: "/old/guards/", PolicyDocument: ALLOW_ALL });
      root("AttachGroupPolicy", { GroupName: "web", PolicyArn: "arn:aws:iam::111122223333:policy/old/guards/old" });
      expect(root("ListAttachedGroupPolicies", { GroupName: "web", PathPrefix: "/guards/" }))
        .to.have.property("AttachedPolicies")
        .with.length(1);
      expect(root("ListAttachedUserPolicies", { UserName: "alice", PathPrefix: "/other/" })).to.deep.equal({
        AttachedPolicies: [],
        IsTruncated: false,
      });
    });
  });

  describe("quotas", () => {
    const TEN = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    it("are 10 groups a user", () => {
      const { root } = withUser();
      for (const n of [...TEN, "10"]) root("CreateGroup", { GroupName: `g${n}` });
      for (const n of TEN) root("AddUserToGroup", { GroupName: `g${n}`, UserName: "alice" });
      expect(refusalOf(() => root("AddUserToGroup", { GroupName: "g10", UserName: "alice" }))).to.equal(
        "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10",
      );
      expect(root("AddUserToGroup", { GroupName: "g3", UserName: "alice" })).to.deep.equal({});
    });

    it("are 10 managed policies a user", () => {
      const { root } = withUser();
      const arn = (n: string) => `arn:aws:iam::111122223333:policy/p${n}`;
      for (const n of [...TEN, "10"]) root("CreatePolicy", { PolicyName: `p${n}`, PolicyDocument: ALLOW_ALL });
      for (const n of TEN) root("AttachUserPolicy", { UserName: "alice", PolicyArn: arn(n) });
      expect(refusalOf(() => root("AttachUserPolicy", { UserName: "alice", PolicyArn: arn("10") }))).to.equal(
        "LimitExceeded: Cannot exceed quota for PoliciesPerUser: 10",
      );
      expect(root("AttachUserPolicy", { UserName: "alice", PolicyArn: arn("3") })).to.deep.equal({});
    });

    it("are 10 managed policies a group", () => {
      const { root } = scene();
      const attach = (n: string) => () =>
        root("AttachGroupPolicy", { GroupName: "web", PolicyArn: `arn:aws:iam::111122223333:policy/p${n}` });
      root("CreateGroup", { GroupName: "web" });
      for (const n of [...TEN, "10"]) root("CreatePolicy", { PolicyName: `p${n}`, PolicyDocument: ALLOW_ALL });
      expect([...TEN, "10"].map((n) => refusalOf(attach(n))).at(-2)).to.equal("no refusal");
      expect(refusalOf(attach("10"))).to.equal("LimitExceeded: Cannot exceed quota for PoliciesPerGroup: 10");
    });

    it("are 8 MFA devices a user, of whatever kind", () => {
      const on = withUser();
      for (const n of ["1", "2", "3", "4", "5", "6", "7"]) on.account.enrolPasskey("alice", n);
      enable(on, signedIn("alice", true), "phone");
      const ninth = "LimitExceeded: Cannot exceed quota for MFADevicesPerUser: 8";
      expect(refusalOf(() => enable(on, signedIn("alice", true), "tablet"))).to.equal(ninth);
      expect(refusalOf(() => on.account.enrolPasskey("alice", "9"))).to.equal(ninth);
    });

    it("are 2 access keys a user", () => {
      const { root } = withUser();
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
      const { root } = scene();
      const create = (PolicyName: string, padding: number) => () =>
        root("CreatePolicy", { PolicyName, PolicyDocument: documentWith(padding) });
      expect(refusalOf(create("fits", 6047))).to.equal("no refusal");
      expect(refusalOf(create("does-not", 6048))).to.equal("LimitExceeded: Cannot exceed quota for PolicySize: 6144");
    });

    it("are 2,048 characters of inline policies a user, all together", () => {
      const { root } = withUser();
      const put = (PolicyName: string, padding: number) => () =>
        root("PutUserPolicy", { UserName: "alice", PolicyName, PolicyDocument: documentWith(padding) });
      expect(refusalOf(put("half", 927))).to.equal("no refusal");
      expect(refusalOf(put("other-half", 928))).to.equal(
        "LimitExceeded: Maximum policy size of 2048 bytes exceeded for user alice",
      );
      expect(refusalOf(put("other-half", 927))).to.equal("no refusal");
    });
  });

  describe("roles", () => {
    it("have 10,240 characters of inline policies, all together", () => {
      const { account } = scene();
      const policies = (length: number) => [
        `{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:${"x".repeat(length)}"}}`,
        '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
      ];
      expect(refusalOf(() => account.putRole(ROLE.roleArn, policies(10117)))).to.equal("no refusal");
      expect(refusalOf(() => account.putRole(ROLE.roleArn, policies(10118)))).to.equal(
        "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role arn:aws:iam::111122223333:role/require-mfa/handler",
      );
    });
  });

  describe("deleting", () => {
    const arrangements: readonly (readonly [title: string, refusal: string, arrange: (on: Scene) => unknown])[] = [
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
        const on = withUser();
        arrange(on);
        expect(refusalOf(() => on.root("DeleteUser", { UserName: "alice" }))).to.equal(refusal);
      });
    }

    it("lets a user go who has nothing left", () => {
      const { root } = withUser();
      root("DeleteUser", { UserName: "ALICE" });
      expect(root("ListUsers")).to.deep.equal({ Users: [], IsTruncated: false });
    });

    it("refuses a group until it has neither users nor policies", () => {
      const { root } = withUser();
      const deleting = () => root("DeleteGroup", { GroupName: "web" });
      const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
      root("CreateGroup", { GroupName: "web" });
      root("AttachGroupPolicy", { GroupName: "web", PolicyArn });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      expect(refusalOf(deleting)).to.equal("DeleteConflict: Cannot delete entity, must remove users from group first.");
      root("RemoveUserFromGroup", { GroupName: "web", UserName: "alice" });
      expect(refusalOf(deleting)).to.equal("DeleteConflict: Cannot delete entity, must detach all policies first.");
      root("DetachGroupPolicy", { GroupName: "web", PolicyArn });
      expect(refusalOf(deleting)).to.equal("no refusal");
    });

    it("refuses a policy while it is attached", () => {
      const { root } = withUser();
      const PolicyArn = "arn:aws:iam::111122223333:policy/guards/all";
      root("CreatePolicy", { PolicyName: "all", Path: "/guards/", PolicyDocument: ALLOW_ALL });
      root("AttachUserPolicy", { UserName: "alice", PolicyArn });
      expect(root("GetPolicy", { PolicyArn })).to.have.nested.property("Policy.AttachmentCount", 1);
      expect(refusalOf(() => root("DeletePolicy", { PolicyArn }))).to.equal(
        "DeleteConflict: Cannot delete a policy attached to entities.",
      );
      root("DetachUserPolicy", { UserName: "alice", PolicyArn });
      root("DeletePolicy", { PolicyArn });
      expect(refusalOf(() => root("GetPolicy", { PolicyArn }))).to.equal(
        "NoSuchEntity: Policy arn:aws:iam::111122223333:policy/guards/all was not found.",
      );
    });

    it("refuses a virtual device while somebody has it enabled", () => {
      const on = withUser();
      const SerialNumber = enable(on, signedIn("alice"), "phone");
      expect(refusalOf(() => on.root("DeleteVirtualMFADevice", { SerialNumber }))).to.equal(
        "DeleteConflict: MFA VirtualDevice in use. Must deactivate first.",
      );
      on.root("DeactivateMFADevice", { UserName: "alice", SerialNumber });
      on.root("DeleteVirtualMFADevice", { SerialNumber });
      expect(on.root("ListVirtualMFADevices")).to.deep.equal({ VirtualMFADevices: [], IsTruncated: false });
    });
  });

  describe("membership", () => {
    it("takes a second joining for granted and refuses the leaving of who is no member", () => {
      const { root } = withUser();
      root("CreateGroup", { GroupName: "web" });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      root("RemoveUserFromGroup", { GroupName: "web", UserName: "alice" });
      expect(refusalOf(() => root("RemoveUserFromGroup", { GroupName: "web", UserName: "alice" }))).to.equal(
        "NoSuchEntity: User alice is not in group web.",
      );
    });
  });

  describe("passwords", () => {
    it("are made once, told of without the password, and changed by an administrator", () => {
      const { root } = withUser();
      const profile = { UserName: "alice", CreateDate: new Date(START), PasswordResetRequired: true };
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
      const { account, root } = withUser();
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

  describe("callers who name no user", () => {
    it("mean themselves", () => {
      const { account } = withUser();
      const alice = { type: "IAMUser", userName: "ALICE" } as const;
      const key = account.call(alice, "CreateAccessKey").AccessKey;
      account.call(alice, "CreateLoginProfile", { Password: "secret" });
      account.enrolPasskey("alice");
      expect(account.call(alice, "GetUser").User.UserName).to.equal("alice");
      expect(account.call(alice, "GetLoginProfile").LoginProfile.UserName).to.equal("alice");
      expect(account.call(alice, "ListMFADevices").MFADevices).to.have.length(1);
      expect(account.call(alice, "ListAccessKeys")).to.deep.equal({
        AccessKeyMetadata: [
          { UserName: "alice", AccessKeyId: key.AccessKeyId, Status: "Active", CreateDate: new Date(START) },
        ],
        IsTruncated: false,
      });
      account.call(alice, "DeleteAccessKey", { AccessKeyId: key.AccessKeyId });
      account.call(alice, "DeleteLoginProfile");
      expect(account.call(alice, "ListAccessKeys").AccessKeyMetadata).to.deep.equal([]);
    });
  });

  describe("virtual MFA devices", () => {
    it("come with a seed of 64 characters in base32, each its own", () => {
      const on = scene();
      const [one, other] = [makeDevice(on, "one"), makeDevice(on, "other")];
      expect(one.serial).to.equal("arn:aws:iam::111122223333:mfa/one");
      expect(one.seed).to.match(/^[A-Z2-7]{64}$/);
      expect(other.seed)
        .to.match(/^[A-Z2-7]{64}$/)
        .and.not.equal(one.seed);
      expect(refusalOf(() => makeDevice(on, "one"))).to.equal(
        "EntityAlreadyExists: MFADevice entity at the same path and name already exists.",
      );
    });

    const pairs: readonly (readonly [title: string, seconds: readonly [number, number], accepted: boolean])[] = [
      ["the last code and this one", [-30, 0], true],
      ["this code and the next, by a clock that is 30 s fast", [0, 30], true],
      ["the two codes before this one, by a slow hand", [-60, -30], true],
      ["no codes that are older", [-90, -60], false],
      ["no codes from further ahead", [30, 60], false],
      ["not one code twice", [0, 0], false],
      ["no codes with one left out between them", [-60, 0], false],
      ["no codes in the wrong order", [0, -30], false],
    ];
    for (const [title, seconds, accepted] of pairs) {
      it(`are enabled by ${title}`.replace("enabled by no", "not enabled by"), () => {
        const on = withUser();
        expect(refusalOf(() => enable(on, signedIn("alice"), "phone", seconds))).to.equal(
          accepted ? "no refusal" : "InvalidAuthenticationCode: Authentication code for device is not valid.",
        );
      });
    }

    it("show in their user's list and in the account's, with whom they are assigned to", () => {
      const on = withUser();
      const { account } = on;
      enable(on, signedIn("alice"), "phone");
      makeDevice(on, "spare");
      const serialsOf = (AssignmentStatus: string) =>
        account
          .call(ROOT, "ListVirtualMFADevices", { AssignmentStatus })
          .VirtualMFADevices.map(({ SerialNumber }) => SerialNumber);
      expect(account.call(ROOT, "ListMFADevices", { UserName: "alice" })).to.deep.equal({
        MFADevices: [
          { UserName: "alice", SerialNumber: "arn:aws:iam::111122223333:mfa/phone", EnableDate: new Date(START) },
        ],
        IsTruncated: false,
      });
      expect(serialsOf("Assigned")).to.deep.equal(["arn:aws:iam::111122223333:mfa/phone"]);
      expect(serialsOf("Unassigned")).to.deep.equal(["arn:aws:iam::111122223333:mfa/spare"]);
      expect(serialsOf("Any")).to.have.length(2);
      expect(account.call(ROOT, "ListVirtualMFADevices").VirtualMFADevices[0]).to.have.nested.property(
        "User.UserName",
        "alice",
      );
    });

    it("are enabled for one user at a time", () => {
      const on = withUser();
      on.root("CreateUser", { UserName: "bob" });
      const serial = enable(on, signedIn("alice"), "phone");
      const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };
      expect(refusalOf(() => on.root("EnableMFADevice", { UserName: "bob", SerialNumber: serial, ...codes }))).to.equal(
        "EntityAlreadyExists: MFA Device arn:aws:iam::111122223333:mfa/phone is already in use.",
      );
    });

    it("are resynchronised by codes from further away, if they are enabled", () => {
      const on = withUser();
      const { serial, seed } = makeDevice(on, "phone");
      const codes = (early: number, late: number) => ({
        UserName: "alice",
        SerialNumber: serial,
        AuthenticationCode1: totpCode(seed, new Date(on.now().getTime() + early * 1000)),
        AuthenticationCode2: totpCode(seed, new Date(on.now().getTime() + late * 1000)),
      });
      expect(refusalOf(() => on.root("ResyncMFADevice", codes(-30, 0)))).to.equal(
        "NoSuchEntity: MFA Device arn:aws:iam::111122223333:mfa/phone of user alice cannot be found.",
      );
      on.root("EnableMFADevice", codes(-30, 0));
      expect(refusalOf(() => on.root("ResyncMFADevice", codes(270, 300)))).to.equal("no refusal");
      expect(refusalOf(() => on.root("ResyncMFADevice", codes(870, 900)))).to.equal(
        "InvalidAuthenticationCode: Authentication code for device is not valid.",
      );
    });
  });

  describe("the rule that a second device takes the first", () => {
    const RULE =
      "AccessDenied: An IAM user must authenticate with an existing MFA device to enable or disable an additional MFA device.";
    const callers: readonly (readonly [title: string, caller: Principal, refusal: string])[] = [
      ["holds a session without MFA", signedIn("alice", false), RULE],
      ["holds an access key", { type: "IAMUser", userName: "alice" }, RULE],
      ["does not know a name in other case for another's", signedIn("ALICE", false), RULE],
      ["lets a session with MFA pass", signedIn("alice", true), "no refusal"],
      ["lets another user pass", signedIn("bob", false), "no refusal"],
      ["lets root pass", ROOT, "no refusal"],
    ];
    for (const [title, caller, refusal] of callers) {
      it(title, () => {
        const on = withUser();
        on.root("CreateUser", { UserName: "bob" });
        const SerialNumber = enable(on, signedIn("alice"), "phone");
        expect(refusalOf(() => enable(on, caller, "tablet"))).to.equal(refusal);
        expect(
          refusalOf(() => on.account.call(caller, "DeactivateMFADevice", { UserName: "alice", SerialNumber })),
        ).to.equal(refusal);
      });
    }
  });

  describe("passkeys", () => {
    it("tell two records, the device being there after the second", () => {
      const seen: [string, number][] = [];
      const { account } = withUser({
        onRecord: ({ eventName }) => {
          if (eventName !== "EnableMFADevice") return;
          seen.push([eventName, account.call(ROOT, "ListMFADevices", { UserName: "alice" }).MFADevices.length]);
        },
      });
      const serial = account.enrolPasskey("alice", "yubikey");
      expect(serial).to.match(/^arn:aws:iam::111122223333:u2f\/user\/alice\/yubikey-[A-Z2-7]{26}$/);
      expect(seen).to.deep.equal([
        ["EnableMFADevice", 0],
        ["EnableMFADevice", 1],
      ]);
    });

    it("are enrolled in a session without MFA, and with it once there is a device", () => {
      const { account, records } = withUser();
      account.enrolPasskey("alice", "one");
      account.enrolPasskey("alice", "other");
      expect(
        records.slice(1).map(({ userIdentity }) => userIdentity.sessionContext?.attributes.mfaAuthenticated),
      ).to.deep.equal(["false", "false", "true", "true"]);
    });

    it("are no virtual devices, and gone once deactivated", () => {
      const { account, root } = withUser();
      const SerialNumber = account.enrolPasskey("alice");
      expect(root("ListVirtualMFADevices")).to.deep.equal({ VirtualMFADevices: [], IsTruncated: false });
      account.call(signedIn("alice", true), "DeactivateMFADevice", { SerialNumber });
      expect(root("ListMFADevices", { UserName: "alice" })).to.deep.equal({ MFADevices: [], IsTruncated: false });
    });

    it("ask for permission to enable a device", () => {
      const { account } = withUser({ authorize: ({ action }) => action !== "iam:EnableMFADevice" });
      expect(refusalOf(() => account.enrolPasskey("alice"))).to.equal(
        "AccessDenied: User: arn:aws:iam::111122223333:user/alice is not authorized to perform: iam:EnableMFADevice " +
          "on resource: arn:aws:iam::111122223333:user/alice",
      );
    });
  });

  describe("policy documents", () => {
    const statement = (elements: string) => `{"Version":"2012-10-17","Statement":[{${elements}}]}`;
    const rest = '"Action":"iam:GetUser","Resource":"*"';
    const documents: readonly (readonly [title: string, document: string, refusal: string])[] = [
      ["no JSON", "{", "This policy contains invalid Json"],
      ["no object", "[]", "Syntax errors in policy."],
      ["an element that is none", '{"Statements":[]}', "Syntax errors in policy."],
      [
        "a version that is none",
        '{"Version":"2012-10-18","Statement":[]}',
        "The policy must contain a valid version string.",
      ],
      ["no statement", '{"Version":"2012-10-17"}', "Missing required field Statement."],
      ["an empty list of statements", '{"Statement":[]}', "Missing required field Statement."],
      ["an effect that is none", statement(`"Effect":"deny",${rest}`), "Invalid effect: deny"],
      [
        "a principal",
        statement(`"Effect":"Deny","Principal":"*",${rest}`),
        "Policy document should not specify a principal.",
      ],
      [
        "a statement's element that is none",
        statement(`"Effect":"Deny","Conditions":{},${rest}`),
        "Syntax errors in policy.",
      ],
      ["no action", statement('"Effect":"Deny","Resource":"*"'), "Policy statement must contain actions."],
      [
        "an action and its negation",
        statement(`"Effect":"Deny","NotAction":"iam:GetUser",${rest}`),
        "Syntax errors in policy.",
      ],
      [
        "an action without a service",
        statement('"Effect":"Deny","Action":["GetUser"],"Resource":"*"'),
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
      ],
      ["no resource", statement('"Effect":"Deny","Action":"*"'), "Policy statement must contain resources."],
      [
        "a resource that is no ARN",
        statement('"Effect":"Deny","Action":"*","Resource":"alice"'),
        'Resource alice must be in ARN format or "*".',
      ],
      ["an Id that is no text", `{"Id":1,"Statement":{"Effect":"Deny",${rest}}}`, "Syntax errors in policy."],
      ["no action in a list", statement('"Effect":"Deny","Action":[],"Resource":"*"'), "Syntax errors in policy."],
      [
        "an action that is no text",
        statement('"Effect":"Deny","Action":["a:B",1],"Resource":"*"'),
        "Syntax errors in policy.",
      ],
      [
        "an operator without keys",
        statement(`"Effect":"Deny","Condition":{"Bool":"true"},${rest}`),
        "Syntax errors in policy.",
      ],
      [
        "one condition among good ones whose values are none",
        statement(`"Effect":"Deny","Condition":{"Bool":{"k":"true"},"Null":{"k":"true","l":["true",null]}},${rest}`),
        "Syntax errors in policy.",
      ],
      ["a condition of no operators", statement(`"Effect":"Deny","Condition":"x",${rest}`), "Syntax errors in policy."],
      [
        "a Sid with a space",
        statement(`"Sid":"a b","Effect":"Deny",${rest}`),
        "Statement IDs (SID) must be alpha-numeric.",
      ],
      [
        "a Sid twice",
        `{"Statement":[{"Sid":"a","Effect":"Deny",${rest}},{"Sid":"a","Effect":"Deny",${rest}}]}`,
        "Statement IDs (SID) in a single policy must be unique.",
      ],
    ];
    for (const [title, PolicyDocument, message] of documents) {
      it(`are refused for ${title}`, () => {
        const { root } = scene();
        expect(refusalOf(() => root("CreatePolicy", { PolicyName: "p", PolicyDocument }))).to.equal(
          `MalformedPolicyDocument: ${message}`,
        );
      });
    }

    it("apply to a user by attachment, by group and inline", () => {
      const { account, root } = withUser();
      const document = (sid: string) => statement(`"Sid":"${sid}","Effect":"Deny",${rest}`);
      for (const name of ["Own", "Group", "Other"]) {
        root("CreatePolicy", { PolicyName: name, PolicyDocument: document(name) });
      }
      root("CreateGroup", { GroupName: "web" });
      root("AddUserToGroup", { GroupName: "web", UserName: "alice" });
      root("AttachUserPolicy", { UserName: "alice", PolicyArn: "arn:aws:iam::111122223333:policy/Own" });
      root("AttachGroupPolicy", { GroupName: "web", PolicyArn: "arn:aws:iam::111122223333:policy/Group" });
      root("PutUserPolicy", { UserName: "alice", PolicyName: "inline", PolicyDocument: document("Inline") });
      expect(account.identityPoliciesOf(signedIn("alice"))).to.deep.equal([
        {
          Version: "2012-10-17",
          Statement: [{ Sid: "Own", Effect: "Deny", Action: "iam:GetUser", Resource: "*" }],
        },
        {
          Version: "2012-10-17",
          Statement: [{ Sid: "Group", Effect: "Deny", Action: "iam:GetUser", Resource: "*" }],
        },
        {
          Version: "2012-10-17",
          Statement: [{ Sid: "Inline", Effect: "Deny", Action: "iam:GetUser", Resource: "*" }],
        },
      ]);
    });

    it("apply to a role as they were given to it, and to root none", () => {
      const { account } = scene();
      account.putRole(ROLE.roleArn, [
        '{"Statement":{"Effect":"Allow","NotAction":["a:B"],"NotResource":"*","Condition":{"Bool":{"k":"true"}}}}',
      ]);
      expect(account.identityPoliciesOf(ROLE)).to.deep.equal([
        {
          Statement: [{ Effect: "Allow", NotAction: ["a:B"], NotResource: "*", Condition: { Bool: { k: "true" } } }],
        },
      ]);
      account.putRole(ROLE.roleArn, [
        '{"Id":"x","Statement":[{"Effect":"Deny","Action":"a:B","Resource":"*","Condition":{"Null":{"k":true,"l":["1",2]}}}]}',
      ]);
      expect(account.identityPoliciesOf(ROLE)).to.deep.equal([
        {
          Id: "x",
          Statement: [{ Effect: "Deny", Action: "a:B", Resource: "*", Condition: { Null: { k: true, l: ["1", 2] } } }],
        },
      ]);
      expect(account.identityPoliciesOf(ROOT)).to.deep.equal([]);
    });
  });

  describe("pages", () => {
    it("follow one another by their markers, sorted by name", () => {
      const { account, root } = scene();
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

    it("skip nobody where somebody goes meanwhile", () => {
      const { account, root } = scene();
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
      const many = scene();
      const few = scene({ pageSize: 1 });
      for (let n = 0; n < 101; n++) many.root("CreateUser", { UserName: `user${n}` });
      for (let n = 0; n < 2; n++) few.root("CreateUser", { UserName: `user${n}` });
      expect(many.account.call(ROOT, "ListUsers").Users).to.have.length(100);
      expect(few.account.call(ROOT, "ListUsers")).to.include({ IsTruncated: true }).with.property("Users").of.length(1);
    });

    it("keep to the path that is asked for", () => {
      const { account, root } = scene();
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
        "arn:aws:iam::111122223333:group/eng/web/web",
      ]);
    });

    it("refuse the marker of another list", () => {
      const { account, root } = scene();
      for (const UserName of ["alice", "bob"]) root("CreateUser", { UserName });
      const { Marker = "" } = account.call(ROOT, "ListUsers", { MaxItems: "1" });
      expect(refusalOf(() => account.call(ROOT, "ListGroups", { Marker }))).to.equal(
        "ValidationError: Invalid Marker.",
      );
    });
  });

  describe("authorisation", () => {
    const USER = "arn:aws:iam::111122223333:user/eng/alice";
    const GROUP = "arn:aws:iam::111122223333:group/teams/web";
    const POLICY = "arn:aws:iam::111122223333:policy/guards/all";
    const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };
    const serial = { SerialNumber: "arn:aws:iam::111122223333:mfa/phone" };
    const alice = { UserName: "ALICE" };
    const attach = { PolicyArn: POLICY };
    const resources: readonly (readonly [action: string, parameters: CallParameters, resources: readonly string[]])[] =
      [
        ["CreateUser", { UserName: "new", Path: "/ops/" }, ["arn:aws:iam::111122223333:user/ops/new"]],
        ["GetUser", alice, [USER]],
        ["GetUser", { UserName: "gone" }, ["arn:aws:iam::111122223333:user/gone"]],
        ["UpdateUser", { ...alice, NewUserName: "al" }, [USER, "arn:aws:iam::111122223333:user/eng/al"]],
        ["UpdateUser", { ...alice, NewPath: "/" }, [USER, "arn:aws:iam::111122223333:user/ALICE"]],
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
        ["CreateVirtualMFADevice", { VirtualMFADeviceName: "phone" }, ["arn:aws:iam::111122223333:mfa/phone"]],
        ["EnableMFADevice", { ...alice, ...serial, ...codes }, [USER]],
        ["DeactivateMFADevice", serial, [USER]],
        ["ResyncMFADevice", { ...alice, ...serial, ...codes }, [USER]],
        ["ListMFADevices", alice, [USER]],
        ["ListVirtualMFADevices", {}, ["*"]],
        ["DeleteVirtualMFADevice", serial, ["arn:aws:iam::111122223333:mfa/phone"]],
        ["DeleteVirtualMFADevice", { SerialNumber: "GAKT12345678" }, ["arn:aws:iam::111122223333:mfa/GAKT12345678"]],
        ["CreateGroup", { GroupName: "new", Path: "/ops/" }, ["arn:aws:iam::111122223333:group/ops/new"]],
        ["GetGroup", { GroupName: "web" }, [GROUP]],
        ["GetGroup", { GroupName: "gone" }, ["arn:aws:iam::111122223333:group/gone"]],
        ["DeleteGroup", { GroupName: "WEB" }, [GROUP]],
        ["ListGroups", {}, ["*"]],
        ["AddUserToGroup", { GroupName: "web", UserName: "alice" }, [GROUP]],
        ["RemoveUserFromGroup", { GroupName: "web", UserName: "alice" }, [GROUP]],
        ["ListGroupsForUser", alice, [USER]],
        ["CreatePolicy", { PolicyName: "new", PolicyDocument: ALLOW_ALL }, ["arn:aws:iam::111122223333:policy/new"]],
        ["GetPolicy", attach, [POLICY]],
        ["DeletePolicy", attach, [POLICY]],
        ["AttachUserPolicy", { ...alice, ...attach }, [USER]],
        ["DetachUserPolicy", { ...alice, ...attach }, [USER]],
        ["ListAttachedUserPolicies", alice, [USER]],
        ["AttachGroupPolicy", { GroupName: "web", ...attach }, [GROUP]],
        ["DetachGroupPolicy", { GroupName: "web", ...attach }, [GROUP]],
        ["ListAttachedGroupPolicies", { GroupName: "web" }, [GROUP]],
        ["PutUserPolicy", { ...alice, PolicyName: "all", PolicyDocument: ALLOW_ALL }, [USER]],
      ];
    for (const [action, parameters, expected] of resources) {
      it(`asks for ${action} on ${expected.join(" and ")}`, () => {
        const asked: Authorization[] = [];
        const { account, root } = scene({ authorize: (request) => asked.push(request) > 0 });
        root("CreateUser", { UserName: "alice", Path: "/eng/" });
        root("CreateGroup", { GroupName: "web", Path: "/teams/" });
        account.answer(signedIn("alice"), action, parameters);
        expect(asked.map(({ resource }) => resource)).to.deep.equal(expected);
        expect(asked[0]?.action).to.equal(`iam:${action}`);
      });
    }

    it("is followed by a record of every action that does not begin with Get or List", () => {
      const unlike = resources.filter(([action, parameters]) => {
        const { account, records } = withUser();
        records.splice(0);
        account.answer(signedIn("alice"), action, parameters);
        return records.length !== (/^(Get|List)/.test(action) ? 0 : 1);
      });
      expect(unlike).to.deep.equal([]);
    });

    const user = {
      "aws:PrincipalArn": USER,
      "aws:PrincipalType": "User",
      "aws:PrincipalAccount": "111122223333",
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
        const { account, root } = scene({ authorize: (request) => asked.push(request) > 0 });
        root("CreateUser", { UserName: "alice", Path: "/eng/" });
        const { UserId } = account.call(ROOT, "GetUser", { UserName: "alice" }).User;
        account.call(principal, "ListUsers");
        expect(asked.map(({ context }) => context)).to.deep.equal([{ ...expected, "aws:userid": UserId }]);
      });
    }

    it("tells the context of a role's session", () => {
      const asked: Authorization[] = [];
      const { account } = scene({ authorize: (request) => asked.push(request) > 0 });
      account.call(ROLE, "ListUsers");
      expect(asked[0]?.context["aws:userid"]).to.match(/^AROA[A-Z2-7]{17}:run$/);
      expect(asked[0]?.context).to.include({
        "aws:PrincipalArn": "arn:aws:iam::111122223333:role/require-mfa/handler",
        "aws:PrincipalType": "AssumedRole",
        "aws:MultiFactorAuthPresent": "false",
      });
      expect(asked[0]?.context).not.to.have.property("aws:username");
    });

    for (const action of ["AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy"]) {
      it(`tells ${action}'s policy`, () => {
        const asked: Authorization[] = [];
        const { account } = withUser({ authorize: (request) => asked.push(request) > 0 });
        const target = action.includes("User") ? { UserName: "alice" } : { GroupName: "web" };
        account.answer(signedIn("alice"), action, { ...target, PolicyArn: POLICY });
        expect(asked[0]?.context["iam:PolicyARN"]).to.equal("arn:aws:iam::111122223333:policy/guards/all");
      });
    }

    it("hands over the policies to judge by", () => {
      const judged: unknown[] = [];
      const { account } = withUser({
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
      const { account, records } = withUser({ authorize: (request) => asked.push(request) > 1 });
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
      const { account } = withUser({ authorize: () => false });
      expect(refusalOf(() => account.call(ROLE, "DeleteUser", { UserName: "mallory" }))).to.equal(
        "AccessDenied: User: arn:aws:sts::111122223333:assumed-role/handler/run is not authorized to perform: " +
          "iam:DeleteUser on resource: arn:aws:iam::111122223333:user/mallory",
      );
      expect(refusalOf(() => account.call(signedIn("alice"), "DeleteUser", { UserName: "alice" }))).to.equal(
        "AccessDenied: User: arn:aws:iam::111122223333:user/alice is not authorized to perform: " +
          "iam:DeleteUser on resource: arn:aws:iam::111122223333:user/alice",
      );
      expect(account.call(ROOT, "ListUsers").Users).to.have.length(1);
    });

    it("asks for both ends of a renaming", () => {
      const { account } = withUser({ authorize: ({ resource }) => resource.endsWith("/alice") });
      expect(refusalOf(() => account.call(ROLE, "UpdateUser", { UserName: "alice", NewUserName: "admin" }))).to.match(
        /^AccessDenied: .* on resource: arn:aws:iam::111122223333:user\/admin$/,
      );
    });
  });

  describe("CloudTrail", () => {
    it("is told of a password that an administrator makes", () => {
      const { account, root, records } = withUser({}, "admin");
      root("CreateUser", { UserName: "alice" });
      records.splice(0);
      const admin = { ...signedIn("admin", true), sourceIPAddress: "198.51.100.7" };
      account.call(admin, "CreateLoginProfile", { UserName: "alice", Password: "secret" });
      expect(records).to.have.length(1);
      const { requestID, eventID, ...record } = firstOf(records);
      expect(record).to.deep.equal({
        eventVersion: "1.09",
        userIdentity: {
          type: "IAMUser",
          principalId: "AIDAB6S4UULWUXHKSCIT7",
          arn: "arn:aws:iam::111122223333:user/admin",
          accountId: "111122223333",
          accessKeyId: record.userIdentity.accessKeyId,
          userName: "admin",
          sessionContext: { attributes: { creationDate: "2026-03-05T01:02:38Z", mfaAuthenticated: "true" } },
        },
        eventTime: "2026-03-05T01:02:38Z",
        eventSource: "iam.amazonaws.com",
        eventName: "CreateLoginProfile",
        awsRegion: "us-east-1",
        sourceIPAddress: "198.51.100.7",
        userAgent: "AWS Internal",
        requestParameters: { userName: "alice", passwordResetRequired: false },
        responseElements: {
          loginProfile: { userName: "alice", createDate: "Mar 5, 2026 1:02:38 AM", passwordResetRequired: false },
        },
        readOnly: false,
        eventType: "AwsApiCall",
        managementEvent: true,
        recipientAccountId: "111122223333",
        eventCategory: "Management",
        sessionCredentialFromConsole: "true",
      });
      expect(requestID).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(eventID).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    });

    it("is told of a failed call, by the code with its suffix", () => {
      const { account, records } = scene();
      account.answer(ROLE, "AddUserToGroup", { GroupName: "web", UserName: "alice" });
      expect(records).to.have.length(1);
      expect(records[0]).to.deep.include({
        eventName: "AddUserToGroup",
        errorCode: "NoSuchEntityException",
        errorMessage: "The group with name web cannot be found.",
        requestParameters: { groupName: "web", userName: "alice" },
        responseElements: null,
        userAgent: "aws-sdk-js/3.1169.0",
        sourceIPAddress: "192.0.2.10",
      });
      expect(records[0]).not.to.have.property("sessionCredentialFromConsole");
    });

    it("is told of a denied call without its parameters and by the code alone", () => {
      const { account, records } = withUser({ authorize: () => false });
      account.answer(signedIn("alice"), "DeactivateMFADevice", { SerialNumber: "GAKT12345678" });
      expect(records.at(-1)).to.deep.include({
        eventName: "DeactivateMFADevice",
        errorCode: "AccessDenied",
        requestParameters: null,
        responseElements: null,
      });
    });

    it("is told of a malformed call as of a failed one", () => {
      const { account, records } = scene();
      account.answer(ROOT, "CreateUser", { UserName: "AWS ROOT USER" });
      expect(records[0]).to.deep.include({
        errorCode: "ValidationException",
        requestParameters: { userName: "AWS ROOT USER" },
      });
    });

    it("is not told of reads, of actions that IAM does not have, or of callers whom nobody knows", () => {
      const { account, records } = scene();
      account.answer(ROOT, "ListUsers", {});
      account.answer(ROOT, "HoldUser", {});
      account.answer(signedIn("alice"), "CreateUser", { UserName: "bob" });
      expect(records).to.deep.equal([]);
    });

    it("names a role's session and, as its issuer, the role", () => {
      const { account, records } = scene();
      account.call(ROLE, "CreateUser", { UserName: "bob" });
      const { principalId, ...identity } = firstOf(records).userIdentity;
      expect(principalId).to.match(/^AROA[A-Z2-7]{17}:run$/);
      expect(identity).to.deep.equal({
        type: "AssumedRole",
        arn: "arn:aws:sts::111122223333:assumed-role/handler/run",
        accountId: "111122223333",
        accessKeyId: identity.accessKeyId,
        sessionContext: {
          sessionIssuer: {
            type: "Role",
            principalId: principalId.replace(":run", ""),
            arn: "arn:aws:iam::111122223333:role/require-mfa/handler",
            accountId: "111122223333",
            userName: "handler",
          },
          attributes: { creationDate: "2026-03-05T01:02:38Z", mfaAuthenticated: "false" },
        },
      });
      expect(identity.accessKeyId).to.match(/^ASIA[A-Z2-7]{16}$/);
    });

    it("names root by the account's alias", () => {
      const { root, records } = scene({ accountAlias: "johndoe" });
      root("CreateUser", { UserName: "bob" });
      expect(records[0]?.userIdentity).to.include({
        type: "Root",
        principalId: "111122223333",
        arn: "arn:aws:iam::111122223333:root",
        userName: "johndoe",
      });
      expect(records[0]).to.have.nested.property("userIdentity.sessionContext.attributes.mfaAuthenticated", "true");
    });

    it("knows no session of who calls by an access key", () => {
      const { account, records } = withUser();
      const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
      account.call({ type: "IAMUser", userName: "alice", accessKeyId }, "CreateGroup", { GroupName: "web" });
      account.call({ type: "IAMUser", userName: "alice" }, "CreateGroup", { GroupName: "ops" });
      expect(records[1]?.userIdentity).to.include({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", userName: "alice" });
      expect(records[1]?.userIdentity).not.to.have.property("sessionContext");
      expect(records[1]).not.to.have.property("sessionCredentialFromConsole");
      expect(records[2]?.userIdentity.accessKeyId).to.match(/^AKIA[A-Z2-7]{16}$/);
    });

    it("knows by which key a session in the console calls, and that it has no MFA", () => {
      const { account, records } = withUser();
      const session = { ...signedIn("alice", false), accessKeyId: "ASIAIOSFODNN7EXAMPLE" };
      account.call(session, "CreateGroup", { GroupName: "web" });
      expect(records[1]?.userIdentity).to.deep.include({
        accessKeyId: "ASIAIOSFODNN7EXAMPLE",
        sessionContext: { attributes: { creationDate: "2026-03-05T01:02:38Z", mfaAuthenticated: "false" } },
      });
    });

    it("never sees a password, a code, a seed or a secret key", () => {
      const on = withUser();
      const { account, records } = on;
      const { seed } = makeDevice(on, "tablet");
      account.call(ROOT, "CreateLoginProfile", { UserName: "alice", Password: "pass-1" });
      account.call(ROOT, "UpdateLoginProfile", { UserName: "alice", Password: "pass-2" });
      account.call(signedIn("alice"), "ChangePassword", { OldPassword: "pass-2", NewPassword: "pass-3" });
      const { SecretAccessKey } = account.call(ROOT, "CreateAccessKey", { UserName: "alice" }).AccessKey;
      enable(on, signedIn("alice"), "phone");
      const told = JSON.stringify(records);
      for (const secret of ["pass-", seed, SecretAccessKey, "Base32StringSeed", "uthenticationCode"]) {
        expect(told).not.to.include(secret);
      }
      const shapes = records.map(({ eventName, requestParameters, responseElements }) => [
        eventName,
        requestParameters,
        responseElements && Object.values(responseElements).map((element) => Object.keys(element)),
      ]);
      expect(shapes.slice(1)).to.deep.equal([
        ["CreateVirtualMFADevice", { virtualMFADeviceName: "tablet" }, [["serialNumber"]]],
        [
          "CreateLoginProfile",
          { userName: "alice", passwordResetRequired: false },
          [["userName", "createDate", "passwordResetRequired"]],
        ],
        ["UpdateLoginProfile", { userName: "alice" }, null],
        ["ChangePassword", null, null],
        ["CreateAccessKey", { userName: "alice" }, [["userName", "accessKeyId", "status", "createDate"]]],
        ["CreateVirtualMFADevice", { virtualMFADeviceName: "phone" }, [["serialNumber"]]],
        ["EnableMFADevice", { userName: "alice", serialNumber: "arn:aws:iam::111122223333:mfa/phone" }, null],
      ]);
    });

    it("keeps parameters as they were sent, be their case what it may", () => {
      const { root, records } = withUser();
      root("UpdateUser", { UserName: "ALICE", NewUserName: "Al" });
      expect(records[1]?.requestParameters).to.deep.equal({ userName: "ALICE", newUserName: "Al" });
    });

    const dates = [
      ["2024-08-01T13:42:21Z", "Aug 1, 2024 1:42:21 PM"],
      ["2024-08-01T00:00:00Z", "Aug 1, 2024 12:00:00 AM"],
      ["2024-12-31T12:05:09Z", "Dec 31, 2024 12:05:09 PM"],
    ] as const;
    for (const [at, written] of dates) {
      it(`writes ${at} as ${written} among the elements of an answer`, () => {
        const { root, records } = scene({ now: () => new Date(at) });
        root("CreateGroup", { GroupName: "web" });
        expect(records[0]).to.have.nested.property("responseElements.group.createDate", written);
      });
    }

    const partitions = [
      ["aws", "us-east-1", "arn:aws:iam::111122223333:root"],
      ["aws-us-gov", "us-gov-west-1", "arn:aws-us-gov:iam::111122223333:root"],
      ["aws-cn", "cn-north-1", "arn:aws-cn:iam::111122223333:root"],
    ] as const;
    for (const [partition, region, arn] of partitions) {
      it(`is told in ${region} in the partition ${partition}`, () => {
        const { root, records } = scene({ partition });
        root("CreateUser", { UserName: "alice" });
        expect([records[0]?.awsRegion, records[0]?.userIdentity.arn]).to.deep.equal([region, arn]);
      });
    }
  });

  describe("faults, lag and another hand", () => {
    it("fails the next calls of an action, and no others, before anything happens", () => {
      const { account, root, records } = withUser();
      account.failNext("DeleteUser", "Throttling", 2);
      account.failNext("DeleteUser", "EntityTemporarilyUnmodifiable");
      const deleting = () => root("DeleteUser", { UserName: "alice" });
      expect(refusalOf(() => root("GetUser", { UserName: "alice" }))).to.equal("no refusal");
      expect([deleting, deleting, deleting, deleting].map(refusalOf)).to.deep.equal([
        "Throttling: Injected fault: Throttling",
        "Throttling: Injected fault: Throttling",
        "EntityTemporarilyUnmodifiable: Injected fault: EntityTemporarilyUnmodifiable",
        "no refusal",
      ]);
      expect(records.map(({ errorCode }) => errorCode)).to.deep.equal([
        undefined,
        "ThrottlingException",
        "ThrottlingException",
        "EntityTemporarilyUnmodifiableException",
        undefined,
      ]);
    });

    it("shows the old state for as many reads as it is told to", () => {
      const { account } = withUser();
      const devices = () => account.call(ROOT, "ListMFADevices", { UserName: "alice" }).MFADevices.length;
      account.lag("ListMFADevices", 2);
      account.enrolPasskey("alice");
      expect([devices(), devices(), devices()]).to.deep.equal([0, 0, 1]);
    });

    it("lags in reads only", () => {
      const { account } = scene();
      expect(() => account.lag("CreateUser", 1)).to.throw(TypeError, "CreateUser does not read");
    });

    it("calls back once before the next call of an action", () => {
      const { account, root } = withUser();
      account.before("GetUser", () => root("UpdateUser", { UserName: "alice", NewUserName: "alicia" }));
      expect(refusalOf(() => root("GetUser", { UserName: "alice" }))).to.equal(
        "NoSuchEntity: The user with name alice cannot be found.",
      );
      root("UpdateUser", { UserName: "alicia", NewUserName: "alice" });
      expect(refusalOf(() => root("GetUser", { UserName: "alice" }))).to.equal("no refusal");
    });

    it("calls back in the order it was asked to, the action's own calls included", () => {
      const { account, root } = withUser();
      const seen: string[] = [];
      account.before("GetUser", () => seen.push("one"));
      account.before("GetUser", () => {
        root("GetUser", { UserName: "alice" });
        seen.push("other");
      });
      root("GetUser", { UserName: "alice" });
      expect(seen).to.deep.equal(["one", "other"]);
    });
  });

  describe("the log", () => {
    it("has every call with its caller, its parameters and why it failed, until it is cleared", () => {
      const { account } = scene();
      account.call(ROLE, "ListUsers", { MaxItems: "5" });
      account.answer(ROOT, "DeleteUser", { UserName: "alice" });
      account.answer(signedIn("alice"), "HoldUser", {});
      expect(account.log).to.deep.equal([
        { caller: ROLE, action: "ListUsers", parameters: { MaxItems: "5" } },
        { caller: ROOT, action: "DeleteUser", parameters: { UserName: "alice" }, errorCode: "NoSuchEntity" },
        { caller: signedIn("alice"), action: "HoldUser", parameters: {}, errorCode: "InvalidClientTokenId" },
      ]);
      account.clearLog();
      expect(account.log).to.deep.equal([]);
    });
  });

  describe("identifiers", () => {
    const story = () => {
      const on = withUser();
      return {
        on,
        user: on.account.call(ROOT, "GetUser", { UserName: "alice" }).User,
        device: makeDevice(on, "phone"),
      };
    };

    it("look like AWS's", () => {
      const { on, user } = story();
      expect(user.UserId).to.match(/^AIDA[A-Z2-7]{17}$/);
      const { AccessKeyId, SecretAccessKey } = on.account.call(ROOT, "CreateAccessKey", {
        UserName: "alice",
      }).AccessKey;
      expect(AccessKeyId).to.match(/^AKIA[A-Z2-7]{16}$/);
      expect(SecretAccessKey).to.match(/^[A-Za-z0-9+/]{40}$/);
      expect(on.account.call(ROOT, "CreateGroup", { GroupName: "web" }).Group.GroupId).to.match(/^AGPA[A-Z2-7]{17}$/);
      expect(
        on.account.call(ROOT, "CreatePolicy", { PolicyName: "all", PolicyDocument: ALLOW_ALL }).Policy.PolicyId,
      ).to.match(/^ANPA[A-Z2-7]{17}$/);
    });

    it("are the same whenever the same is done, and their own for each user", () => {
      const [one, other] = [story(), story()];
      expect([one.user, one.device, one.on.records]).to.deep.equal([other.user, other.device, other.on.records]);
      const bob = one.on.account.call(ROOT, "CreateUser", { UserName: "bob" }).User;
      expect(bob.UserId).not.to.equal(one.user.UserId);
    });
  });
});
