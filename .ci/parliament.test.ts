import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as v from "valibot";
import { deployerDocuments } from "../audit/deployer";
import { documentsOf, protectionOf } from "../audit/documents";
import { organizationDocuments } from "../audit/organization";
import { ALL_SETTINGS } from "../audit/settings";
import { PARTITIONS } from "../core/partitions";
import { type PolicyDocument, policyDocument, type Statement } from "../policies/document";
import { HOLDING_MODES, organizationIn } from "../test/policies/matrix/organization";

/*
 * parliament is a second judge, by other people and other data than the program's own lint: Duo's linter of IAM
 * policies. Its data is of April 2025.
 */

/** What parliament says of the documents, of whatever action, and why that is no fault: AWS documents all of these. */
const KNOWN: readonly (readonly [string, string])[] = [
  [mismatch({ "sns:GetSubscriptionAttributes": "*" }), "as of sns:SetSubscriptionAttributes"],
  [
    mismatch({ "lambda:CreateCodeSigningConfig": "*", "lambda:CreateEventSourceMapping": "*" }),
    "lambda:Create* is on functions, and these are covered and mean nothing",
  ],
  [
    mismatch({
      "lambda:DeleteCodeSigningConfig": "arn:*:lambda:*:*:code-signing-config:*",
      "lambda:DeleteEventSourceMapping": "arn:*:lambda:*:*:event-source-mapping:*",
      "lambda:DeleteLayerVersion": "arn:*:lambda:*:*:layer:*:*",
    }),
    "likewise lambda:Delete*",
  ],
  [
    mismatch({ "lambda:PutFunctionCodeSigningConfig": "arn:*:lambda:*:*:code-signing-config:*" }),
    "likewise lambda:Put*, and this one acts on the function too",
  ],
  [
    mismatch({
      "lambda:UpdateCodeSigningConfig": "arn:*:lambda:*:*:code-signing-config:*",
      "lambda:UpdateEventSourceMapping": "arn:*:lambda:*:*:event-source-mapping:*",
      "lambda:UpdateFunctionCodeSigningConfig": "arn:*:lambda:*:*:code-signing-config:*",
    }),
    "likewise lambda:Update*",
  ],
  [
    mismatch({ "sns:SetSubscriptionAttributes": "*" }),
    "AWS's newer reference has it on the topic, and so have its refusals: «SNS:SetSubscriptionAttributes on resource: arn:aws:sns:…»",
  ],
  [mismatch({ "sns:Unsubscribe": "*" }), "likewise"],
  ...["s3:DeleteObject", "s3:GetObject", "s3:PutObject"].map((denied) => escalation(denied, "s3:PutBucketPolicy")),
  escalation("s3:DeleteObject", "s3:PutLifecycleConfiguration"),
  [
    'RESOURCE_STAR: ["iam:ListServiceSpecificCredentials"]',
    "the credentials of all users are asked for at once, and then no user is named",
  ],
  ["UNKNOWN_ACTION: Unknown action cloudwatch:PutAlarmMuteRule", "not in its data"],
  ["UNKNOWN_ACTION: Unknown action signin:Authenticate", "not in its data"],
  ["UNKNOWN_ACTION: Unknown action signin:AuthorizeOAuth2Access", "not in its data"],
  ["UNKNOWN_ACTION: Unknown action signin:CreateOAuth2Token", "not in its data"],
  ["UNKNOWN_CONDITION_FOR_ACTION: Unknown condition aws:ViaAWSMCPService", "not in its list of global keys"],
  ["UNKNOWN_CONDITION_FOR_ACTION: Unknown condition aws:ViaAWSService", "not in its list of global keys"],
  [
    "UNKNOWN_CONDITION_FOR_ACTION: Unknown condition lambda:SourceFunctionArn",
    "Lambda sets it on each call that a function's code makes, of whatever service (Lambda Developer Guide)",
  ],
];

/** Whoever makes a bucket writes its policy and its rules: docs/pull-requests.md says what that means. */
function escalation(denied: string, allowed: string): readonly [string, string] {
  const found = `Possible resource policy privilege escalation on arn:aws:s3:::require-mfa-trail-* due to ${denied} not being allowed, but does allow ${allowed}`;
  return [`RESOURCE_POLICY_PRIVILEGE_ESCALATION: ${found}`, "so it is, and has to be"];
}

/** What it says of actions that don't take the resource beside them, by what they take. */
function mismatch(expected: Readonly<Record<string, string>>): string {
  const told = Object.entries(expected).map(
    ([action, format]) => `{"action": "${action}", "required_format": "${format}"}`,
  );
  return `RESOURCE_MISMATCH: [${told.join(", ")}]`;
}

const python = process.env["PYTHON"];

describe("parliament", () => {
  if (python === undefined || !existsSync(python)) {
    throw new Error(
      `PYTHON is ${python}, and must be the path of a Python that has parliament: python3 -m venv DIR && DIR/bin/pip install -r .ci/requirements.txt && PYTHON=DIR/bin/python npx mocha .ci/parliament.test.ts`,
    );
  }

  /** What parliament says of each document: its issues, each once, with their details. */
  function judge(documents: readonly unknown[]): readonly (readonly string[])[] {
    const { status, stdout, stderr } = spawnSync(python ?? "", [join(__dirname, "judge.py")], {
      input: JSON.stringify(documents),
      maxBuffer: 2 ** 28,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`judge.py ended with ${status}: ${stderr}`);
    return v
      .parse(Judgement, JSON.parse(stdout))
      .map((findings) => [...new Set(findings.map(({ issue, detail }) => `${issue}: ${detail}`))]);
  }

  describe("finds", () => {
    const planted: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
      ["a misspelt action", { Action: "iam:EnabelMFADevice" }, "UNKNOWN_ACTION: Unknown action iam:EnabelMFADevice"],
      ["a misspelt service", { Action: "iaam:GetUser" }, "UNKNOWN_PREFIX: Unknown prefix iaam"],
      [
        "a misspelt operator",
        { Condition: { BoolIfExist: { "aws:MultiFactorAuthPresent": "false" } } },
        "UNKNOWN_OPERATOR: BoolIfExist",
      ],
      [
        "a misspelt condition key",
        { Condition: { BoolIfExists: { "aws:MultiFactorAuthPresnt": "false" } } },
        "UNKNOWN_CONDITION_FOR_ACTION: Unknown condition aws:MultiFactorAuthPresnt for action iam:GetUser",
      ],
      [
        "an action on a resource that it does not take",
        { Effect: "Allow", Action: "iam:ListVirtualMFADevices", Resource: "arn:aws:iam::*:mfa/*" },
        // Its data has this action twice.
        'RESOURCE_MISMATCH: [{"action": "iam:ListVirtualMFADevices", "required_format": "*"}, {"action": "iam:ListVirtualMFADevices", "required_format": "*"}]',
      ],
      [
        "a partition that does not exist",
        { Resource: "arn:aws-chn:iam::*:user/alice" },
        "INVALID_ARN: Unexpected partition",
      ],
    ];
    for (const [title, fault, expected] of planted) {
      it(title, () => {
        const statement = { Sid: "Planted", Effect: "Deny", Action: "iam:GetUser", Resource: "*", ...fault };
        expect(judge([{ Version: "2012-10-17", Statement: [statement] }])).to.deep.equal([[expected]]);
      });
    }
  });

  it("finds nothing in what the program deploys or prints but what it cannot know, by any setting in any partition", () => {
    const documents = distinct(
      PARTITIONS.flatMap((partition) => [
        ...ALL_SETTINGS.flatMap((settings) => Object.values(documentsOf({ mode: undefined, partition, settings }))),
        ...Object.values(
          deployerDocuments({ partition, account: "123456789012", stack: "dev", component: "require-mfa" }),
        ),
        ...ALL_SETTINGS.flatMap((settings) =>
          HOLDING_MODES.flatMap((mode) =>
            organizationDocuments({ ...organizationIn(partition), mode, settings }).map(([, document]) => document),
          ),
        ),
        ...Object.values(
          protectionOf({
            partition,
            component: "require-mfa",
            deployRoles: [`arn:${partition}:iam::123456789012:role/ci/deploy`, `arn:${partition}:iam::*:role/release`],
          }),
        ),
      ]),
    );
    const statements = documents.flatMap(({ Statement }) => Statement);
    const judged = distinct([
      ...documents,
      // An action that parliament does not know is all that it says of a statement, and it looks no further in the
      // document; so documents are judged without those too, and statements action by action.
      ...documents.map(({ Statement }) => policyDocument(...Statement.flatMap(withoutSignIn))),
      ...statements.flatMap(actionByAction).map((statement) => policyDocument(statement)),
      // Of a Deny it does not look at the resources, and in an Allow it complains of every "*".
      ...statements
        .filter(({ Effect, ...rest }) => Effect === "Deny" && !("Resource" in rest && rest.Resource === "*"))
        .flatMap((statement) => actionByAction({ ...statement, Effect: "Allow" }))
        .map((statement) => policyDocument(statement)),
    ]);
    const findings = judge(judged).flat();

    console.log(
      `      parliament looked at ${documents.length} documents of ${statements.length} statements, ${judged.length} with their parts, and made ${findings.length} findings, of ${KNOWN.length} known kinds`,
    );
    const kinds = new Set(
      findings.map((finding) => finding.replace(/ for action \S+$/, "").replace(/ arn:aws-[\w-]+:/, " arn:aws:")),
    );
    expect([...kinds].sort()).to.deep.equal(KNOWN.map(([finding]) => finding).sort());
  });
});

const Judgement = v.array(v.array(v.object({ issue: v.string(), detail: v.string() })));

function distinct(documents: readonly PolicyDocument[]): readonly PolicyDocument[] {
  return [...new Map(documents.map((document) => [JSON.stringify(document), document])).values()];
}

function actionByAction(statement: Statement): readonly Statement[] {
  return actionsOf(statement).map((action) => withActions(statement, [action]));
}

/** The statement without the actions of sign-in, or nothing where it has no other. */
function withoutSignIn(statement: Statement): readonly Statement[] {
  const others = actionsOf(statement).filter((action) => !action.startsWith("signin:"));
  return others.length > 0 ? [withActions(statement, others)] : [];
}

function actionsOf(statement: Statement): readonly string[] {
  const actions = "NotAction" in statement ? statement.NotAction : statement.Action;
  return typeof actions === "string" ? [actions] : actions;
}

function withActions(statement: Statement, actions: readonly string[]): Statement {
  return "NotAction" in statement ? { ...statement, NotAction: actions } : { ...statement, Action: actions };
}
