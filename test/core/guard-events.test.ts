import { expect } from "chai";
import { guardEventPattern, readGuardEvent } from "../../core/guard-events";
import { compilePattern } from "../../fake-aws/event-pattern";
import { GUARDS } from "../support/guards";

const ROLE = "arn:aws:iam::123456789012:role/require-mfa/dev/require-mfa-1a2b3c4";
const SEALED = "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-sealed-1a2b3c4";
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";

/** EventBridge's envelope around a CloudTrail record of IAM. */
function event(eventName: string, requestParameters: unknown, detail: unknown = {}) {
  return {
    source: "aws.iam",
    "detail-type": "AWS API Call via CloudTrail",
    account: "123456789012",
    detail: {
      eventName,
      eventID: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
      userIdentity: { type: "IAMUser", userName: "bob", arn: "arn:aws:iam::123456789012:user/bob" },
      requestParameters,
      ...Object(detail),
    },
  };
}

/** [what, the event, the guard to look at and the foreign group; undefined where it is about no guard]. */
const EVENTS: readonly (readonly [string, unknown, readonly [string, string?] | undefined])[] = [
  [
    "a guard's policy taken off its group",
    event("DetachGroupPolicy", { groupName: "require-mfa-sealed-1a2b3c4", policyArn: SEALED }),
    ["sealed"],
  ],
  [
    "a guard's policy put back on its group",
    event("AttachGroupPolicy", { groupName: "require-mfa-sealed-1a2b3c4", policyArn: SEALED }),
    ["sealed"],
  ],
  [
    "another policy put on a guard's group, spelt in capitals",
    event("AttachGroupPolicy", { groupName: "REQUIRE-MFA-QUARANTINE-1A2B3C4", policyArn: ADMINISTRATOR }),
    ["quarantine"],
  ],
  [
    "one guard's policy put on another's group",
    event("AttachGroupPolicy", { groupName: "require-mfa-quarantine-1a2b3c4", policyArn: SEALED }),
    ["quarantine"],
  ],
  [
    "a guard's policy put on a group that is no guard's",
    event("AttachGroupPolicy", { groupName: "admins", policyArn: SEALED }),
    ["sealed", "admins"],
  ],
  [
    "another policy put on another group",
    event("AttachGroupPolicy", { groupName: "admins", policyArn: ADMINISTRATOR }),
    undefined,
  ],
  [
    "an inline policy put on a guard's group",
    event("PutGroupPolicy", { groupName: "require-mfa-conditional-1a2b3c4", policyName: "x", policyDocument: "{}" }),
    ["conditional"],
  ],
  [
    "an inline policy taken off a guard's group",
    event("DeleteGroupPolicy", { groupName: "require-mfa-conditional-1a2b3c4", policyName: "x" }),
    ["conditional"],
  ],
  [
    "an inline policy put on another group, and called like a guard's",
    event("PutGroupPolicy", { groupName: "admins", policyName: "require-mfa-sealed-1a2b3c4" }),
    undefined,
  ],
  [
    "a group made that is called like a guard's, under whatever path",
    event("CreateGroup", { groupName: "Require-MFA-sealed-1a2b3c4", path: "/" }),
    ["sealed"],
  ],
  ["a guard's group deleted", event("DeleteGroup", { groupName: "require-mfa-sealed-1a2b3c4" }), ["sealed"]],
  ["another group deleted", event("DeleteGroup", { groupName: "require-mfa-sealed-1a2b3c45" }), undefined],
  [
    "a guard's group renamed",
    event("UpdateGroup", { groupName: "require-mfa-sealed-1a2b3c4", newGroupName: "old" }),
    ["sealed"],
  ],
  [
    "a guard's group moved to another path",
    event("UpdateGroup", { groupName: "require-mfa-sealed-1a2b3c4", newPath: "/x/" }),
    ["sealed"],
  ],
  [
    "another group given a guard's name",
    event("UpdateGroup", { groupName: "hollow", newGroupName: "require-mfa-SEALED-1a2b3c4" }),
    ["sealed"],
  ],
  ["another group renamed", event("UpdateGroup", { groupName: "a", newGroupName: "b" }), undefined],
  [
    "another version of a guard's policy",
    event("CreatePolicyVersion", { policyArn: SEALED, setAsDefault: true, policyDocument: "{}" }),
    ["sealed"],
  ],
  [
    "another default version of a guard's policy",
    event("SetDefaultPolicyVersion", { policyArn: SEALED, versionId: "v1" }),
    ["sealed"],
  ],
  [
    "a version of a guard's policy deleted",
    event("DeletePolicyVersion", { policyArn: SEALED, versionId: "v1" }),
    ["sealed"],
  ],
  ["a guard's policy deleted", event("DeletePolicy", { policyArn: SEALED }), ["sealed"]],
  [
    "another version of another policy",
    event("CreatePolicyVersion", { policyArn: "arn:aws:iam::123456789012:policy/require-mfa-sealed-1a2b3c4" }),
    undefined,
  ],
  [
    "a policy made that is called like a guard's, under whatever path",
    event("CreatePolicy", { policyName: "require-mfa-Sealed-1a2b3c4", path: "/", policyDocument: "{}" }),
    ["sealed"],
  ],
  ["a policy made that is called otherwise", event("CreatePolicy", { policyName: "sealed" }), undefined],
  [
    "a call that failed",
    event("DetachGroupPolicy", { groupName: "require-mfa-sealed-1a2b3c4" }, { errorCode: "AccessDenied" }),
    undefined,
  ],
  [
    "someone taken out of a guard's group",
    event("RemoveUserFromGroup", { userName: "alice", groupName: "require-mfa-sealed-1a2b3c4" }),
    undefined,
  ],
  ["a guard's policy taken off a user", event("DetachUserPolicy", { userName: "alice", policyArn: SEALED }), undefined],
  ["a call without parameters", event("DeleteGroup", null), undefined],
];

describe("readGuardEvent", () => {
  for (const [title, given, expected] of EVENTS) {
    it(`${expected === undefined ? "passes over" : "knows the guard of"} ${title}`, () => {
      const request = readGuardEvent(given, GUARDS);
      expect(request && [request.guard, request.foreignGroup]).to.deep.equal(expected && [expected[0], expected[1]]);
    });
  }

  it("tells the call and who made it", () => {
    const given = event("DeleteGroup", { groupName: "require-mfa-sealed-1a2b3c4" });
    expect(readGuardEvent(given, GUARDS)).to.deep.equal({
      kind: "guard",
      guard: "sealed",
      call: "DeleteGroup",
      origin: { caller: "arn:aws:iam::123456789012:user/bob", eventID: "6a7e8feb-b491-4cf7-a9f1-bf3703467718" },
    });
  });

  it("refuses what is no event", () => {
    expect(() => readGuardEvent({ source: "aws.iam" }, GUARDS)).to.throw(
      TypeError,
      "not an event of AWS API Call via CloudTrail: detail",
    );
  });
});

describe("guardEventPattern", () => {
  const matches = (given: unknown) => {
    const pattern = guardEventPattern({ accountId: "123456789012", guards: GUARDS, handlerRoleArn: ROLE });
    return compilePattern(JSON.parse(JSON.stringify(pattern)))(given);
  };

  // All that the parser knows and nothing else, but policies of the stack's path that are no guard's.
  for (const [title, given, expected] of EVENTS) {
    it(`${expected === undefined ? "keeps out" : "lets in"} ${title}`, () => {
      expect(matches(given)).to.equal(expected !== undefined);
    });
  }

  const deletion = (detail: unknown = {}) => event("DeleteGroup", { groupName: "require-mfa-sealed-1a2b3c4" }, detail);
  const byRole = (arn: string) => ({
    userIdentity: { type: "AssumedRole", sessionContext: { sessionIssuer: { type: "Role", arn } } },
  });
  const others: readonly (readonly [string, unknown, boolean])[] = [
    ["the handler's own doing", deletion(byRole(ROLE)), false],
    ["another role's doing", deletion(byRole("arn:aws:iam::123456789012:role/admin")), true],
    ["another account's call", { ...deletion(), account: "999999999999" }, false],
    ["another service's call", { ...deletion(), source: "aws.organizations" }, false],
    ["a call in the console", { ...deletion(), "detail-type": "AWS Console Action via CloudTrail" }, true],
  ];
  for (const [title, given, expected] of others) {
    it(`${expected ? "lets in" : "keeps out"} ${title}`, () => {
      expect(matches(given)).to.equal(expected);
    });
  }

  it("stays within a rule's 2,048 characters with the longest names that Pulumi lets stack and component have", () => {
    const path = `require-mfa/${"s".repeat(100)}`;
    // The rule's own name ends at 64 characters, of which «-guards-1a2b3c4» takes 15.
    const name = "n".repeat(49);
    const guard = (guardName: string) => ({
      group: `${name}-${guardName}-1a2b3c4`,
      policyArn: `arn:aws-us-gov:iam::123456789012:policy/${path}/${name}-${guardName}-1a2b3c4`,
    });
    const longest = guardEventPattern({
      accountId: "123456789012",
      guards: { quarantine: guard("quarantine"), conditional: guard("conditional"), sealed: guard("sealed") },
      handlerRoleArn: `arn:aws-us-gov:iam::123456789012:role/${path}/${name}-1a2b3c4`,
    });
    expect(JSON.stringify(longest).length).to.be.at.most(2048);
  });
});
