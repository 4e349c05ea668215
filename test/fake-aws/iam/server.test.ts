import { request } from "node:http";
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeletePolicyVersionCommand,
  DeleteUserCommand,
  EnableMFADeviceCommand,
  GenerateCredentialReportCommand,
  GetAccountAuthorizationDetailsCommand,
  GetCredentialReportCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  IAMClient,
  type IAMClientConfig,
  IAMServiceException,
  ListAccessKeysCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  paginateGetAccountAuthorizationDetails,
  paginateGetGroup,
  paginateListUsers,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import { expect } from "chai";
import type { CloudTrailRecord, IamAccount, Principal } from "../../../fake-aws/iam/account";
import { serveIam } from "../../../fake-aws/iam/server";
import type { LoopbackServer } from "../../../fake-aws/loopback";
import { totpCode } from "../../../fake-aws/totp";
import { ALLOW_ALL, newAccount, ROOT } from "../../support/account";

const ROOT_KEY = "AKIAIOSFODNN7EXAMPLE";

describe("serveIam", () => {
  let account: IamAccount;
  let records: CloudTrailRecord[];
  let principals: Map<string, Principal>;
  let server: LoopbackServer;
  let client: IAMClient;

  const clientOf = (accessKeyId: string, config: IAMClientConfig = {}) =>
    new IAMClient({
      endpoint: server.url,
      region: "us-east-1",
      ...config,
      credentials: { accessKeyId, secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
    });

  beforeEach(async () => {
    ({ account, records } = newAccount({ startTime: "2026-03-05T01:02:38.500Z", pageSize: 2 }));
    principals = new Map([[ROOT_KEY, ROOT]]);
    server = await serveIam(account, principals);
    client = clientOf(ROOT_KEY);
  });

  afterEach(() => server.close());

  /** The service's refusal, as the SDK throws it. */
  async function thrownBy(sending: Promise<unknown>): Promise<IAMServiceException> {
    const thrown: unknown = await sending.then(
      () => new Error("nothing was thrown"),
      (error: unknown) => error,
    );
    if (thrown instanceof IAMServiceException) return thrown;
    throw thrown;
  }

  async function refusalOf(sending: Promise<unknown>) {
    const { name, message, $fault, $metadata } = await thrownBy(sending);
    return { name, message, fault: $fault, status: $metadata.httpStatusCode };
  }

  /** Sends a form without the SDK. */
  async function post(form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(server.url, { method: "POST", body: new URLSearchParams(form), headers });
    return { status: response.status, body: await response.text() };
  }

  describe("to the SDK's client", () => {
    it("answers with dates, booleans and texts", async () => {
      await client.send(new CreateUserCommand({ UserName: "alice", Path: "/eng/" }));
      await client.send(
        new CreateLoginProfileCommand({ UserName: "alice", Password: "a <b> & c=d+é", PasswordResetRequired: true }),
      );
      const { LoginProfile } = await client.send(new GetLoginProfileCommand({ UserName: "alice" }));
      expect(LoginProfile).to.deep.equal({
        UserName: "alice",
        CreateDate: new Date("2026-03-05T01:02:38Z"),
        PasswordResetRequired: true,
      });
      expect(account.log.find(({ action }) => action === "CreateLoginProfile")?.parameters).to.deep.equal({
        UserName: "alice",
        Password: "a <b> & c=d+é",
        PasswordResetRequired: "true",
      });
    });

    it("answers with a seed whose codes enable the device", async () => {
      await client.send(new CreateUserCommand({ UserName: "alice" }));
      const { VirtualMFADevice } = await client.send(
        new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "phone" }),
      );
      const seed = Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString();
      expect(seed).to.match(/^[A-Z2-7]{64}$/);
      expect(Buffer.from(VirtualMFADevice?.QRCodePNG ?? []).toString("latin1")).to.match(/^\x89PNG/);
      await client.send(
        new EnableMFADeviceCommand({
          UserName: "alice",
          SerialNumber: VirtualMFADevice?.SerialNumber,
          AuthenticationCode1: totpCode(seed, new Date("2026-03-05T01:02:08Z")),
          AuthenticationCode2: totpCode(seed, new Date("2026-03-05T01:02:38Z")),
        }),
      );
      const { MFADevices } = await client.send(new ListMFADevicesCommand({ UserName: "alice" }));
      expect(MFADevices).to.deep.equal([
        {
          UserName: "alice",
          SerialNumber: "arn:aws:iam::123456789012:mfa/phone",
          EnableDate: new Date("2026-03-05T01:02:38Z"),
        },
      ]);
    });

    it("answers with empty lists where there is nothing to list", async () => {
      await client.send(new CreateUserCommand({ UserName: "alice" }));
      expect(await client.send(new ListMFADevicesCommand({ UserName: "alice" }))).to.deep.include({
        MFADevices: [],
        IsTruncated: false,
      });
      expect((await client.send(new ListGroupsForUserCommand({ UserName: "alice" }))).Groups).to.deep.equal([]);
      expect((await client.send(new ListAccessKeysCommand({ UserName: "alice" }))).AccessKeyMetadata).to.deep.equal([]);
    });

    it("carries characters that XML and forms reserve, both ways", async () => {
      await client.send(new CreateUserCommand({ UserName: "a+b=c,d@e", Path: "/R&D/<1>/\"'%20;/" }));
      const { User } = await client.send(new GetUserCommand({ UserName: "a+b=c,d@e" }));
      expect(User?.Arn).to.equal("arn:aws:iam::123456789012:user/R&D/<1>/\"'%20;/a+b=c,d@e");
      const Description = "tells <who> & why,\r\nline by line";
      await client.send(new CreatePolicyCommand({ PolicyName: "p", Description, PolicyDocument: DENY_ALL }));
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn: "arn:aws:iam::123456789012:policy/p" }));
      expect(Policy).to.include({ Description: "tells <who> & why,\r\nline by line", AttachmentCount: 0 });
    });

    it("answers with a policy's versions and their documents", async () => {
      const PolicyArn = "arn:aws:iam::123456789012:policy/p";
      await client.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: DENY_ALL }));
      await client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALLOW_ALL, SetAsDefault: true }));
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
      expect(Policy?.DefaultVersionId).to.equal("v2");
      const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
      expect(PolicyVersion).to.deep.equal({
        Document:
          "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C" +
          "%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D",
        IsDefaultVersion: true,
        VersionId: "v2",
        CreateDate: new Date("2026-03-05T01:02:38Z"),
      });
      const deleting = client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
      expect(await refusalOf(deleting)).to.deep.equal({
        name: "DeleteConflictException",
        message: "Cannot delete the default version of a policy.",
        fault: "client",
        status: 409,
      });
    });

    it("answers with the names of a group's inline policies, and with a user's boundary", async () => {
      account.call(ROOT, "CreateGroup", { GroupName: "web" });
      const inline = { GroupName: "web", PolicyName: "all", PolicyDocument: ALLOW_ALL };
      await client.send(new PutGroupPolicyCommand(inline));
      const { PolicyNames } = await client.send(new ListGroupPoliciesCommand({ GroupName: "web" }));
      expect(PolicyNames).to.deep.equal(["all"]);
      const PermissionsBoundary = "arn:aws:iam::aws:policy/AdministratorAccess";
      await client.send(new CreateUserCommand({ UserName: "alice", PermissionsBoundary }));
      const { User } = await client.send(new GetUserCommand({ UserName: "alice" }));
      expect(User?.PermissionsBoundary).to.deep.equal({
        PermissionsBoundaryType: "Policy",
        PermissionsBoundaryArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      });
    });

    it("answers in pages that the SDK follows to the end", async () => {
      account.call(ROOT, "CreateGroup", { GroupName: "web" });
      for (const UserName of ["alice", "bob", "carol", "dave", "erin"]) {
        account.call(ROOT, "CreateUser", { UserName });
        account.call(ROOT, "AddUserToGroup", { GroupName: "web", UserName });
      }
      const listed: unknown[] = [];
      for await (const { Users = [] } of paginateListUsers({ client }, {})) {
        listed.push(Users.map(({ UserName }) => UserName));
      }
      const members: unknown[] = [];
      for await (const { Users = [] } of paginateGetGroup({ client }, { GroupName: "web" })) {
        members.push(Users.map(({ UserName }) => UserName));
      }
      expect(listed).to.deep.equal([["alice", "bob"], ["carol", "dave"], ["erin"]]);
      expect(members).to.deep.equal(listed);
    });

    it("takes lists, even an empty one, and answers with several in one page", async () => {
      account.call(ROOT, "CreateGroup", { GroupName: "web" });
      for (const UserName of ["alice", "bob", "carol"]) account.call(ROOT, "CreateUser", { UserName });
      account.call(ROOT, "AddUserToGroup", { GroupName: "web", UserName: "carol" });
      const pages: unknown[] = [];
      const Filter = ["User", "Group"] as const;
      for await (const page of paginateGetAccountAuthorizationDetails({ client }, { Filter: [...Filter] })) {
        const { UserDetailList = [], GroupDetailList = [], RoleDetailList, Policies } = page;
        const users = UserDetailList.map(({ UserName, GroupList }) => [UserName, GroupList]);
        pages.push([users, GroupDetailList.map(({ GroupName }) => GroupName), RoleDetailList, Policies]);
      }
      expect(pages).to.deep.equal([
        [
          [
            ["alice", []],
            ["bob", []],
          ],
          [],
          [],
          [],
        ],
        [[["carol", ["web"]]], ["web"], [], []],
      ]);
      const { UserDetailList } = await client.send(new GetAccountAuthorizationDetailsCommand({ Filter: [] }));
      expect(UserDetailList?.[0]).to.deep.include({
        Path: "/",
        UserName: "alice",
        Arn: "arn:aws:iam::123456789012:user/alice",
        CreateDate: new Date("2026-03-05T01:02:38Z"),
        AttachedManagedPolicies: [],
      });
    });

    it("answers with the credential report, once it is there", async () => {
      const generate = async () => {
        const { State, Description } = await client.send(new GenerateCredentialReportCommand());
        return { State, Description };
      };
      expect(await refusalOf(client.send(new GetCredentialReportCommand()))).to.deep.equal({
        name: "CredentialReportNotPresentException",
        message: "Unknown",
        fault: "client",
        status: 410,
      });
      expect(await generate()).to.deep.equal({
        State: "STARTED",
        Description: "No report exists. Starting a new report generation task",
      });
      expect(await refusalOf(client.send(new GetCredentialReportCommand()))).to.include({
        name: "CredentialReportNotReadyException",
        status: 404,
      });
      expect(await generate()).to.deep.equal({ State: "COMPLETE", Description: undefined });
      const { Content, ReportFormat, GeneratedTime } = await client.send(new GetCredentialReportCommand());
      expect([ReportFormat, GeneratedTime]).to.deep.equal(["text/csv", new Date("2026-03-05T01:02:38Z")]);
      expect(Buffer.from(Content ?? []).toString()).to.match(
        /^user,arn,[^\n]+\n<root_account>,arn:aws:iam::123456789012:root,2026-03-05T01:02:38\+00:00,[^\n]+$/,
      );
    });

    it("has a class for a report that is too old, too", async () => {
      account.failNext("GetCredentialReport", "ReportExpired");
      expect(await refusalOf(client.send(new GetCredentialReportCommand()))).to.include({
        name: "CredentialReportExpiredException",
        status: 410,
      });
    });

    it("answers actions that answer nothing", async () => {
      account.call(ROOT, "CreateUser", { UserName: "alice" });
      account.call(ROOT, "CreateGroup", { GroupName: "web" });
      const membership = { UserName: "alice", GroupName: "web" };
      expect(await client.send(new AddUserToGroupCommand(membership))).to.have.all.keys("$metadata");
      expect(await client.send(new RemoveUserFromGroupCommand(membership))).to.have.all.keys("$metadata");
      expect(await client.send(new DeleteUserCommand({ UserName: "alice" }))).to.have.all.keys("$metadata");
    });

    it("gives the id of the request, which CloudTrail has too, in answers and refusals", async () => {
      const create = () => client.send(new CreateUserCommand({ UserName: "alice" }));
      const ids = [(await create()).$metadata.requestId, (await thrownBy(create())).$metadata.requestId];
      expect(records.map(({ requestID }) => requestID)).to.deep.equal(ids);
      expect(ids).to.have.length(2);
    });

    it("refuses by errors that the SDK has classes for", async () => {
      expect(await refusalOf(client.send(new GetUserCommand({ UserName: "alice" })))).to.deep.equal({
        name: "NoSuchEntityException",
        message: "The user with name alice cannot be found.",
        fault: "client",
        status: 404,
      });
      account.call(ROOT, "CreateUser", { UserName: "alice" });
      const attaching = client.send(
        new AttachUserPolicyCommand({ UserName: "alice", PolicyArn: "arn:aws:iam::123456789012:policy/gone" }),
      );
      expect(await refusalOf(attaching)).to.include({ name: "NoSuchEntityException" });
      expect(await refusalOf(client.send(new CreateUserCommand({ UserName: "alice" })))).to.include({
        name: "EntityAlreadyExistsException",
        status: 409,
      });
    });

    it("refuses in words that hold what was sent, even what XML cannot hold", async () => {
      expect(await refusalOf(client.send(new ListUsersCommand({ PathPrefix: "<&>\u0000'\"" })))).to.deep.equal({
        name: "ValidationError",
        message:
          "1 validation error detected: Value '<&>\ufffd'\"' at 'pathPrefix' failed to satisfy constraint: " +
          "Member must satisfy regular expression pattern: \\/[!-~]*",
        fault: "client",
        status: 400,
      });
    });

    it("is asked again after throttling, and not after what the SDK does not take to pass", async () => {
      account.failNext("ListUsers", "Throttling");
      expect((await client.send(new ListUsersCommand())).Users).to.deep.equal([]);
      expect(account.log.map(({ errorCode }) => errorCode)).to.deep.equal(["Throttling", undefined]);
      account.failNext("DeleteUser", "ConcurrentModification");
      expect(await refusalOf(client.send(new DeleteUserCommand({ UserName: "alice" })))).to.include({
        name: "ConcurrentModificationException",
        status: 409,
      });
    });

    it("blames itself for a failure of its own", async () => {
      const patient = clientOf(ROOT_KEY, { maxAttempts: 1 });
      account.failNext("ListUsers", "ServiceFailure");
      expect(await refusalOf(patient.send(new ListUsersCommand()))).to.include({
        name: "ServiceFailureException",
        status: 500,
      });
      account.before("ListUsers", () => {
        throw new RangeError("the hook failed");
      });
      expect(await refusalOf(patient.send(new ListUsersCommand()))).to.include({
        name: "ServiceFailureException",
        message: "The stand-in for IAM failed: RangeError: the hook failed",
      });
    });
  });

  describe("callers", () => {
    it("are known by their access keys, those made meanwhile included", async () => {
      account.call(ROOT, "CreateUser", { UserName: "alice" });
      const { AccessKeyId } = account.call(ROOT, "CreateAccessKey", { UserName: "alice" }).AccessKey;
      const alices = clientOf(AccessKeyId);
      expect(await refusalOf(alices.send(new GetUserCommand({})))).to.deep.equal({
        name: "InvalidClientTokenId",
        message: "The security token included in the request is invalid.",
        fault: "client",
        status: 403,
      });
      principals.set(AccessKeyId, { type: "IAMUser", userName: "alice", accessKeyId: AccessKeyId });
      expect((await alices.send(new GetUserCommand({}))).User?.UserName).to.equal("alice");
    });

    it("are nobody without a signature", async () => {
      expect(await post({ Action: "ListUsers", Version: "2010-05-08" })).to.deep.include({ status: 403 });
      expect(account.log).to.deep.equal([]);
    });
  });

  describe("the protocol", () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${ROOT_KEY}/20260305/us-east-1/iam/aws4_request, Signature=0`;

    it("is IAM's XML", async () => {
      const { status, body } = await post(
        { Action: "CreateGroup", Version: "2010-05-08", GroupName: "web" },
        { authorization },
      );
      expect(status).to.equal(200);
      expect(body.replace(/(<(?:GroupId|RequestId)>)[^<]+/g, "$1…")).to.equal(
        '<CreateGroupResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateGroupResult><Group>' +
          "<Path>/</Path><GroupName>web</GroupName><GroupId>…</GroupId>" +
          "<Arn>arn:aws:iam::123456789012:group/web</Arn><CreateDate>2026-03-05T01:02:38Z</CreateDate>" +
          "</Group></CreateGroupResult><ResponseMetadata><RequestId>…</RequestId></ResponseMetadata>" +
          "</CreateGroupResponse>\n",
      );
    });

    it("is IAM's XML in refusals too", async () => {
      const { status, body } = await post({ Action: "HoldUser", Version: "2010-05-08" }, { authorization });
      expect(status).to.equal(400);
      expect(body.replace(/(<RequestId>)[^<]+/, "$1…")).to.equal(
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>' +
          "<Code>InvalidAction</Code><Message>Could not find operation HoldUser for version 2010-05-08</Message>" +
          "</Error><RequestId>…</RequestId></ErrorResponse>\n",
      );
    });

    it("has no message where IAM gives none", async () => {
      const form = { Action: "GetCredentialReport", Version: "2010-05-08" };
      const { status, body } = await post(form, { authorization });
      expect(status).to.equal(410);
      expect(body).to.include("<Error><Type>Sender</Type><Code>ReportNotPresent</Code></Error>");
    });

    it("is spoken in one version and by POST only", async () => {
      const { status, body } = await post({ Action: "ListUsers", Version: "2011-06-15" }, { authorization });
      expect(status).to.equal(400);
      expect(body).to.include("<Code>InvalidAction</Code>");
      const got = await fetch(`${server.url}/?Action=ListUsers&Version=2010-05-08`, { headers: { authorization } });
      expect(got.status).to.equal(400);
    });
  });

  it("dates its answers by the time that it is given", async () => {
    const dated = await serveIam(account, principals, () => new Date("2026-02-01T00:00:00Z"));
    try {
      const { headers } = await fetch(dated.url, { method: "POST" });
      expect(headers.get("date")).to.equal("Sun, 01 Feb 2026 00:00:00 GMT");
    } finally {
      await dated.close();
    }
  });

  describe("close", () => {
    it("does not wait for connections that are kept alive, or for requests that never end", async () => {
      const closing = await serveIam(account, principals);
      await clientOf(ROOT_KEY, { endpoint: closing.url }).send(new ListUsersCommand());
      const unended = request(closing.url, { method: "POST", headers: { "content-length": "100" } });
      const dropped = new Promise<Error>((resolve) => unended.once("error", resolve));
      await new Promise((resolve) => unended.once("socket", (socket) => socket.once("connect", resolve)));
      unended.write("Action=");
      const before = Date.now();
      await closing.close();
      expect(Date.now() - before).to.be.below(500);
      expect(await dropped).to.have.property("message", "socket hang up");
    });
  });
});

const DENY_ALL = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}';
