import { expect } from "chai";
import type { ProtectionName } from "../../../policies/protect";
import { compile } from "../../../policy-language/evaluator";
import { type Call, callsOf, on } from "./calls";
import { type Mutant, mutantsOf } from "./mutants";
import { CALLERS, type Caller, documentOf, KINDS } from "./protected";
import { HOME } from "./sessions";
import { asking, SHUT } from "./verdicts";

/*
 * What the protection refuses, of every action of AWS, to somebody whom all else allows everything.
 */

const ALLOW_ALL = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Full", Effect: "Allow", Action: "*", Resource: "*" }],
};

const ROLE_CHANGES = [
  "iam:CreateRole",
  "iam:UpdateRole",
  "iam:DeleteRole",
  "iam:UpdateAssumeRolePolicy",
  "iam:AttachRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePolicy",
  "iam:DeleteRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:DeleteRolePermissionsBoundary",
  "iam:PassRole",
];
const POLICY_CHANGES = [
  "iam:CreatePolicyVersion",
  "iam:DeletePolicyVersion",
  "iam:SetDefaultPolicyVersion",
  "iam:DeletePolicy",
];

const THE_STACK = [
  ...on(
    "our rule",
    "events:PutRule",
    "events:DisableRule",
    "events:DeleteRule",
    "events:PutTargets",
    "events:RemoveTargets",
  ),
  ...on(
    "our function",
    "lambda:AddPermission",
    "lambda:RemovePermission",
    "lambda:CreateAlias",
    "lambda:CreateFunction",
    "lambda:CreateFunctionUrlConfig",
    "lambda:DeleteAlias",
    "lambda:DeleteFunction",
    "lambda:DeleteFunctionCodeSigningConfig",
    "lambda:DeleteFunctionConcurrency",
    "lambda:DeleteFunctionEventInvokeConfig",
    "lambda:DeleteFunctionUrlConfig",
    "lambda:DeleteResourcePolicy",
    "lambda:PutFunctionCodeSigningConfig",
    "lambda:PutFunctionConcurrency",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:PutFunctionRecursionConfig",
    "lambda:PutFunctionScalingConfig",
    "lambda:PutResourcePolicy",
    "lambda:PutRuntimeManagementConfig",
    "lambda:UpdateAlias",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionCodeSigningConfig",
    "lambda:UpdateFunctionConfiguration",
    "lambda:UpdateFunctionEventInvokeConfig",
    "lambda:UpdateFunctionUrlConfig",
  ),
  ...on(
    "our log group",
    "logs:DeleteLogGroup",
    "logs:PutRetentionPolicy",
    "logs:PutSubscriptionFilter",
    "logs:DeleteSubscriptionFilter",
    "logs:PutDataProtectionPolicy",
    "logs:PutTransformer",
    "logs:AssociateKmsKey",
    "logs:DisassociateKmsKey",
  ),
  ...on("our log", "logs:DeleteLogStream"),
  ...on(
    "our queue",
    "sqs:SetQueueAttributes",
    "sqs:DeleteQueue",
    "sqs:PurgeQueue",
    "sqs:AddPermission",
    "sqs:RemovePermission",
  ),
  ...on(
    "our topic",
    "sns:SetTopicAttributes",
    "sns:DeleteTopic",
    "sns:AddPermission",
    "sns:RemovePermission",
    "sns:PutDataProtectionPolicy",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
  ),
  ...on(
    "our alarm",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:PutCompositeAlarm",
    "cloudwatch:PutLogAlarm",
    "cloudwatch:SetAlarmState",
    "cloudwatch:DisableAlarmActions",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:PutAlarmMuteRule",
  ),
  ...on("the handler's role", ...ROLE_CHANGES),
  ...on("a deploy role", ...ROLE_CHANGES),
  ...on(
    "any trail",
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
  ),
];
const THE_GUARDS = [
  ...on(
    "a guard's group",
    "iam:AttachGroupPolicy",
    "iam:DetachGroupPolicy",
    "iam:PutGroupPolicy",
    "iam:DeleteGroupPolicy",
    "iam:UpdateGroup",
    "iam:DeleteGroup",
  ),
  ...on("a guard's policy", ...POLICY_CHANGES),
  ...on("the boundary", ...POLICY_CHANGES),
];
const EVENTS = ["events:PutEvents on event-bus", "events:PutEvents on event-busv2", "events:PutEvents on everything"];
const ALL = [...THE_STACK, ...THE_GUARDS, ...EVENTS];

/** What both documents refuse. */
function refusedByBoth(caller: Caller): readonly string[] {
  switch (caller) {
    case "a deploy role":
    case "a deploy role that is the same in several accounts":
      return [];
    case "the handler":
      return THE_STACK;
    case "an administrator who puts other events":
    case "an administrator who puts no events":
      return [...THE_STACK, ...THE_GUARDS];
    default:
      return ALL;
  }
}

const ANY_ROLE = ["the handler's role", "a deploy role", "another role"];
const TAKING_BOUNDARIES = [
  "iam:DeleteUserPermissionsBoundary on user",
  ...ANY_ROLE.flatMap((kind) => on(kind, "iam:DeleteRolePermissionsBoundary")),
];
const WITHOUT_THE_BOUNDARY = [
  ...on("user", "iam:CreateUser", "iam:PutUserPermissionsBoundary"),
  ...ANY_ROLE.flatMap((kind) => on(kind, "iam:CreateRole", "iam:PutRolePermissionsBoundary")),
];

/** What the boundary refuses beside what the SCP does too. */
function refusedByTheBoundary(caller: Caller): readonly string[] {
  switch (caller) {
    case "a deploy role":
    case "a deploy role that is the same in several accounts":
      return [];
    case "an administrator who names the boundary":
      return TAKING_BOUNDARIES;
    default:
      return [...TAKING_BOUNDARIES, ...WITHOUT_THE_BOUNDARY];
  }
}

const PROMISES: Readonly<Record<ProtectionName, (caller: Caller) => readonly string[]>> = {
  scp: (caller) => refusedByBoth(caller),
  boundary: (caller) => [...refusedByBoth(caller), ...refusedByTheBoundary(caller)],
};

const CALLER_NAMES = Object.keys(CALLERS) as readonly Caller[];
const NAMES = ["scp", "boundary"] as const satisfies readonly ProtectionName[];

const sorted = (names: readonly string[]) => [...new Set(names)].sort();

/** Says what is refused: the calls' names, sorted, or in part, which is never promised. */
function refusing(documents: readonly unknown[], calls: readonly Call[]): (caller: Caller) => readonly string[] {
  const ask = asking(compile(documents), calls);
  return (caller) => {
    const open = ask(CALLERS[caller]);
    return sorted(
      calls.flatMap(({ name, resources }, index) => {
        if (open[index] === SHUT) return [name];
        return open[index] === 1 || resources.length === 1 ? [] : [`${name}, in part`];
      }),
    );
  };
}

/** The SCP beside an administrator's own Allow; the boundary by itself, for what it lets through it has to allow. */
const beside = (name: ProtectionName, document: unknown) => (name === "scp" ? [ALLOW_ALL, document] : [document]);

describe("what protects a stack", () => {
  for (const name of NAMES) {
    it(`refuses by the ${name} what is promised and nothing else, of every action of AWS, whoever calls`, async () => {
      const refusedTo = refusing(beside(name, documentOf(name)), await callsOf(HOME, KINDS));
      for (const caller of CALLER_NAMES)
        expect(refusedTo(caller), caller).to.deep.equal(sorted(PROMISES[name](caller)));
    });
  }

  it("leaves open what deleting a user, reading, invoking and feeding back the queues need", async () => {
    const open = [
      "iam:RemoveUserFromGroup on a guard's group",
      "iam:AddUserToGroup on a guard's group",
      "iam:DetachUserPolicy on user",
      "iam:DeleteUser on user",
      "lambda:InvokeFunction on our function",
      "sqs:ReceiveMessage on our queue",
      "sqs:DeleteMessage on our queue",
      "sns:Subscribe on our topic",
      "logs:PutLogEvents on our log",
      "logs:CreateLogStream on our log",
      "logs:FilterLogEvents on our log group",
    ];
    const calls = await callsOf(HOME, KINDS);
    expect(calls.map(({ name }) => name)).to.include.members(open);
    for (const name of NAMES) {
      const refused = refusing(beside(name, documentOf(name)), calls)("an administrator's role");
      expect(refused.filter((call) => open.includes(call))).to.deep.equal([]);
    }
  });

  it("refuses more or less by every document with one element changed", async () => {
    const services = /^(iam|signin|events|lambda|logs|sqs|sns|cloudwatch|cloudtrail|sts):|^s3:GetObject$/;
    const calls = await callsOf(HOME, KINDS, (action) => services.test(action));
    const isAlive = (name: ProtectionName, document: unknown) => {
      const refusedTo = refusing(beside(name, document), calls);
      return CALLER_NAMES.every((caller) => refusedTo(caller).join() === sorted(PROMISES[name](caller)).join());
    };
    const mutants = NAMES.flatMap((name) =>
      mutantsOf(documentOf(name))
        // The evaluator guesses nothing in the place of a name that roles have not.
        .filter(({ change }) => !change.includes("${aws:username}"))
        .map((mutant) => ({ ...mutant, name })),
    );
    const alive = mutants.filter(({ name, document }) => isAlive(name, document)).map(nameOf);
    const isListed = (mutant: string) => EQUIVALENTS.some(([, listed]) => listed.test(mutant));
    console.log(
      `        ${mutants.length - alive.length} of ${mutants.length} mutants killed, ` +
        `${alive.filter(isListed).length} are equivalent`,
    );
    expect(
      alive.filter((mutant) => !isListed(mutant)),
      "alive, not listed",
    ).to.deep.equal([]);
    expect(mutants.map(nameOf).filter((mutant) => isListed(mutant) && !alive.includes(mutant))).to.deep.equal([]);
  });
});

const nameOf = ({ name, sid, change }: Mutant & { readonly name: ProtectionName }) => `${name}, ${sid}: ${change}`;

/** Changes that change nothing, and why. */
const EQUIVALENTS: readonly (readonly [reason: string, mutant: RegExp])[] = [
  ["two wildcards in a row are one", /require-mfa-\*\* for /],
  ["CloudTrail asks for these actions on nothing but trails", /, LeaveTrails\w+: Resource \* for /],
  [
    "IAM asks for these actions on nothing but users and roles",
    /, (LeaveBoundaries|GiveTheBoundary)\w+: Resource \* for /,
  ],
  [
    "the boundary's LeaveBoundariesWhereTheyAre refuses the same, of every role",
    /^boundary, LeaveTheStack\w+: Action without iam:DeleteRolePermissionsBoundary$/,
  ],
];
