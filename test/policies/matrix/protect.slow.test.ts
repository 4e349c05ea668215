import { expect } from "chai";
import { PROTECTIONS, type ProtectionName } from "../../../policies/protect";
import { compile, type RequestContext } from "../../../policy-language/evaluator";
import { type Call, callsOf, type Kinds, on } from "./calls";
import { type Mutant, mutantsOf } from "./mutants";
import { HOME } from "./sessions";
import { asking, SHUT } from "./verdicts";

/*
 * What the protection refuses, of every action of AWS, to somebody whom all else allows everything.
 */

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const iam = (resource: string) => `arn:aws:iam::123456789012:${resource}`;

const DEPLOY = iam("role/ci/deploy");
const FUNCTION = arn("lambda", "function:require-mfa-1a2b3c4");
const BOUNDARY = iam("policy/require-mfa/require-mfa-boundary");

const documentOf = (name: ProtectionName) =>
  PROTECTIONS[name]({
    partition: "aws",
    component: "require-mfa",
    deployRoles: [DEPLOY, "arn:aws:iam::*:role/release"],
  });

const ALLOW_ALL = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Full", Effect: "Allow", Action: "*", Resource: "*" }],
};

const ours = (service: string, prefix = "") => [
  arn(service, `${prefix}require-mfa-1a2b3c4`),
  arn(service, `${prefix}require-mfa-told-1a2b3c4`),
  arn(service, `${prefix}require-mfa-x`),
];
const others = (service: string, prefix = "") => [
  arn(service, `${prefix}require-mfa`),
  arn(service, `${prefix}other-require-mfa-1a2b3c4`),
  arn(service, `${prefix}x`),
];

const KINDS: Kinds = {
  "events:rule-on-default-event-bus": {
    "our rule": ours("events", "rule/"),
    "another rule": others("events", "rule/"),
  },
  "lambda:function": { "our function": ours("lambda", "function:"), "another function": others("lambda", "function:") },
  "logs:log-group": { "our log group": ours("logs", "log-group:"), "another log group": others("logs", "log-group:") },
  "logs:log-stream": {
    "our log": ours("logs", "log-group:").map((group) => `${group}:log-stream:x`),
    "another log": others("logs", "log-group:").map((group) => `${group}:log-stream:x`),
  },
  "sqs:queue": { "our queue": ours("sqs"), "another queue": others("sqs") },
  "sns:topic": { "our topic": ours("sns"), "another topic": others("sns") },
  "cloudwatch:alarm": { "our alarm": ours("cloudwatch", "alarm:"), "another alarm": others("cloudwatch", "alarm:") },
  "iam:role": {
    "the handler's role": [iam("role/require-mfa/dev/require-mfa-1a2b3c4"), iam("role/require-mfa/x")],
    "a deploy role": [DEPLOY, iam("role/release")],
    "another role": [
      iam("role/deploy"),
      iam("role/ci/deploy2"),
      iam("role/release2"),
      iam("role/x/require-mfa/y"),
      iam("role/require-mfa"),
      iam("role/x"),
    ],
  },
  "iam:user": { user: [iam("user/alice"), iam("user/x")] },
  "iam:group": {
    "a guard's group": [iam("group/require-mfa/dev/require-mfa-sealed-1a2b3c4"), iam("group/require-mfa/x")],
    "another group": [iam("group/admins"), iam("group/require-mfa-sealed-1a2b3c4")],
  },
  "iam:policy": {
    "a guard's policy": [iam("policy/require-mfa/dev/require-mfa-sealed-1a2b3c4"), iam("policy/require-mfa/x")],
    "the boundary": [BOUNDARY],
    "another policy": [
      iam("policy/x"),
      iam("policy/require-mfa-boundary"),
      "arn:aws:iam::aws:policy/AdministratorAccess",
    ],
  },
  "cloudtrail:trail": {
    "any trail": [arn("cloudtrail", "trail/x"), "arn:aws:cloudtrail:eu-west-1:123456789012:trail/y"],
  },
};

/** With what events:PutEvents asks about; other calls don't carry the source, and nothing else asks for it. */
const by = (principal: string, more: RequestContext = {}): RequestContext => ({
  "aws:PrincipalArn": principal,
  "events:source": "require-mfa",
  ...more,
});
const admin = (more: RequestContext = {}) => by(iam("role/admin"), more);

/** Who calls, and what the requests carry. */
const CALLERS = {
  "an administrator's role": admin(),
  "an IAM user with MFA": by(iam("user/admin"), { "aws:MultiFactorAuthPresent": "true" }),
  root: by(iam("root")),
  "a role of a deploy role's name under another path": by(iam("role/deploy")),
  "a role of a name like a deploy role's": by(iam("role/ci/deploy2")),
  "a role of a name like the other deploy role's": by(iam("role/release2")),
  "another account's role of a deploy role's name": by("arn:aws:iam::999988887777:role/ci/deploy"),
  "the handler's role, elsewhere than in its function": by(iam("role/require-mfa/dev/require-mfa-1a2b3c4")),
  "another function of a name that ends like the handler's": admin({
    "lambda:SourceFunctionArn": arn("lambda", "function:my-require-mfa-1a2b3c4"),
  }),
  "an administrator who puts an event of ours among others": admin({ "events:source": ["other", "require-mfa"] }),
  "an administrator who puts other events": admin({ "events:source": ["other", "require-mfa.x"] }),
  "an administrator who puts no events": admin({ "events:source": [] }),
  "an administrator who names the boundary": admin({ "iam:PermissionsBoundary": BOUNDARY }),
  "an administrator who names another boundary": admin({ "iam:PermissionsBoundary": iam("policy/lax") }),
  "an administrator who names a boundary like it": admin({ "iam:PermissionsBoundary": `${BOUNDARY}2` }),
  "the handler": by(iam("role/require-mfa/dev/require-mfa-1a2b3c4"), { "lambda:SourceFunctionArn": FUNCTION }),
  "a deploy role": by(DEPLOY),
  "a deploy role that is the same in several accounts": by("arn:aws:iam::999988887777:role/release"),
} as const satisfies Readonly<Record<string, RequestContext>>;

type Caller = keyof typeof CALLERS;

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
