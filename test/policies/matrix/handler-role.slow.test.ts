import { expect } from "chai";
import { handlerLogPolicy, handlerRolePolicy } from "../../../policies/handler-role";
import { compile, type RequestContext } from "../../../policy-language/evaluator";
import { type Call, callsOf, type Kinds, on } from "./calls";
import { type Mutant, mutantsOf } from "./mutants";
import { HOME } from "./sessions";
import { asking, OPEN } from "./verdicts";

const iam = (resource: string) => `arn:aws:iam::123456789012:${resource}`;
const log = (group: string) => `arn:aws:logs:us-east-1:123456789012:log-group:${group}`;
const bus = (name: string, where = "us-east-1:123456789012") => `arn:aws:events:${where}:event-bus/${name}`;
const lambda = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
const queue = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`;

const GUARDS_GROUPS = [
  iam("group/require-mfa/dev/require-mfa-quarantine-1a2b3c4"),
  iam("group/require-mfa/dev/require-mfa-conditional-1a2b3c4"),
  iam("group/require-mfa/dev/require-mfa-sealed-1a2b3c4"),
];
const GUARDS_POLICIES = [
  iam("policy/require-mfa/dev/require-mfa-quarantine-1a2b3c4"),
  iam("policy/require-mfa/dev/require-mfa-conditional-1a2b3c4"),
  iam("policy/require-mfa/dev/require-mfa-sealed-1a2b3c4"),
];
const LOG = log("require-mfa-1a2b3c4");
const FUNCTION = lambda("require-mfa-1a2b3c4");
const QUEUE = queue("require-mfa-failed-1a2b3c4");

const ROLE = handlerRolePolicy({
  partition: "aws",
  groupArns: GUARDS_GROUPS,
  policyArns: GUARDS_POLICIES,
  functionArn: FUNCTION,
});
const ITS_RECORDS = handlerLogPolicy({ logGroupArn: LOG, failedQueueArn: QUEUE });

const KINDS: Kinds = {
  "iam:user": { "any user": [iam("user/alice"), iam("user/eng/alice"), iam("user/x")] },
  "iam:group": {
    "a guard's group": GUARDS_GROUPS,
    "another group": [
      iam("group/admins"),
      iam("group/x"),
      iam("group/require-mfa/dev/other"),
      iam("group/require-mfa/prod/require-mfa-sealed-1a2b3c4"),
      ...GUARDS_GROUPS.map((group) => `${group}5`),
    ],
  },
  "iam:policy": {
    "a guard's policy": GUARDS_POLICIES,
    "another policy": [
      iam("policy/x"),
      "arn:aws:iam::aws:policy/AdministratorAccess",
      iam("policy/require-mfa/prod/require-mfa-sealed-1a2b3c4"),
      ...GUARDS_POLICIES.map((policy) => `${policy}5`),
    ],
  },
  "logs:log-stream": {
    "its own log": [`${LOG}:log-stream:2026/11/22/[$LATEST]abc`],
    "another log": [`${log("require-mfa-1a2b3c45")}:log-stream:x`, `${log("other")}:log-stream:x`],
  },
  "sqs:queue": {
    "its own queue": [QUEUE],
    "another queue": [queue("require-mfa-failed-1a2b3c45"), queue("require-mfa-untold-1a2b3c4"), queue("other")],
  },
  "cloudtrail:trail": {
    "any trail": [
      "arn:aws:cloudtrail:us-east-1:123456789012:trail/management-events",
      "arn:aws:cloudtrail:eu-west-1:123456789012:trail/x",
      "arn:aws:cloudtrail:us-east-1:210987654321:trail/organization",
    ],
  },
  "events:event-bus": {
    "the default bus": [bus("default")],
    "another bus": [
      bus("x"),
      bus("default2"),
      bus("default", "eu-central-1:123456789012"),
      bus("default", "us-east-1:999988887777"),
    ],
  },
  "lambda:function": { itself: [FUNCTION], "another function": [lambda("other"), lambda("require-mfa-1a2b3c45")] },
};

/** Lambda puts it into what the function's own code asks; `policy` goes with attaching and detaching alone. */
const byItself = (policy?: string): RequestContext => ({
  "lambda:SourceFunctionArn": FUNCTION,
  ...(policy !== undefined && { "iam:PolicyARN": policy }),
});

/** What is right for attaching a policy and for putting events, whoever asks. */
const BY_ANYBODY: RequestContext = {
  "iam:PolicyARN": iam("policy/require-mfa/dev/require-mfa-quarantine-1a2b3c4"),
  "events:source": ["require-mfa"],
};

/** What the role's requests carry. */
const CONTEXTS = {
  "of no policy": byItself(),
  "of the first guard's policy": byItself(iam("policy/require-mfa/dev/require-mfa-quarantine-1a2b3c4")),
  "of the second guard's policy": byItself(iam("policy/require-mfa/dev/require-mfa-conditional-1a2b3c4")),
  "of the third guard's policy": byItself(iam("policy/require-mfa/dev/require-mfa-sealed-1a2b3c4")),
  "of a policy with a name like the first": byItself(iam("policy/require-mfa/dev/require-mfa-quarantine-1a2b3c45")),
  "of a policy with a name like the second": byItself(iam("policy/require-mfa/dev/require-mfa-conditional-1a2b3c45")),
  "of a policy with a name like the third": byItself(iam("policy/require-mfa/dev/require-mfa-sealed-1a2b3c45")),
  "of AdministratorAccess": byItself("arn:aws:iam::aws:policy/AdministratorAccess"),
  "of its own events": { ...byItself(), "events:source": ["require-mfa"] },
  "of its own events and another's": { ...byItself(), "events:source": ["require-mfa", "com.example"] },
  "of another's events": { ...byItself(), "events:source": ["com.example"] },
  "by another function": { ...BY_ANYBODY, "lambda:SourceFunctionArn": lambda("other") },
  "by a function with a name like its own": {
    ...BY_ANYBODY,
    "lambda:SourceFunctionArn": lambda("require-mfa-1a2b3c45"),
  },
  "by no function": BY_ANYBODY,
} as const satisfies Readonly<Record<string, RequestContext>>;

type Asked = keyof typeof CONTEXTS;

/** What Lambda does for the function, and so by no function. */
const BY_LAMBDA = [
  ...on("its own log", "logs:CreateLogStream", "logs:PutLogEvents"),
  ...on("its own queue", "sqs:SendMessage"),
];
const ALWAYS = [
  ...BY_LAMBDA,
  ...on(
    "any user",
    "iam:GetLoginProfile",
    "iam:GetUser",
    "iam:ListAttachedUserPolicies",
    "iam:ListGroupsForUser",
    "iam:ListMFADevices",
  ),
  ...on(
    "a guard's group",
    "iam:AddUserToGroup",
    "iam:RemoveUserFromGroup",
    "iam:GetGroup",
    "iam:ListAttachedGroupPolicies",
    "iam:ListGroupPolicies",
  ),
  ...on("a guard's policy", "iam:GetPolicy", "iam:GetPolicyVersion"),
  ...on("another group", "iam:GetGroup"),
  ...on("everything", "iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetAccountAuthorizationDetails"),
  ...on("itself", "lambda:InvokeFunction", "lambda:GetFunctionConfiguration"),
  ...on("everything", "cloudtrail:DescribeTrails"),
  ...on("any trail", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"),
];
const ATTACHING = [
  ...on("any user", "iam:AttachUserPolicy", "iam:DetachUserPolicy"),
  ...on("a guard's group", "iam:AttachGroupPolicy"),
];

const PROMISES: Readonly<Record<Asked, readonly string[]>> = {
  "of no policy": ALWAYS,
  "of the first guard's policy": [...ALWAYS, ...ATTACHING],
  "of the second guard's policy": [...ALWAYS, ...ATTACHING],
  "of the third guard's policy": [...ALWAYS, ...ATTACHING],
  "of a policy with a name like the first": ALWAYS,
  "of a policy with a name like the second": ALWAYS,
  "of a policy with a name like the third": ALWAYS,
  "of AdministratorAccess": ALWAYS,
  "of its own events": [...ALWAYS, ...on("the default bus", "events:PutEvents")],
  "of its own events and another's": ALWAYS,
  "of another's events": ALWAYS,
  "by another function": BY_LAMBDA,
  "by a function with a name like its own": BY_LAMBDA,
  "by no function": BY_LAMBDA,
};

/** Says what the documents leave open: the calls' names, sorted, or in part, which is never promised. */
function opening(documents: readonly unknown[], calls: readonly Call[]): (asked: Asked) => readonly string[] {
  const ask = asking(compile(documents), calls);
  return (asked) => {
    const open = ask(CONTEXTS[asked]);
    return calls
      .flatMap(({ name }, index) => {
        if (!open[index]) return [];
        return [open[index] === OPEN ? name : `${name}, in part`];
      })
      .sort();
  };
}

/** Changes that change nothing, and why. */
const EQUIVALENTS: readonly (readonly [reason: string, sid: RegExp, change: RegExp])[] = [
  ["the role's sessions are never opened with MFA", /./, /^Condition without MFA$/],
  [
    "what follows a log group in the ARN of its stream is log-stream:",
    /^WriteItsOwnLog$/,
    /^Resource .+:\?\?\?\?\?\* for /,
  ],
  ["IAM asks for GetGroup on nothing but groups", /^ReadGroupsOfTheRules$/, /^Resource \* for /],
  ["CloudTrail asks for them on nothing but trails", /^ReadTheTrails$/, /^Resource \* for /],
  ["IAM asks for attaching to a user on nothing but users", /^AttachTheGuardsPoliciesAndNoOther$/, /^Resource \* for /],
];

describe("the handler's role", () => {
  const asked = Object.keys(CONTEXTS) as readonly Asked[];

  it("may do what it is for and nothing else, of every action of AWS, and from elsewhere than its function only what Lambda does for it", async () => {
    const calls = await callsOf(HOME, KINDS);
    const openTo = opening([ROLE, ITS_RECORDS], calls);
    for (const each of asked) expect(openTo(each), each).to.deep.equal([...PROMISES[each]].sort());
  });

  it("is given more or less by every document with one element changed", async () => {
    const calls = await callsOf(HOME, KINDS, (action) =>
      /^(iam|logs|lambda|sqs|events|cloudtrail|sts|signin):|^s3:GetObject$/.test(action),
    );
    const isAlive = (documents: readonly unknown[]) => {
      const openTo = opening(documents, calls);
      return asked.every((each) => openTo(each).join() === [...PROMISES[each]].sort().join());
    };
    const mutants = [
      ...mutantsOf(ROLE).map((mutant) => ({ ...mutant, documents: [mutant.document, ITS_RECORDS] })),
      ...mutantsOf(ITS_RECORDS).map((mutant) => ({ ...mutant, documents: [ROLE, mutant.document] })),
      // A role has no aws:username, and the evaluator guesses nothing in its place.
    ].filter(({ change }) => !change.includes("${aws:username}"));
    const alive = mutants.filter(({ documents }) => isAlive(documents));
    const isListed = ({ sid, change }: Mutant) =>
      EQUIVALENTS.some(([, ofSid, ofChange]) => ofSid.test(sid) && ofChange.test(change));
    console.log(
      `        ${mutants.length - alive.length} of ${mutants.length} mutants killed, ` +
        `${alive.filter(isListed).length} are equivalent`,
    );
    const told = (listed: readonly Mutant[]) => listed.map(({ sid, change }) => `${sid}: ${change}`);
    expect(told(alive.filter((mutant) => !isListed(mutant))), "alive, not listed").to.deep.equal([]);
    expect(told(mutants.filter((mutant) => isListed(mutant) && !alive.includes(mutant)))).to.deep.equal([]);
  });
});
