import { expect } from "chai";
import {
  createDevice,
  enableDevice,
  firstOf,
  HANDLER,
  newAccount,
  newAccountWithUser,
  ROOT,
  signedIn,
} from "../../support/account";

describe("IamAccount", () => {
  describe("CloudTrail", () => {
    it("is told of a password that an administrator makes", () => {
      const { account, root, records } = newAccountWithUser({}, "admin");
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
          principalId: "AIDAJE5G5RSLNMVXB4RSO",
          arn: "arn:aws:iam::123456789012:user/admin",
          accountId: "123456789012",
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
        recipientAccountId: "123456789012",
        eventCategory: "Management",
        sessionCredentialFromConsole: "true",
      });
      expect(requestID).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(eventID).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    });

    it("is told of a failed call, by the code with its suffix", () => {
      const { account, records } = newAccount();
      account.answer(HANDLER, "AddUserToGroup", { GroupName: "web", UserName: "alice" });
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
      const { account, records } = newAccountWithUser({ authorize: () => false });
      account.answer(signedIn("alice"), "DeactivateMFADevice", { SerialNumber: "GAKT12345678" });
      expect(records.at(-1)).to.deep.include({
        eventName: "DeactivateMFADevice",
        errorCode: "AccessDenied",
        requestParameters: null,
        responseElements: null,
      });
    });

    it("is told of a malformed call as of a failed one", () => {
      const { account, records } = newAccount();
      account.answer(ROOT, "CreateUser", { UserName: "AWS ROOT USER" });
      expect(records[0]).to.deep.include({
        errorCode: "ValidationException",
        requestParameters: { userName: "AWS ROOT USER" },
      });
    });

    it("is not told of reads, of actions that IAM does not have, or of callers whom nobody knows", () => {
      const { account, records } = newAccount();
      account.answer(ROOT, "ListUsers", {});
      account.answer(ROOT, "HoldUser", {});
      account.answer(signedIn("alice"), "CreateUser", { UserName: "bob" });
      expect(records).to.deep.equal([]);
    });

    it("names a role's session and, as its issuer, the role", () => {
      const { account, records } = newAccount();
      account.call(HANDLER, "CreateUser", { UserName: "bob" });
      const { principalId, ...identity } = firstOf(records).userIdentity;
      expect(principalId).to.match(/^AROA[A-Z2-7]{17}:run$/);
      expect(identity).to.deep.equal({
        type: "AssumedRole",
        arn: "arn:aws:sts::123456789012:assumed-role/handler/run",
        accountId: "123456789012",
        accessKeyId: identity.accessKeyId,
        sessionContext: {
          sessionIssuer: {
            type: "Role",
            principalId: principalId.replace(":run", ""),
            arn: "arn:aws:iam::123456789012:role/require-mfa/handler",
            accountId: "123456789012",
            userName: "handler",
          },
          attributes: { creationDate: "2026-03-05T01:02:38Z", mfaAuthenticated: "false" },
        },
      });
      expect(identity.accessKeyId).to.match(/^ASIA[A-Z2-7]{16}$/);
    });

    it("names root by the account's alias", () => {
      const { root, records } = newAccount({ accountAlias: "johndoe" });
      root("CreateUser", { UserName: "bob" });
      expect(records[0]?.userIdentity).to.include({
        type: "Root",
        principalId: "123456789012",
        arn: "arn:aws:iam::123456789012:root",
        userName: "johndoe",
      });
      expect(records[0]).to.have.nested.property("userIdentity.sessionContext.attributes.mfaAuthenticated", "true");
    });

    it("knows that root without a device has no MFA", () => {
      const { root, records } = newAccount({ rootHasDevice: false });
      root("CreateUser", { UserName: "bob" });
      expect(records[0]).to.have.nested.property("userIdentity.sessionContext.attributes.mfaAuthenticated", "false");
    });

    it("knows no session of who calls by an access key", () => {
      const { account, records } = newAccountWithUser();
      const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
      account.call({ type: "IAMUser", userName: "alice", accessKeyId }, "CreateGroup", { GroupName: "web" });
      account.call({ type: "IAMUser", userName: "alice" }, "CreateGroup", { GroupName: "ops" });
      expect(records[1]?.userIdentity).to.include({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", userName: "alice" });
      expect(records[1]?.userIdentity).not.to.have.property("sessionContext");
      expect(records[1]).not.to.have.property("sessionCredentialFromConsole");
      expect(records[2]?.userIdentity.accessKeyId).to.match(/^AKIA[A-Z2-7]{16}$/);
    });

    it("knows by which key a session in the console calls, and that it has no MFA", () => {
      const { account, records } = newAccountWithUser();
      const session = { ...signedIn("alice", false), accessKeyId: "ASIAIOSFODNN7EXAMPLE" };
      account.call(session, "CreateGroup", { GroupName: "web" });
      expect(records[1]?.userIdentity).to.deep.include({
        accessKeyId: "ASIAIOSFODNN7EXAMPLE",
        sessionContext: { attributes: { creationDate: "2026-03-05T01:02:38Z", mfaAuthenticated: "false" } },
      });
    });

    it("never sees a password, a code, a seed or a secret key", () => {
      const aws = newAccountWithUser();
      const { account, records } = aws;
      const { seed } = createDevice(aws, "tablet");
      account.call(ROOT, "CreateLoginProfile", { UserName: "alice", Password: "pass-1" });
      account.call(ROOT, "UpdateLoginProfile", { UserName: "alice", Password: "pass-2" });
      account.call(signedIn("alice"), "ChangePassword", { OldPassword: "pass-2", NewPassword: "pass-3" });
      const { SecretAccessKey } = account.call(ROOT, "CreateAccessKey", { UserName: "alice" }).AccessKey;
      enableDevice(aws, signedIn("alice"), "phone");
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
        ["EnableMFADevice", { userName: "alice", serialNumber: "arn:aws:iam::123456789012:mfa/phone" }, null],
      ]);
    });

    it("keeps parameters as they were sent, be their case what it may", () => {
      const { root, records } = newAccountWithUser();
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
        const { root, records } = newAccount({ startTime: at });
        root("CreateGroup", { GroupName: "web" });
        expect(records[0]).to.have.nested.property("responseElements.group.createDate", written);
      });
    }

    const partitions = [
      ["aws", "us-east-1", "arn:aws:iam::123456789012:root"],
      ["aws-us-gov", "us-gov-west-1", "arn:aws-us-gov:iam::123456789012:root"],
      ["aws-cn", "cn-north-1", "arn:aws-cn:iam::123456789012:root"],
    ] as const;
    for (const [partition, region, arn] of partitions) {
      it(`is told in ${region} in the partition ${partition}`, () => {
        const { root, records } = newAccount({ partition });
        root("CreateUser", { UserName: "alice" });
        expect([records[0]?.awsRegion, records[0]?.userIdentity.arn]).to.deep.equal([region, arn]);
      });
    }
  });
});
