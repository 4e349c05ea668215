import { expect } from "chai";
import { eventPattern, readEvent } from "../../core/events";
import type { User } from "../../core/user";
import { compilePattern } from "../../fake-aws/event-pattern";
import { GUARDS } from "../support/guards";

const ALICE: User = {
  name: "alice",
  path: undefined,
  createdAt: undefined,
  password: false,
  devices: [],
  groups: [],
  policies: [],
  datedAt: undefined,
};
const ROLE = "arn:aws:iam::123456789012:role/require-mfa/dev/require-mfa-1a2b3c4";
const PHONE = "arn:aws:iam::123456789012:mfa/phone";

interface Record {
  readonly eventName: string;
  readonly userIdentity?: unknown;
  readonly requestParameters?: unknown;
  readonly responseElements?: unknown;
  readonly errorCode?: string;
}

/** EventBridge's envelope around a CloudTrail record of IAM. */
function event(detail: Record, account = "123456789012") {
  return {
    version: "0",
    id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.iam",
    account,
    time: "2026-11-20T09:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: {
      eventVersion: "1.09",
      eventSource: "iam.amazonaws.com",
      userIdentity: { type: "IAMUser", userName: "root-of-all", accountId: "123456789012" },
      ...detail,
    },
  };
}

describe("readEvent", () => {
  describe("whose state to look at", () => {
    const cases: readonly (readonly [string, Record, string | undefined])[] = [
      [
        "the target, not the caller",
        { eventName: "CreateLoginProfile", requestParameters: { userName: "alice", passwordResetRequired: true } },
        "alice",
      ],
      [
        "the new name of a renamed user",
        { eventName: "UpdateUser", requestParameters: { userName: "alice", newUserName: "alicia" } },
        "alicia",
      ],
      [
        "a user who was only moved to another path",
        { eventName: "UpdateUser", requestParameters: { userName: "alice", newPath: "/staff/" } },
        "alice",
      ],
      [
        "the user of the answer, where the request names none",
        {
          eventName: "CreateLoginProfile",
          requestParameters: { passwordResetRequired: false },
          responseElements: { loginProfile: { userName: "alice", createDate: "Nov 20, 2026 9:00:00 AM" } },
        },
        "alice",
      ],
      [
        "the caller, where nothing else is named and the caller is an IAM user",
        {
          eventName: "DeleteLoginProfile",
          userIdentity: { type: "IAMUser", userName: "alice" },
          requestParameters: null,
        },
        "alice",
      ],
      [
        "nobody, where the caller is root, whose userName is the account's alias",
        { eventName: "DeleteLoginProfile", userIdentity: { type: "Root", userName: "acme" }, requestParameters: null },
        undefined,
      ],
      [
        "nobody, where the caller is a role",
        { eventName: "DeleteLoginProfile", userIdentity: { type: "AssumedRole" }, requestParameters: null },
        undefined,
      ],
      [
        "nobody, where the target is the root user",
        {
          eventName: "DeactivateMFADevice",
          userIdentity: { type: "IAMUser", userName: "alice" },
          requestParameters: {
            userName: "AWS ROOT USER",
            serialNumber: "arn:aws:iam::123456789012:mfa/root-account-mfa-device",
          },
        },
        undefined,
      ],
      [
        "nobody, where the name is longer than a user's can be",
        { eventName: "CreateUser", requestParameters: { userName: "a".repeat(65) } },
        undefined,
      ],
      [
        "nobody, where the call failed",
        {
          eventName: "CreateLoginProfile",
          errorCode: "NoSuchEntityException",
          requestParameters: { userName: "alice" },
        },
        undefined,
      ],
      [
        "nobody, where the call moves nobody",
        { eventName: "CreateAccessKey", requestParameters: { userName: "alice" } },
        undefined,
      ],
      [
        "nobody, where the call is called like something that every object has",
        { eventName: "constructor", requestParameters: { userName: "alice" } },
        undefined,
      ],
    ];
    for (const [title, record, expected] of cases) {
      it(title, () => {
        const request = readEvent(event(record));
        expect(request.kind === "user" ? request.user : undefined).to.equal(expected);
      });
    }

    it("says why it is nobody", () => {
      const reason = (record: Record): string => {
        const request = readEvent(event(record));
        return request.kind === "nobody" ? request.reason : "";
      };
      expect(reason({ eventName: "CreateUser", errorCode: "AccessDenied" })).to.equal("the call failed: AccessDenied");
      expect(reason({ eventName: "CreateUser", requestParameters: { userName: "AWS ROOT USER" } })).to.equal(
        '"AWS ROOT USER" is not the name of an IAM user',
      );
      expect(reason({ eventName: "CreateAccessKey", requestParameters: { userName: "alice" } })).to.equal(
        "this call changes neither where a user belongs nor where a user stands",
      );
      expect(reason({ eventName: "EnableMFADevice", userIdentity: { type: "Root" } })).to.equal(
        "the call names no user",
      );
    });
  });

  describe("what the state should soon show", () => {
    const group = { userName: "alice", groupName: "REQUIRE-MFA-QUARANTINE-1A2B3C4" };
    const policy = { userName: "alice", policyArn: GUARDS.quarantine.policyArn };
    const device = { userName: "alice", serialNumber: PHONE };
    const inGroup = { ...ALICE, groups: ["require-mfa-quarantine-1a2b3c4"] };
    const cases: readonly (readonly [string, unknown, User | undefined, User | undefined])[] = [
      ["CreateUser", { userName: "alice" }, undefined, ALICE],
      ["UpdateUser", { userName: "alice", newPath: "/x/" }, undefined, ALICE],
      ["CreateLoginProfile", { userName: "alice" }, ALICE, { ...ALICE, password: true }],
      ["DeleteLoginProfile", { userName: "alice" }, { ...ALICE, password: true }, ALICE],
      ["EnableMFADevice", device, ALICE, { ...ALICE, devices: [PHONE] }],
      ["DeactivateMFADevice", device, { ...ALICE, devices: [PHONE] }, { ...ALICE, devices: ["GAKT12345678"] }],
      [
        "DeactivateMFADevice",
        device,
        { ...ALICE, devices: ["GAKT12345678", PHONE] },
        { ...ALICE, devices: ["GAKT12345678"] },
      ],
      ["AddUserToGroup", group, ALICE, inGroup],
      ["RemoveUserFromGroup", group, inGroup, ALICE],
      ["AttachUserPolicy", policy, ALICE, { ...ALICE, policies: [GUARDS.quarantine.policyArn] }],
      ["DetachUserPolicy", policy, { ...ALICE, policies: [GUARDS.quarantine.policyArn] }, ALICE],
    ];
    for (const [eventName, requestParameters, before, after] of cases) {
      it(`${eventName}: lags before ${JSON.stringify(before?.devices)}, is caught up with after`, () => {
        const request = readEvent(event({ eventName, requestParameters }));
        if (request.kind !== "user") throw new Error(request.reason);
        expect([request.expected(before), request.expected(after)]).to.deep.equal([false, true]);
      });
    }

    it("somebody: of a user who is there IAM may say for a moment that there is none", () => {
      for (const eventName of [
        "DeleteLoginProfile",
        "DeactivateMFADevice",
        "RemoveUserFromGroup",
        "DetachUserPolicy",
      ]) {
        const request = readEvent(event({ eventName, requestParameters: { userName: "alice" } }));
        if (request.kind !== "user") throw new Error(request.reason);
        expect(request.expected(undefined), eventName).to.equal(false);
      }
    });
  });

  describe("who called", () => {
    it("in CloudTrail's words, as far as the record says", () => {
      const { origin } = readEvent({
        detail: {
          eventName: "CreateLoginProfile",
          eventTime: "2026-11-20T09:00:00Z",
          eventID: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
          sourceIPAddress: "192.0.2.10",
          userAgent: "aws-cli/2.31.0",
          userIdentity: { type: "IAMUser", userName: "bob", arn: "arn:aws:iam::123456789012:user/bob" },
          requestParameters: { userName: "alice" },
        },
      });
      expect(origin).to.deep.equal({
        caller: "arn:aws:iam::123456789012:user/bob",
        sourceIPAddress: "192.0.2.10",
        userAgent: "aws-cli/2.31.0",
        eventID: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        eventTime: "2026-11-20T09:00:00Z",
      });
    });

    it("nothing where the record says nothing", () => {
      expect(readEvent({ detail: { eventName: "CreateUser" } }).origin).to.deep.equal({});
      const absent = { eventTime: null, userAgent: null, userIdentity: { arn: null, sessionContext: null } };
      expect(readEvent({ detail: { eventName: "CreateUser", ...absent } }).origin).to.deep.equal({});
    });
  });

  describe("what the scope saw before the call", () => {
    const cases: readonly (readonly [string, unknown, User, unknown])[] = [
      ["UpdateUser", { userName: "alice-0", newUserName: "alice" }, ALICE, { name: "alice-0", path: undefined }],
      [
        "UpdateUser",
        { userName: "alice-0", newUserName: "alice" },
        { ...ALICE, path: "/x/" },
        { name: "alice-0", path: "/x/" },
      ],
      ["UpdateUser", { userName: "alice", newPath: "/x/" }, { ...ALICE, path: "/x/" }, undefined],
      ["UpdateUser", { userName: "alice", newPath: "/x/" }, ALICE, { name: "alice", groups: [] }],
      ["AddUserToGroup", { groupName: "Staff" }, { ...ALICE, groups: ["staff", "web"] }, { groups: ["web"] }],
      ["RemoveUserFromGroup", { groupName: "staff" }, { ...ALICE, groups: ["web"] }, { groups: ["web", "staff"] }],
      ["CreateLoginProfile", { userName: "alice" }, { ...ALICE, groups: ["web"] }, { groups: ["web"] }],
    ];
    for (const [eventName, requestParameters, now, before] of cases) {
      it(`${eventName} ${JSON.stringify(requestParameters)} of ${now.path ?? "a path that was not read"}`, () => {
        const request = readEvent(
          event({ eventName, requestParameters: { userName: "alice", ...Object(requestParameters) } }),
        );
        if (request.kind !== "user") throw new Error(request.reason);
        if (before === undefined) expect(request.scopeBefore(now)).to.equal(undefined);
        else expect(request.scopeBefore(now)).to.deep.include(before);
      });
    }
  });

  describe("whose enrolment it was", () => {
    const SESSION = { attributes: { mfaAuthenticated: "true" } };
    const cases: readonly (readonly [string, unknown, unknown])[] = [
      ["the user's own, by a bare key", { type: "IAMUser", userName: "Alice" }, { byAnother: false, withMfa: false }],
      [
        "the user's own, with MFA",
        { type: "IAMUser", userName: "alice", sessionContext: SESSION },
        { byAnother: false, withMfa: true },
      ],
      [
        "the user's own, without MFA in a session",
        { type: "IAMUser", userName: "alice", sessionContext: { attributes: { mfaAuthenticated: "false" } } },
        { byAnother: false, withMfa: false },
      ],
      [
        "in a session of which the record tells nothing",
        { type: "IAMUser", userName: "alice", sessionContext: {} },
        { byAnother: false, withMfa: false },
      ],
      ["another user's doing", { type: "IAMUser", userName: "bob" }, { byAnother: true, withMfa: false }],
      ["a user's whom the record does not name", { type: "IAMUser" }, { byAnother: true, withMfa: false }],
      ["a role's", { type: "AssumedRole", sessionContext: SESSION }, { byAnother: true, withMfa: true }],
      ["of nobody that the record tells", {}, { byAnother: false, withMfa: false }],
    ];
    for (const [title, userIdentity, expected] of cases) {
      it(title, () => {
        const request = readEvent(
          event({ eventName: "EnableMFADevice", userIdentity, requestParameters: { userName: "alice" } }),
        );
        expect(request.kind === "user" && request.enrolment).to.deep.equal(expected);
      });
    }

    it("is asked of no other call", () => {
      const request = readEvent(event({ eventName: "CreateUser", requestParameters: { userName: "alice" } }));
      expect(request.kind === "user" && request.enrolment).to.equal(undefined);
    });
  });

  it("takes an answer that tells of no password for one that names nobody", () => {
    const request = readEvent(
      event({ eventName: "CreateLoginProfile", userIdentity: { type: "Root" }, responseElements: {} }),
    );
    expect(request.kind).to.equal("nobody");
  });

  const notEvents: readonly (readonly [string, unknown, string])[] = [
    ["nothing", undefined, "the event: expected Object"],
    ["a text", "CreateUser", "the event: expected Object"],
    ["an envelope without a record", { source: "aws.iam" }, 'detail: expected "detail"'],
    [
      "a name that is no text",
      event({ eventName: "CreateUser", requestParameters: { userName: 7 } }),
      "detail.requestParameters.userName: expected string",
    ],
    [
      "two fields that are no texts",
      event({ eventName: "CreateUser", requestParameters: { userName: 7, groupName: false } }),
      "detail.requestParameters.userName: expected string; detail.requestParameters.groupName: expected string",
    ],
  ];
  for (const [title, given, message] of notEvents) {
    it(`refuses ${title} and says what is amiss`, () => {
      expect(() => readEvent(given)).to.throw(TypeError, `not an event of AWS API Call via CloudTrail: ${message}`);
    });
  }
});

describe("eventPattern", () => {
  const pattern = () =>
    eventPattern({ accountId: "123456789012", guards: GUARDS, groups: ["break-glass"], handlerRoleArn: ROLE });
  const matches = (given: unknown) => compilePattern(JSON.parse(JSON.stringify(pattern())))(given);
  const byRole = (arn: string) => ({ type: "AssumedRole", sessionContext: { sessionIssuer: { type: "Role", arn } } });
  const quarantine = { userName: "alice", groupName: "require-mfa-quarantine-1a2b3c4" };

  const cases: readonly (readonly [string, unknown, boolean])[] = [
    [
      "a policy of a stack whose name only begins alike, taken off",
      event({
        eventName: "DetachUserPolicy",
        requestParameters: {
          userName: "alice",
          policyArn: "arn:aws:iam::123456789012:policy/require-mfa/dev2/require-mfa-sealed-1a2b3c4",
        },
      }),
      false,
    ],
    [
      "a password made by an IAM user",
      event({ eventName: "CreateLoginProfile", requestParameters: { userName: "alice" } }),
      true,
    ],
    [
      "a device enabled by root, whose sessionIssuer is empty",
      event({
        eventName: "EnableMFADevice",
        userIdentity: { type: "Root", sessionContext: { sessionIssuer: {} } },
        requestParameters: { userName: "alice" },
      }),
      true,
    ],
    [
      "a device enabled by another role",
      event({ eventName: "EnableMFADevice", userIdentity: byRole("arn:aws:iam::123456789012:role/admin") }),
      true,
    ],
    [
      "the handler's own doing",
      event({ eventName: "AddUserToGroup", userIdentity: byRole(ROLE), requestParameters: quarantine }),
      false,
    ],
    ["someone taken out of a guard", event({ eventName: "RemoveUserFromGroup", requestParameters: quarantine }), true],
    [
      "a guard spelt in capitals",
      event({
        eventName: "RemoveUserFromGroup",
        requestParameters: { ...quarantine, groupName: "REQUIRE-MFA-SEALED-1A2B3C4" },
      }),
      true,
    ],
    [
      "someone taken out of another group",
      event({ eventName: "RemoveUserFromGroup", requestParameters: { userName: "alice", groupName: "admins" } }),
      false,
    ],
    [
      "a guard's policy detached",
      event({
        eventName: "DetachUserPolicy",
        requestParameters: { userName: "alice", policyArn: GUARDS.sealed.policyArn },
      }),
      true,
    ],
    [
      "another policy detached",
      event({
        eventName: "DetachUserPolicy",
        requestParameters: { userName: "alice", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      }),
      false,
    ],
    [
      "a call that failed",
      event({ eventName: "CreateLoginProfile", errorCode: "EntityAlreadyExistsException" }),
      false,
    ],
    [
      "a call that moves nobody",
      event({ eventName: "CreateAccessKey", requestParameters: { userName: "alice" } }),
      false,
    ],
    ["another account's call", event({ eventName: "CreateUser" }, "999999999999"), false],
    ["another service's call", { ...event({ eventName: "CreateUser" }), source: "aws.cognito-idp" }, false],
    [
      "the other spelling of the detail-type in China",
      { ...event({ eventName: "CreateUser" }), "detail-type": "Amazon API Call via CloudTrail" },
      true,
    ],
    [
      "a passkey enrolled in the console",
      {
        ...event({ eventName: "EnableMFADevice", requestParameters: { userName: "alice" } }),
        "detail-type": "AWS Console Action via CloudTrail",
      },
      true,
    ],
    [
      "a guard's policy detached from its group, for which there is another rule",
      event({
        eventName: "DetachGroupPolicy",
        requestParameters: { groupName: "require-mfa-sealed-1a2b3c4", policyArn: GUARDS.sealed.policyArn },
      }),
      false,
    ],
  ];
  for (const [title, given, expected] of cases) {
    it(`${expected ? "lets in" : "keeps out"} ${title}`, () => {
      expect(matches(given)).to.equal(expected);
    });
  }

  it("names exactly the calls that the parser knows", () => {
    const named = pattern().detail.$or.flatMap(({ eventName }) => eventName);
    expect([...named].sort()).to.deep.equal([
      "AddUserToGroup",
      "AttachUserPolicy",
      "CreateLoginProfile",
      "CreateUser",
      "DeactivateMFADevice",
      "DeleteLoginProfile",
      "DetachUserPolicy",
      "EnableMFADevice",
      "RemoveUserFromGroup",
      "UpdateUser",
    ]);
    for (const eventName of named) {
      const request = readEvent(event({ eventName, requestParameters: { userName: "alice" } }));
      expect(request.kind, eventName).to.equal("user");
    }
  });

  it("stays within a rule's 2,048 characters with the longest names that Pulumi lets stack and component have", () => {
    const path = `require-mfa/${"s".repeat(100)}`;
    // The other rule's name ends at 64 characters, of which «-guards-1a2b3c4» takes 15.
    const name = "n".repeat(49);
    const guard = (guardName: string) => ({
      group: `${name}-${guardName}-1a2b3c4`,
      policyArn: `arn:aws-us-gov:iam::123456789012:policy/${path}/${name}-${guardName}-1a2b3c4`,
    });
    const longest = eventPattern({
      accountId: "123456789012",
      guards: { quarantine: guard("quarantine"), conditional: guard("conditional"), sealed: guard("sealed") },
      // As much as the settings may name: 700 characters, each name counted with 25 more.
      groups: Array.from({ length: 14 }, (_, index) => `${"g".repeat(23)}${String(index).padStart(2, "0")}`),
      handlerRoleArn: `arn:aws-us-gov:iam::123456789012:role/${path}/${name}-1a2b3c4`,
    });
    expect(JSON.stringify(longest).length).to.be.at.most(2048);
  });
});
