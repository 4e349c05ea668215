import { expect } from "chai";
import fc from "fast-check";
import { policyDocument } from "../../policies/document";
import { compile, evaluate, inSession, type RequestContext } from "../../policy-language/evaluator";
import { KNOWN_CONDITION_KEYS } from "../../policy-language/grammar";

const ALICE: RequestContext = {
  "aws:username": "alice",
  "aws:userid": "AIDAALICE",
  "aws:PrincipalArn": "arn:aws:iam::111122223333:user/alice",
};

const ALICE_ARN = "arn:aws:iam::111122223333:user/alice";

/** A document of one statement, which allows where the elements say nothing else. */
function documentOf(elements: object): object {
  return { Version: "2012-10-17", Statement: { Effect: "Allow", ...elements } };
}

/** Whether an Allow of these actions on all resources covers the action. */
function coversAction(elements: object, action: string): boolean {
  const policies = compile([documentOf({ ...elements, Resource: "*" })]);
  return evaluate(policies, { action, resource: "*", context: {} }).allowed;
}

/** Whether an Allow of all actions on these resources covers the resource. */
function coversResource(elements: object, resource: string, context: RequestContext = ALICE): boolean {
  const policies = compile([documentOf({ ...elements, Action: "*" })]);
  return evaluate(policies, { action: "iam:GetUser", resource, context }).allowed;
}

/** Whether an Allow of everything under this condition is in force. */
function holds(condition: object, context: RequestContext): boolean {
  const policies = compile([documentOf({ Action: "*", Resource: "*", Condition: condition })]);
  return evaluate(policies, { action: "iam:GetUser", resource: "*", context }).allowed;
}

describe("evaluator: verdicts (IAM User Guide, Policy evaluation logic)", () => {
  const allow = { Sid: "Allow", Effect: "Allow", Action: "iam:*", Resource: "*" };
  const deny = { Sid: "Deny", Effect: "Deny", Action: "iam:DeleteUser", Resource: "*" };
  const denyToo = { Sid: "DenyToo", Effect: "Deny", Action: "*", Resource: "*" };
  const document = (...statements: readonly object[]) => ({ Version: "2012-10-17", Statement: statements });

  const table: readonly [string, readonly object[], string, object][] = [
    // "By default, all requests are implicitly denied"
    ["denies implicitly without any policy", [], "iam:DeleteUser", { allowed: false, explicit: false, sids: [] }],
    [
      "denies implicitly what no statement covers",
      [document(allow, deny)],
      "s3:GetObject",
      { allowed: false, explicit: false, sids: [] },
    ],
    // "An explicit allow in an identity-based or resource-based policy overrides this default."
    ["allows what an Allow covers", [document(allow, deny)], "iam:GetUser", { allowed: true, sids: ["Allow"] }],
    // "An explicit deny in any policy overrides any allows."
    [
      "denies explicitly what a Deny covers, whatever allows it",
      [document(allow, deny)],
      "iam:DeleteUser",
      { allowed: false, explicit: true, sids: ["Deny"] },
    ],
    [
      "denies across documents, in either order",
      [document(deny), document(allow)],
      "iam:DeleteUser",
      { allowed: false, explicit: true, sids: ["Deny"] },
    ],
    [
      "names every Deny that matches",
      [document(allow, deny), document(denyToo)],
      "iam:DeleteUser",
      { allowed: false, explicit: true, sids: ["Deny", "DenyToo"] },
    ],
    [
      "names every Allow that matches",
      [document(allow), document({ ...allow, Sid: "AllowToo" })],
      "iam:GetUser",
      { allowed: true, sids: ["Allow", "AllowToo"] },
    ],
    [
      "names a statement without a Sid by its place",
      [document(deny), document(deny, { Effect: "Allow", Action: "*", Resource: "*" })],
      "s3:GetObject",
      { allowed: true, sids: ["document[1].Statement[1]"] },
    ],
  ];
  for (const [title, documents, action, expected] of table) {
    it(title, () => {
      expect(evaluate(compile(documents), { action, resource: "*", context: {} })).to.deep.equal(expected);
    });
  }

  it("takes the project's own documents as they are", () => {
    const own = policyDocument({
      Sid: "BlockMostAccessUnlessSignedInWithMFA",
      Effect: "Deny",
      NotAction: ["iam:EnableMFADevice"],
      Resource: "*",
      Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    });
    expect(evaluate(compile([own]), { action: "s3:GetObject", resource: "*", context: ALICE })).to.deep.equal({
      allowed: false,
      explicit: true,
      sids: ["BlockMostAccessUnlessSignedInWithMFA"],
    });
  });

  it("answers for each session of the same policies by itself", () => {
    const policies = compile([
      documentOf({
        Action: "*",
        Resource: "arn:aws:iam::*:user/${aws:username}",
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
      }),
    ]);
    const aliceWithMfa = inSession(policies, { "aws:username": "alice", "aws:MultiFactorAuthPresent": "true" });
    const aliceWithout = inSession(policies, { "aws:username": "alice", "aws:MultiFactorAuthPresent": "false" });
    const bobWithMfa = inSession(policies, { "aws:username": "bob", "aws:MultiFactorAuthPresent": "true" });
    const request = { action: "iam:GetUser", resource: ALICE_ARN };
    expect([aliceWithMfa(request).allowed, aliceWithout(request).allowed, bobWithMfa(request).allowed]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });
});

describe("evaluator: actions (IAM User Guide, IAM JSON policy elements: Action and NotAction)", () => {
  const table: readonly [string, object, string, boolean][] = [
    ["matches the very action", { Action: "iam:GetUser" }, "iam:GetUser", true],
    ["matches no action of which it is only the beginning", { Action: "iam:GetUser" }, "iam:GetUserPolicy", false],
    ["matches no action of which it is only the end", { Action: "iam:GetUser" }, "iam:GetUse", false],
    // "The prefix and the action name are case insensitive. For example, iam:ListAccessKeys is the same as
    // IAM:listaccesskeys."
    ["compares without case", { Action: "IAM:listaccesskeys" }, "iam:ListAccessKeys", true],
    ["compares a request without case", { Action: "iam:ListAccessKeys" }, "IAM:listACCESSkeys", true],
    // "You can specify multiple values for the Action element."
    ["matches any of a list", { Action: ["s3:GetObject", "iam:GetUser"] }, "iam:GetUser", true],
    ["matches none outside a list", { Action: ["s3:GetObject", "iam:GetUser"] }, "iam:ListUsers", false],
    // "You can use a wildcard (*) to give access to all the actions the specific AWS product offers."
    ["matches a whole service by *", { Action: "iam:*" }, "iam:GetUser", true],
    ["matches no other service by *", { Action: "iam:*" }, "s3:GetObject", false],
    ["matches every service by * alone", { Action: "*" }, "vpc-lattice:AssociateViaAWSService-EventsAndStates", true],
    // "You can also use wildcards (*) as part of the action name", as in "iam:*AccessKey*".
    ["matches within a name by *", { Action: "iam:*MFA*" }, "iam:ResyncMFADevice", true],
    ["matches nothing in the place of *", { Action: "iam:*MFADevice*" }, "iam:ListMFADevices", true],
    ["requires the rest of the name beside *", { Action: "iam:*MFADevice" }, "iam:ListMFADevices", false],
    ["matches one character by ?", { Action: "iam:?etUser" }, "iam:GetUser", true],
    ["matches no two characters by ?", { Action: "iam:?tUser" }, "iam:GetUser", false],
    ["matches no missing character by ?", { Action: "iam:GetUser?" }, "iam:GetUser", false],
    // "NotAction is an advanced policy element that explicitly matches everything except the specified list of actions."
    ["leaves out what NotAction lists", { NotAction: ["iam:GetUser", "s3:*"] }, "s3:GetObject", false],
    ["covers what NotAction does not list", { NotAction: ["iam:GetUser", "s3:*"] }, "iam:ListUsers", true],
  ];
  for (const [title, elements, action, expected] of table) {
    it(title, () => {
      expect(coversAction(elements, action)).to.equal(expected);
    });
  }
});

describe("evaluator: resources (IAM User Guide, IAM JSON policy elements: Resource and NotResource)", () => {
  const table: readonly [string, object, string, boolean][] = [
    ["matches the very resource", { Resource: ALICE_ARN }, ALICE_ARN, true],
    ["matches no resource of which it is only the beginning", { Resource: ALICE_ARN }, `${ALICE_ARN}2`, false],
    // "In the Resource element, the IAM user name is case sensitive."
    ["compares with case", { Resource: "arn:aws:iam::111122223333:user/Alice" }, ALICE_ARN, false],
    ["matches any of a list", { Resource: ["arn:aws:s3:::bucket", ALICE_ARN] }, ALICE_ARN, true],
    ["takes a dot for a dot", { Resource: "arn:aws:s3:::a.c" }, "arn:aws:s3:::abc", false],
    // "The asterisk (*) character can expand to replace everything within a segment, including characters like a forward
    // slash (/)".
    ["spans slashes by *", { Resource: "arn:aws:iam::*:user/*" }, "arn:aws:iam::111122223333:user/eng/alice", true],
    // "If the wildcard (*) is the last character of a resource ARN segment, it can expand to match beyond colon
    // boundaries".
    ["spans colons by *", { Resource: "arn:aws:logs:*" }, "arn:aws:logs:us-east-1:111122223333:log-group:a", true],
    ["matches one character by ?", { Resource: "arn:aws:iam::*:user/a?ice" }, ALICE_ARN, true],
    ["matches no missing character by ?", { Resource: "arn:aws:iam::*:user/alice?" }, ALICE_ARN, false],
    ["matches every resource by * alone", { Resource: "*" }, ALICE_ARN, true],
    // "Some AWS services do not allow you to specify actions for individual resources. [...] When this is the case, you
    // use the wildcard character (*) in the Resource element."
    ["matches a request without a resource by * alone", { Resource: "*" }, "*", true],
    ["matches a request without a resource by no ARN", { Resource: "arn:aws:iam::*:mfa/*" }, "*", false],
    ["matches a request without a resource by no ARN of wildcards", { Resource: "arn:*" }, "*", false],
    // "NotResource is an advanced policy element that explicitly matches every resource except those specified."
    ["leaves out what NotResource lists", { NotResource: ["arn:aws:iam::*:user/*"] }, ALICE_ARN, false],
    ["covers what NotResource does not list", { NotResource: ["arn:aws:iam::*:user/bob"] }, ALICE_ARN, true],
    ["covers a request without a resource by NotResource", { NotResource: "arn:aws:iam::*:user/*" }, "*", true],
  ];
  for (const [title, elements, resource, expected] of table) {
    it(title, () => {
      expect(coversResource(elements, resource)).to.equal(expected);
    });
  }
});

describe("evaluator: variables (IAM User Guide, IAM policy elements: Variables and tags)", () => {
  const own = "arn:aws:iam::*:user/${aws:username}";
  const nobody: RequestContext = {};

  const table: readonly [string, object, string, RequestContext, boolean][] = [
    // "IAM replaces the variable ${aws:username} with the friendly name of the actual current user."
    ["stands for the user's name", { Resource: own }, ALICE_ARN, ALICE, true],
    ["stands for no other name", { Resource: own }, "arn:aws:iam::111122223333:user/bob", ALICE, false],
    ["stands for no longer name", { Resource: own }, "arn:aws:iam::111122223333:user/alice2", ALICE, false],
    ["stands for no path", { Resource: own }, "arn:aws:iam::111122223333:user/eng/alice", ALICE, false],
    [
      "stands for the user's ID",
      { Resource: "arn:aws:s3:::bucket/${aws:userid}/*" },
      "arn:aws:s3:::bucket/AIDAALICE/x",
      ALICE,
      true,
    ],
    // "Key names are case-insensitive."
    ["is named without case", { Resource: "arn:aws:iam::*:user/${AWS:UserName}" }, ALICE_ARN, ALICE, true],
    ["keeps the case of the value", { Resource: own }, ALICE_ARN, { "aws:username": "Alice" }, false],
    ["takes a * in a name literally", { Resource: own }, ALICE_ARN, { "aws:username": "a*" }, false],
    ["takes a ? in a name literally", { Resource: own }, ALICE_ARN, { "aws:username": "a?ice" }, false],
    ["takes a dot in a name literally", { Resource: own }, ALICE_ARN, { "aws:username": "al.ce" }, false],
    // "${*} - use where you need an * (asterisk) character." Likewise ${?} and ${$}.
    ["takes ${*} literally", { Resource: "arn:aws:iam::*:user/al${*}" }, ALICE_ARN, ALICE, false],
    ["takes ${?} literally", { Resource: "arn:aws:iam::*:user/a${?}ice" }, ALICE_ARN, ALICE, false],
    ["takes ${$} literally", { Resource: "arn:aws:s3:::bucket/a${$}b" }, "arn:aws:s3:::bucket/a$b", ALICE, true],
    ["takes a $ by itself literally", { Resource: "arn:aws:s3:::bucket/a$b" }, "arn:aws:s3:::bucket/a$b", ALICE, true],
    // "To add a default value to a variable, surround the default value with single quotes (' '), and separate the
    // variable text and the default value with a comma and space (, )."
    [
      "has its default where there is no value",
      { Resource: "arn:aws:iam::*:user/${aws:username, 'alice'}" },
      ALICE_ARN,
      nobody,
      true,
    ],
    [
      "has its value where there is one, whatever its default",
      { Resource: "arn:aws:iam::*:user/${aws:username, 'bob'}" },
      "arn:aws:iam::111122223333:user/bob",
      ALICE,
      false,
    ],
    [
      "takes a * in a default literally",
      { Resource: "arn:aws:iam::*:user/${aws:username, '*'}" },
      ALICE_ARN,
      nobody,
      false,
    ],
    ["may be empty", { Resource: own }, "arn:aws:iam::1:user/", { "aws:username": "" }, true],
  ];
  for (const [title, elements, resource, context, expected] of table) {
    it(title, () => {
      expect(coversResource(elements, resource, context)).to.equal(expected);
    });
  }

  // "If a variable that has no value in the authorization context is used as part of the Resource or NotResource element
  // of a policy, the resource that includes a policy variable with no value will not match any resource." And, of the
  // table that has aws:username "not present" for federated users: "not present means that the value is not in the
  // current request information, and any attempt to match it fails and causes the statement to be invalid."
  const unresolved: readonly [string, object][] = [
    ["Resource", { Resource: own }],
    ["a Resource beside another", { Resource: [own, ALICE_ARN] }],
    ["NotResource", { NotResource: own }],
  ];
  for (const [title, elements] of unresolved) {
    it(`is refused in ${title} without a value, rather than read in one of AWS's two ways`, () => {
      expect(() => coversResource(elements, ALICE_ARN, nobody)).to.throw(
        Error,
        "request.context.aws:username: given undefined, expected a value: AWS documents two readings of a variable without one",
      );
    });
  }

  it("is not asked for its value in a statement that is not in force", () => {
    const elements = { Resource: own, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };
    expect(coversResource(elements, ALICE_ARN, nobody)).to.equal(false);
  });

  it("covers a user's own resource and nobody else's, whatever the names", () => {
    // IAM's own characters of names, and the wildcards, which it forbids there.
    const name = fc.string({ unit: fc.constantFrom("a", "B", "1", "+", "=", ",", ".", "@", "-", "_"), minLength: 1 });
    fc.assert(
      fc.property(name, name, (user, other) => {
        const context = { "aws:username": user };
        const covers = coversResource({ Resource: own }, `arn:aws:iam::111122223333:user/${other}`, context);
        expect(covers).to.equal(user === other);
      }),
    );
  });
});

describe("evaluator: condition operators (IAM User Guide, IAM JSON policy elements: Condition operators)", () => {
  const table: readonly [string, object, RequestContext, boolean][] = [
    // "StringEquals: Exact matching, case sensitive"
    ["StringEquals matches the very text", { StringEquals: { "aws:username": "alice" } }, ALICE, true],
    ["StringEquals compares with case", { StringEquals: { "aws:username": "Alice" } }, ALICE, false],
    ["StringEquals knows no wildcards", { StringEquals: { "aws:username": "al*" } }, ALICE, false],
    ["StringEquals takes a * literally", { StringEquals: { "aws:username": "a*" } }, { "aws:username": "a*" }, true],
    ["StringEquals takes a ? literally", { StringEquals: { "aws:username": "a?" } }, { "aws:username": "a?" }, true],
    ["StringEquals compares the empty text", { StringEquals: { "aws:username": "" } }, { "aws:username": "" }, true],
    ["StringEquals knows variables", { StringEquals: { "aws:username": "${aws:username}" } }, ALICE, true],
    // "StringNotEquals: Negated matching"
    ["StringNotEquals fails for the very text", { StringNotEquals: { "aws:username": "alice" } }, ALICE, false],
    ["StringNotEquals compares with case", { StringNotEquals: { "aws:username": "Alice" } }, ALICE, true],
    // "StringEqualsIgnoreCase: Exact matching, ignoring case"
    ["StringEqualsIgnoreCase ignores case", { StringEqualsIgnoreCase: { "aws:username": "ALICE" } }, ALICE, true],
    ["StringEqualsIgnoreCase tells texts apart", { StringEqualsIgnoreCase: { "aws:username": "al*" } }, ALICE, false],
    [
      "StringNotEqualsIgnoreCase ignores case",
      { StringNotEqualsIgnoreCase: { "aws:username": "ALICE" } },
      ALICE,
      false,
    ],
    [
      "StringNotEqualsIgnoreCase tells texts apart",
      { StringNotEqualsIgnoreCase: { "aws:username": "bob" } },
      ALICE,
      true,
    ],
    // "StringLike: Case-sensitive matching. The values can include multi-character match wildcards (*) and
    // single-character match wildcards (?) anywhere in the string."
    ["StringLike knows *", { StringLike: { "aws:username": "a*e" } }, ALICE, true],
    ["StringLike knows ?", { StringLike: { "aws:username": "?lice" } }, ALICE, true],
    ["StringLike matches the whole text", { StringLike: { "aws:username": "lic" } }, ALICE, false],
    ["StringLike compares with case", { StringLike: { "aws:username": "A*" } }, ALICE, false],
    ["StringNotLike fails where StringLike matches", { StringNotLike: { "aws:username": "a*" } }, ALICE, false],
    ["StringNotLike matches where StringLike fails", { StringNotLike: { "aws:username": "b*" } }, ALICE, true],
    // "ArnEquals, ArnLike: Case-sensitive matching of the ARN. Each of the six colon-delimited components of the ARN is
    // checked separately and each can include multi-character match wildcards (*) or single-character match wildcards (?)."
    ["ArnLike knows *", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } }, ALICE, true],
    ["ArnLike knows ?", { ArnLike: { "aws:PrincipalArn": "arn:a?s:iam::*:user/a?ice" } }, ALICE, true],
    ["ArnLike compares with case", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/A*" } }, ALICE, false],
    [
      "ArnLike knows variables in the last component",
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/${aws:username}" } },
      ALICE,
      true,
    ],
    // The guide's own example, in which StringLike matches and ArnLike does not.
    [
      "ArnLike spans no component by *",
      { ArnLike: { "aws:PrincipalArn": "arn:aws:someservice:*:111122223333:finance/*" } },
      { "aws:PrincipalArn": "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt" },
      false,
    ],
    [
      "StringLike spans components by *",
      { StringLike: { "aws:PrincipalArn": "arn:aws:someservice:*:111122223333:finance/*" } },
      { "aws:PrincipalArn": "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt" },
      true,
    ],
    [
      "ArnLike spans no component by ?",
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam:us?1:111122223333:user/alice" } },
      { "aws:PrincipalArn": "arn:aws:iam:us:1:111122223333:user/alice" },
      false,
    ],
    [
      "ArnLike spans colons in the last component",
      { ArnLike: { "aws:PrincipalArn": "arn:aws:logs:*:*:log-group:*" } },
      { "aws:PrincipalArn": "arn:aws:logs:us-east-1:111122223333:log-group:a:b" },
      true,
    ],
    // "The ArnEquals and ArnLike condition operators behave identically."
    ["ArnEquals is ArnLike", { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } }, ALICE, true],
    ["ArnNotLike negates it", { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } }, ALICE, false],
    ["ArnNotEquals negates it", { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } }, ALICE, false],
    ["ArnNotEquals matches another", { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::*:role/*" } }, ALICE, true],
    // "Bool: Boolean matching"
    ["Bool matches", { Bool: { "aws:ViaAWSService": "true" } }, { "aws:ViaAWSService": "true" }, true],
    ["Bool tells true from false", { Bool: { "aws:ViaAWSService": "true" } }, { "aws:ViaAWSService": "false" }, false],
    ["Bool compares without case", { Bool: { "aws:ViaAWSService": "True" } }, { "aws:ViaAWSService": "true" }, true],
    // "Condition key names are not case-sensitive" (IAM JSON policy elements: Condition).
    ["names keys without case", { StringEquals: { "AWS:UserName": "alice" } }, ALICE, true],
    ["names a request's keys without case", { StringEquals: { "aws:username": "al" } }, { "AWS:USERNAME": "al" }, true],
  ];
  for (const [title, condition, context, expected] of table) {
    it(title, () => {
      expect(holds(condition, context)).to.equal(expected);
    });
  }
});

describe("evaluator: date operators (IAM User Guide, IAM JSON policy elements: Condition operators, Date condition operators)", () => {
  const day = "2027-02-01T00:00:00Z";
  const before = "2027-01-31T23:59:59Z";
  const after = "2027-02-01T00:00:01Z";
  const table: readonly (readonly [operator: string, before: boolean, on: boolean, after: boolean, absent: boolean])[] =
    [
      // "Matching a specific date", and its negation
      ["DateEquals", false, true, false, false],
      ["DateNotEquals", true, false, true, true],
      // "Matching before a specific date and time", "at or before"
      ["DateLessThan", true, false, false, false],
      ["DateLessThanEquals", true, true, false, false],
      // "Matching after a specific date and time", "at or after"
      ["DateGreaterThan", false, false, true, false],
      ["DateGreaterThanEquals", false, true, true, false],
      // "If the condition key is not present, evaluate the condition element as true."
      ["DateGreaterThanEqualsIfExists", false, true, true, true],
    ];
  for (const [operator, ...expected] of table) {
    it(`${operator} compares the second before, the very second, the one after, and a date that is absent`, () => {
      const contexts = [before, day, after].map((now): RequestContext => ({ "aws:CurrentTime": now }));
      const answers = [...contexts, {}].map((context) => holds({ [operator]: { "aws:CurrentTime": day } }, context));
      expect(answers).to.deep.equal(expected);
    });
  }

  it("takes one of several dates, and none of several for the negated operator", () => {
    const now = { "aws:CurrentTime": day };
    expect(holds({ DateEquals: { "aws:CurrentTime": [before, day] } }, now)).to.equal(true);
    expect(holds({ DateGreaterThan: { "aws:CurrentTime": [after, before] } }, now)).to.equal(true);
    expect(holds({ DateNotEquals: { "aws:CurrentTime": [before, day] } }, now)).to.equal(false);
    expect(holds({ DateNotEquals: { "aws:CurrentTime": [before, after] } }, now)).to.equal(true);
  });

  for (const date of ["2027-02-01", "2027-02-01T00:00:00", "2027-02-30T00:00:00Z", "2027-02-01T25:00:00Z", "*", "0"]) {
    it(`refuses the date ${date}, in a policy and in a request`, () => {
      expect(() => holds({ DateEquals: { "aws:CurrentTime": date } }, {})).to.throw(
        `document[0].Statement[0].Condition.DateEquals.aws:CurrentTime: given ${JSON.stringify(date)}, expected a date and time in UTC, as 2027-01-31T00:00:00Z`,
      );
      expect(() => holds({ DateEquals: { "aws:CurrentTime": day } }, { "aws:CurrentTime": date })).to.throw(
        /^request\.context\.aws:currenttime: given .*, expected a date and time in UTC/,
      );
    });
  }

  it("refuses variables, sets of dates, and several dates of a request", () => {
    expect(() => holds({ DateEquals: { "aws:CurrentTime": "${aws:CurrentTime}" } }, {})).to.throw(
      /expected a date and/,
    );
    expect(() => holds({ "ForAnyValue:DateEquals": { "aws:CurrentTime": day } }, {})).to.throw(/expected Null or, /);
    expect(() => holds({ DateEquals: { "aws:CurrentTime": day } }, { "aws:CurrentTime": [day, after] })).to.throw(
      /expected one value/,
    );
  });
});

describe("evaluator: keys (IAM User Guide, AWS global condition context keys)", () => {
  const keys = [
    "aws:CalledVia",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalType",
    "aws:userid",
    "aws:username",
    "aws:ViaAWSMCPService",
    "aws:ViaAWSService",
    "iam:PolicyARN",
  ];
  for (const key of keys) {
    it(`knows ${key} in a policy, in a variable and in a request`, () => {
      expect(holds({ StringLike: { [key]: `\${${key}}` } }, { [key]: "x" })).to.equal(true);
    });
  }
});

describe("evaluator: keys that are absent (IAM User Guide, IAM JSON policy elements: Condition operators)", () => {
  const key = "aws:MultiFactorAuthPresent";
  const absent: RequestContext = {};

  const table: readonly [string, object, RequestContext, boolean][] = [
    // "If the key that you specify in a policy condition is not present in the request context, the values do not match
    // and the condition is false."
    ["StringEquals fails", { StringEquals: { "aws:username": "alice" } }, absent, false],
    ["StringLike fails, even for *", { StringLike: { "aws:username": "*" } }, absent, false],
    ["ArnLike fails", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } }, absent, false],
    ["Bool fails for false too: a bare access key is not held by it", { Bool: { [key]: "false" } }, absent, false],
    // "If the policy condition requires that the key is not matched, such as StringNotLike or ArnNotLike, and the right
    // key is not present, the condition is true."
    ["StringNotEquals holds", { StringNotEquals: { "aws:username": "alice" } }, absent, true],
    ["StringNotLike holds, even for *", { StringNotLike: { "aws:username": "*" } }, absent, true],
    ["ArnNotEquals holds", { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::*:user/*" } }, absent, true],
    // "If the policy key is present in the context of the request, process the key as specified in the policy. If the key
    // is not present, evaluate the condition element as true."
    ["BoolIfExists holds where the key is absent", { BoolIfExists: { [key]: "false" } }, absent, true],
    ["BoolIfExists holds where the value matches", { BoolIfExists: { [key]: "false" } }, { [key]: "false" }, true],
    [
      "BoolIfExists fails where the value does not match",
      { BoolIfExists: { [key]: "false" } },
      { [key]: "true" },
      false,
    ],
    ["StringLikeIfExists holds", { StringLikeIfExists: { "aws:username": "a*" } }, absent, true],
    ["StringNotEqualsIfExists holds", { StringNotEqualsIfExists: { "aws:username": "alice" } }, absent, true],
    [
      "StringNotEqualsIfExists fails for the value",
      { StringNotEqualsIfExists: { "aws:username": "alice" } },
      ALICE,
      false,
    ],
    // Null: "use either true (the key doesn't exist — it is null) or false (the key exists and its value is not null)."
    ["Null true holds where the key is absent", { Null: { [key]: "true" } }, absent, true],
    ["Null true fails where the key is false", { Null: { [key]: "true" } }, { [key]: "false" }, false],
    ["Null false holds where the key is false", { Null: { [key]: "false" } }, { [key]: "false" }, true],
    ["Null false fails where the key is absent", { Null: { [key]: "false" } }, absent, false],
    ["Null compares without case", { Null: { [key]: "True" } }, absent, true],
    ["Null of both always holds", { Null: { [key]: ["true", "false"] } }, absent, true],
    ["Null finds a list without values absent", { Null: { "aws:CalledVia": "true" } }, { "aws:CalledVia": [] }, true],
  ];
  for (const [title, condition, context, expected] of table) {
    it(title, () => {
      expect(holds(condition, context)).to.equal(expected);
    });
  }

  // "When you use a variable with no value in the condition element of an IAM policy, condition operators like
  // StringEquals or StringLike do not match". "Inverted condition operators like StringNotEquals or StringNotLike do match
  // against a null value" (IAM policy elements: Variables and tags). And there too: "any attempt to match it fails and
  // causes the statement to be invalid."
  for (const operator of ["StringEquals", "StringNotEquals"]) {
    it(`${operator} refuses a variable without a value`, () => {
      expect(() => holds({ [operator]: { "aws:userid": ["x", "${aws:username}"] } }, { "aws:userid": "x" })).to.throw(
        Error,
        "request.context.aws:username: given undefined, expected a value: AWS documents two readings of a variable without one",
      );
    });
  }
});

describe("evaluator: several operators, keys and values (IAM User Guide, Creating a condition with multiple keys or values)", () => {
  const via = (...services: readonly string[]): RequestContext => ({ "aws:CalledVia": services });

  const table: readonly [string, object, RequestContext, boolean][] = [
    // "If your policy has multiple condition operators or multiple keys attached to a single condition operator, the
    // conditions are evaluated using a logical AND."
    ["holds if all keys do", { StringEquals: { "aws:username": "alice", "aws:userid": "AIDAALICE" } }, ALICE, true],
    ["fails if one key does", { StringEquals: { "aws:username": "alice", "aws:userid": "AIDABOB" } }, ALICE, false],
    [
      "fails if one operator does",
      { StringEquals: { "aws:username": "alice" }, StringLike: { "aws:userid": "*BOB" } },
      ALICE,
      false,
    ],
    // "If a single condition operator includes multiple values for one key, that condition operator is evaluated using a
    // logical OR."
    ["holds if one value matches", { StringEquals: { "aws:username": ["bob", "alice"] } }, ALICE, true],
    ["fails if no value matches", { StringEquals: { "aws:username": ["bob", "carol"] } }, ALICE, false],
    // "The string cannot match any of the aws:PrincipalAccount values listed to resolve the condition to true."
    ["negated, fails if one value matches", { StringNotEquals: { "aws:username": ["bob", "alice"] } }, ALICE, false],
    ["negated, holds if no value matches", { StringNotEquals: { "aws:username": ["bob", "carol"] } }, ALICE, true],
    // "ForAllValues: The condition returns true if every key value in the request matches at least one value in the
    // policy. It also returns true if there are no keys in the request".
    [
      "ForAllValues holds if all match",
      { "ForAllValues:StringLike": { "aws:CalledVia": ["a*", "b"] } },
      via("a1", "b"),
      true,
    ],
    [
      "ForAllValues fails if one does not",
      { "ForAllValues:StringLike": { "aws:CalledVia": "a*" } },
      via("a1", "b"),
      false,
    ],
    ["ForAllValues holds of an absent key", { "ForAllValues:StringLike": { "aws:CalledVia": "a*" } }, {}, true],
    ["ForAllValues holds of no values", { "ForAllValues:StringLike": { "aws:CalledVia": "a*" } }, via(), true],
    // "If the key values in the request resolve to an empty data set (for example, an empty string), a condition operator
    // modified by ForAllValues returns true. In addition, a condition operator modified by ForAnyValue returns false."
    ["ForAllValues holds of an empty text", { "ForAllValues:StringLike": { "aws:CalledVia": "a*" } }, via(""), true],
    [
      "ForAllValues fails by another value beside an empty text",
      { "ForAllValues:StringLike": { "aws:CalledVia": "a*" } },
      via("", "b"),
      false,
    ],
    ["ForAnyValue fails of an empty text", { "ForAnyValue:StringLike": { "aws:CalledVia": "*" } }, via(""), false],
    [
      "negated, ForAnyValue fails of an empty text",
      { "ForAnyValue:StringNotLike": { "aws:CalledVia": "a*" } },
      via(""),
      false,
    ],
    // The guide's table for "ForAllValues:StringNotLike": no match with a value that is like it, a match with none.
    [
      "negated, ForAllValues fails by one",
      { "ForAllValues:StringNotLike": { "aws:CalledVia": "a*" } },
      via("a1", "b"),
      false,
    ],
    [
      "negated, ForAllValues holds by none",
      { "ForAllValues:StringNotLike": { "aws:CalledVia": "a*" } },
      via("b", "c"),
      true,
    ],
    [
      "ForAllValues with IfExists holds of an absent key",
      { "ForAllValues:StringLikeIfExists": { "aws:CalledVia": "a" } },
      {},
      true,
    ],
    // "ForAnyValue: The condition returns true if any one of the key values in the request matches any one of the
    // condition values in the policy. For no matching key or a null dataset, the condition returns false."
    ["ForAnyValue holds if one matches", { "ForAnyValue:StringEquals": { "aws:CalledVia": "b" } }, via("a", "b"), true],
    ["ForAnyValue fails if none does", { "ForAnyValue:StringEquals": { "aws:CalledVia": "c" } }, via("a", "b"), false],
    ["ForAnyValue fails of an absent key", { "ForAnyValue:StringEquals": { "aws:CalledVia": "c" } }, {}, false],
    ["ForAnyValue fails of no values", { "ForAnyValue:StringEquals": { "aws:CalledVia": "c" } }, via(), false],
    [
      "negated, ForAnyValue holds by one",
      { "ForAnyValue:StringNotEquals": { "aws:CalledVia": "b" } },
      via("a", "b"),
      true,
    ],
    [
      "negated, ForAnyValue fails by all",
      { "ForAnyValue:StringNotEquals": { "aws:CalledVia": "b" } },
      via("b", "b"),
      false,
    ],
    [
      "negated, ForAnyValue fails of an absent key",
      { "ForAnyValue:StringNotEquals": { "aws:CalledVia": "b" } },
      {},
      false,
    ],
    ["an operator for one value takes a list of one", { StringEquals: { "aws:CalledVia": "a" } }, via("a"), true],
  ];
  for (const [title, condition, context, expected] of table) {
    it(title, () => {
      expect(holds(condition, context)).to.equal(expected);
    });
  }

  it("refuses several values for an operator that compares one", () => {
    // "Multivalued context keys require a condition set operator" (Single-valued vs. multivalued context keys).
    expect(() => holds({ StringEquals: { "aws:CalledVia": "a" } }, via("a", "b"))).to.throw(
      Error,
      'request.context.aws:calledvia: given ["a","b"], expected one value, or an operator with ForAllValues: or ForAnyValue:',
    );
  });

  it("refuses several values for a variable", () => {
    // "You can't use a multivalued condition key as a variable" (IAM policy elements: Variables and tags).
    expect(() =>
      holds({ StringEquals: { "aws:username": "${aws:CalledVia}" } }, { ...ALICE, ...via("a", "b") }),
    ).to.throw(Error, 'request.context.aws:calledvia: given ["a","b"], expected one value for a variable');
  });
});

describe("evaluator: what it does not know, it refuses", () => {
  const statement = { Sid: "Sid", Effect: "Allow", Action: "*", Resource: "*" };
  const underCondition = (condition: unknown) => documentOf({ Action: "*", Resource: "*", Condition: condition });
  const onResource = (resource: unknown) => documentOf({ Action: "*", Resource: resource });
  const ofAction = (action: unknown) => documentOf({ Action: action, Resource: "*" });

  const table: readonly [string, unknown, string][] = [
    ["a document that is no object", "{}", 'document[0]: given "{}", expected an object that is not empty'],
    ["a document that is a list", [documentOf({})], "expected an object that is not empty"],
    ["a document that is null", null, "document[0]: given null, expected an object that is not empty"],
    ["a missing version", { Statement: [statement] }, 'document[0].Version: given undefined, expected "2012-10-17"'],
    ["a version with more before it", { Version: "12012-10-17", Statement: [statement] }, 'given "12012-10-17"'],
    ["a version with more after it", { Version: "2012-10-17T00", Statement: [statement] }, 'given "2012-10-17T00"'],
    ["the older version", { Version: "2008-10-17", Statement: [statement] }, 'expected "2012-10-17"'],
    [
      "another element of a document",
      { Version: "2012-10-17", Statements: [statement] },
      'document[0]: given "Statements", expected only Version, Id, Statement',
    ],
    [
      "an Id that is no string",
      { Version: "2012-10-17", Id: 1, Statement: [statement] },
      "document[0].Id: given 1, expected a string",
    ],
    ["no statement", { Version: "2012-10-17" }, "document[0].Statement[0]: given undefined"],
    [
      "an empty list of statements",
      { Version: "2012-10-17", Statement: [] },
      "Statement: given [], expected at least one",
    ],
    ["a statement that is no object", { Version: "2012-10-17", Statement: ["Deny"] }, 'Statement[0]: given "Deny"'],
    [
      "a Sid given twice",
      { Version: "2012-10-17", Statement: [statement, { ...statement, Sid: "Other" }, statement] },
      'document[0]: given "Sid", expected each Sid once in a document',
    ],
    [
      "a Sid of other characters",
      documentOf({ ...statement, Sid: "Deny all" }),
      'Sid: given "Deny all", expected letters and digits',
    ],
    [
      "another element of a statement",
      documentOf({ Action: "*", Resource: "*", Conditions: {} }),
      'given "Conditions", expected only Sid, Effect, Action, NotAction, Resource, NotResource, Condition',
    ],
    [
      "a Principal: not of an identity policy",
      documentOf({ Principal: "*", Action: "*", Resource: "*" }),
      'given "Principal"',
    ],
    [
      "another effect",
      documentOf({ ...statement, Effect: "deny" }),
      'Effect: given "deny", expected "Allow" or "Deny"',
    ],
    [
      "neither Action nor NotAction",
      documentOf({ Resource: "*" }),
      'given ["Effect","Resource"], expected exactly one of Action and NotAction',
    ],
    [
      "both Action and NotAction",
      documentOf({ ...statement, NotAction: "s3:*" }),
      "expected exactly one of Action and NotAction",
    ],
    [
      "neither Resource nor NotResource",
      documentOf({ Action: "*" }),
      "expected exactly one of Resource and NotResource",
    ],
    [
      "both Resource and NotResource",
      documentOf({ ...statement, NotResource: "*" }),
      "expected exactly one of Resource and NotResource",
    ],
    ["an empty list of actions", ofAction([]), "Statement[0].Action: given [], expected at least one element"],
    ["an empty list of resources", onResource([]), "Statement[0].Resource: given [], expected at least one element"],
    ["an empty list under NotAction", documentOf({ NotAction: [], Resource: "*" }), "Statement[0].NotAction: given []"],
    [
      "an action that is no string",
      ofAction([1]),
      'Action: given 1, expected "*" or "service:Name", with wildcards only in the name',
    ],
    ["an action without a service", ofAction("GetUser"), 'Action: given "GetUser"'],
    ["a wildcard in the service", ofAction("i*:GetUser"), 'Action: given "i*:GetUser"'],
    ["an action with two colons", ofAction("iam:Get:User"), 'Action: given "iam:Get:User"'],
    ["an action with a variable", ofAction("iam:${aws:username}"), 'Action: given "iam:${aws:username}"'],
    ["an action with a blank", ofAction("iam:GetUser "), 'Action: given "iam:GetUser "'],
    [
      "a resource that is no string",
      onResource({}),
      'Resource: given {}, expected "*" or an ARN, with variables only after its fifth colon',
    ],
    ["an ARN with more before it", onResource(" arn:aws:iam::*:user/*"), 'Resource: given " arn:aws:iam::*:user/*"'],
    ["a variable of a wildcard and more", onResource("arn:aws:iam::*:user/${*a}"), 'given "*a", expected one of'],
    ["a variable of more and a wildcard", onResource("arn:aws:iam::*:user/${a*}"), 'given "a*", expected one of'],
    ["a resource that is no ARN", onResource("user/alice"), 'Resource: given "user/alice"'],
    // "You can't use a variable to replace parts of the ARN before the fifth colon, such as the service or account."
    [
      "a variable too early in an ARN",
      onResource("arn:aws:iam::${aws:userid}:user/x"),
      "variables only after its fifth colon",
    ],
    [
      "a variable that is not known",
      onResource("arn:aws:iam::*:user/${aws:name}"),
      'Resource: given "aws:name", expected one of the condition keys aws:CalledVia',
    ],
    ["a variable with blanks", onResource("arn:aws:iam::*:user/${ aws:username }"), 'given " aws:username "'],
    [
      "a default without a blank before it",
      onResource("arn:aws:iam::*:user/${aws:username,'x'}"),
      "given \"aws:username,'x'\"",
    ],
    ["a default without quotes", onResource("arn:aws:iam::*:user/${aws:username, x}"), 'given "aws:username, x"'],
    [
      "a default with more after it",
      onResource("arn:aws:iam::*:user/${aws:username, 'x' }"),
      "given \"aws:username, 'x' \"",
    ],
    [
      "a variable that is not closed",
      onResource("arn:aws:iam::*:user/${aws:username"),
      'expected a "}" after each "${"',
    ],
    [
      "a second variable that is not closed",
      onResource("arn:aws:iam::*:user/${aws:userid}${aws:username"),
      'expected a "}"',
    ],
    [
      "an empty condition",
      underCondition({}),
      "Statement[0].Condition: given {}, expected an object that is not empty",
    ],
    ["a condition that is null", underCondition(null), "Statement[0].Condition: given null"],
    [
      "an operator without keys",
      underCondition({ Bool: {} }),
      "Condition.Bool: given {}, expected an object that is not empty",
    ],
    [
      "a misspelt IfExists",
      underCondition({ BoolIfExist: { "aws:MultiFactorAuthPresent": "false" } }),
      'Condition.BoolIfExist.aws:MultiFactorAuthPresent: given "BoolIfExist", expected Null or, with or without IfExists and ForAllValues: or ForAnyValue:, one of StringEquals, StringNotEquals, StringEqualsIgnoreCase, StringNotEqualsIgnoreCase, StringLike, StringNotLike, ArnEquals, ArnNotEquals, ArnLike, ArnNotLike, Bool',
    ],
    ["an operator in another case", underCondition({ bool: { "aws:ViaAWSService": "true" } }), 'given "bool"'],
    [
      "an operator left out here",
      underCondition({ NumericLessThan: { "aws:MultiFactorAuthAge": "60" } }),
      'given "NumericLessThan"',
    ],
    ["a name from JavaScript", underCondition({ constructor: { "aws:username": "x" } }), 'given "constructor"'],
    ["an empty operator", underCondition({ "": { "aws:username": "x" } }), 'given ""'],
    ["Null with IfExists", underCondition({ NullIfExists: { "aws:username": "true" } }), 'given "NullIfExists"'],
    [
      "Null with ForAllValues",
      underCondition({ "ForAllValues:Null": { "aws:CalledVia": "true" } }),
      'given "ForAllValues:Null"',
    ],
    [
      "another set operator",
      underCondition({ "ForSomeValues:Bool": { "aws:ViaAWSService": "true" } }),
      'given "ForSomeValues:Bool"',
    ],
    // AWS tells what each does with a key that is absent, and the two contradict each other.
    [
      "ForAnyValue with IfExists",
      underCondition({ "ForAnyValue:StringLikeIfExists": { "aws:CalledVia": "a" } }),
      "expected ForAnyValue: or IfExists, but not both",
    ],
    [
      "a misspelt key",
      underCondition({ Bool: { "aws:MultiFactorAuthPresence": "true" } }),
      'given "aws:MultiFactorAuthPresence", expected one of the condition keys',
    ],
    [
      "a key twice under an operator, in different case",
      underCondition({ StringLike: { "aws:username": "a*", "aws:UserName": "b*" } }),
      'Statement[0].Condition.StringLike: given "aws:username", expected each condition key once, in whatever case',
    ],
    [
      "an empty list of values",
      underCondition({ Bool: { "aws:ViaAWSService": [] } }),
      "given [], expected at least one element",
    ],
    [
      "a value that is no boolean",
      underCondition({ Bool: { "aws:ViaAWSService": "yes" } }),
      'given "yes", expected "true" or "false"',
    ],
    ["a value of more than a boolean", underCondition({ Bool: { "aws:ViaAWSService": "true " } }), 'given "true "'],
    ["a value that ends in a boolean", underCondition({ Bool: { "aws:ViaAWSService": "untrue" } }), 'given "untrue"'],
    ["an ARN in a text", underCondition({ ArnLike: { "aws:PrincipalArn": " arn:aws:iam::*:user/*" } }), 'given " arn:'],
    [
      "a value of Null that is no boolean",
      underCondition({ Null: { "aws:username": "alice" } }),
      'given "alice", expected "true" or "false"',
    ],
    [
      "a boolean that is no string",
      underCondition({ Bool: { "aws:ViaAWSService": true } }),
      'given true, expected "true" or "false"',
    ],
    ["a text that is no string", underCondition({ StringEquals: { "aws:username": 1 } }), "given 1, expected a string"],
    [
      "a variable not known in a condition",
      underCondition({ StringLike: { "aws:username": "${x}" } }),
      'given "x", expected one of',
    ],
    [
      "an ARN of five components",
      underCondition({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*" } }),
      "expected an ARN of six components, with variables only in the last",
    ],
    [
      "a variable before the last component",
      underCondition({ ArnLike: { "aws:PrincipalArn": "${aws:PrincipalArn}" } }),
      "variables only in the last",
    ],
  ];
  for (const [title, document, message] of table) {
    it(`refuses ${title}`, () => {
      expect(() => compile([document])).to.throw(Error, message);
    });
  }

  it("says which document it is that it refuses", () => {
    expect(() => compile([documentOf(statement), documentOf({ ...statement, Effect: "deny" })])).to.throw(
      Error,
      'document[1].Statement[0].Effect: given "deny", expected "Allow" or "Deny"',
    );
  });

  it("takes an Id and the same Sid in another document", () => {
    const document = { Version: "2012-10-17", Id: "Id", Statement: [statement] };
    expect(compile([document, document]).statements).to.have.lengthOf(2);
  });

  const requests: readonly [string, object, string][] = [
    [
      "an action without a service",
      { action: "GetUser" },
      'request.action: given "GetUser", expected one action, as "service:Name"',
    ],
    ["an action with a blank", { action: " iam:GetUser" }, 'request.action: given " iam:GetUser"'],
    ["all actions", { action: "*" }, 'request.action: given "*"'],
    ["a wildcard in an action", { action: "iam:Get*" }, 'request.action: given "iam:Get*"'],
    [
      "a resource that is no ARN",
      { resource: "user/alice" },
      'request.resource: given "user/alice", expected one ARN without wildcards, or "*"',
    ],
    [
      "an ARN of five components",
      { resource: "arn:aws:iam::user/alice" },
      'request.resource: given "arn:aws:iam::user/alice"',
    ],
    [
      "a wildcard within an ARN",
      { resource: "arn:aws:iam::*:user/alice" },
      'request.resource: given "arn:aws:iam::*:user/alice"',
    ],
    [
      "a wildcard at the end of an ARN",
      { resource: "arn:aws:iam::1:user/*" },
      'request.resource: given "arn:aws:iam::1:user/*"',
    ],
    [
      "a misspelt key",
      { context: { "aws:UserNames": "alice" } },
      `request.context: given "aws:UserNames", expected one of the condition keys ${KNOWN_CONDITION_KEYS.join(", ")}`,
    ],
    [
      "a key twice, in different case",
      { context: { "aws:username": "alice", "aws:UserName": "bob" } },
      'request.context: given "aws:username", expected each condition key once, in whatever case',
    ],
  ];
  for (const [title, part, message] of requests) {
    it(`refuses a request with ${title}`, () => {
      const request = { action: "iam:GetUser", resource: "*", context: {}, ...part };
      expect(() => evaluate(compile([documentOf(statement)]), request)).to.throw(Error, message);
    });
  }
});
