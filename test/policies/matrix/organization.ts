import { type SettingName, settingsWith } from "../../../audit/settings";
import { GUARD_NAMES } from "../../../core/guards";
import type { Mode } from "../../../core/modes";
import type { Partition } from "../../../core/partitions";
import { type Organization, organizationPolicies } from "../../../policies/organization";
import { guardName, ORGANIZATION_PATH, PHYSICAL_NAMES } from "../../../policies/organization-names";
import { compile, inSession, type RequestContext } from "../../../policy-language/evaluator";
import type { Kinds } from "./calls";
import { USERS } from "./sessions";

/*
 * An organization whose SCPs are judged, who calls in its accounts, and what tells of each statement that it holds.
 */

export const ORGANIZATION: Organization = {
  partition: "aws",
  mode: "strict",
  dryRun: false,
  settings: settingsWith([]),
  exemptUsers: ["robot"],
  exemptPaths: ["/robots/", "/$x/"],
  exemptAccounts: ["555555555555"],
  enforceFrom: "2027-02-01",
  deployRoles: ["arn:aws:iam::123456789012:role/ci/deploy", "arn:aws:iam::*:role/release"],
};

/** The same in a partition. */
export function organizationIn(partition: Partition): Organization {
  return {
    ...ORGANIZATION,
    partition,
    deployRoles: ORGANIZATION.deployRoles.map((arn) => arn.replace("aws", partition)),
  };
}

/** The SCP that holds. */
export function holdingOf(organization: Partial<Organization> = {}) {
  const { holding } = organizationPolicies({ ...ORGANIZATION, ...organization });
  if (holding === undefined) throw new Error("nobody is held");
  return holding;
}

/** The modes in which an SCP holds. */
export const HOLDING_MODES = ["conditional-deny", "strict"] as const satisfies readonly Mode[];

/** What an SCP may look at beside a session's own keys, in an account that is not exempt, on the day. */
const IN_AN_ACCOUNT: RequestContext = {
  "aws:PrincipalAccount": "123456789012",
  "aws:CurrentTime": "2027-02-01T00:00:00Z",
  "aws:ViaAWSService": "false",
};

const user = (rest: string, more: RequestContext = {}): RequestContext => ({
  ...IN_AN_ACCOUNT,
  "aws:PrincipalArn": `arn:aws:iam::123456789012:user/${rest}`,
  "aws:username": rest.replace(/^.*\//, ""),
  ...more,
});
const other = (principal: string): RequestContext => ({ ...IN_AN_ACCOUNT, "aws:PrincipalArn": principal });

/** Who is held, whatever else they may do. */
export const HELD: Readonly<Record<string, RequestContext>> = {
  "a user": user("alice"),
  "a user with a path": user("eng/alice"),
  "a user of another account": user("alice", {
    "aws:PrincipalArn": "arn:aws:iam::999988887777:user/alice",
    "aws:PrincipalAccount": "999988887777",
  }),
  "a user whose name begins like an exempt one's": user("robot2"),
  "a user whose name ends like an exempt one's": user("xrobot"),
  "a user with a path, whose name ends like an exempt one's": user("eng/xrobot"),
  "a user whose path is an exempt one's name": user("robot/alice"),
  "a user whose path begins like an exempt one": user("robots2/alice"),
  "a user who has the exempt path's name": user("robots"),
  "a user with the exempt path elsewhere in their own": user("eng/robots/alice"),
  "a user of an exempt one's name in other letters": user("Robot"),
  "a user after the day": user("alice", { "aws:CurrentTime": "2028-01-01T12:34:56Z" }),
};

/** Who is not. */
export const FREE: Readonly<Record<string, RequestContext>> = {
  "an exempt user": user("robot"),
  "an exempt user with a path": user("eng/robot"),
  "an exempt user with a longer path": user("eng/x/robot"),
  "a user below an exempt path": user("robots/alice"),
  "a user far below an exempt path": user("robots/x/y/alice"),
  "a user below an exempt path with a $": user("$x/alice"),
  "a user before the day": user("alice", { "aws:CurrentTime": "2027-01-31T23:59:59Z" }),
  "a user of an exempt account": user("alice", {
    "aws:PrincipalArn": "arn:aws:iam::555555555555:user/alice",
    "aws:PrincipalAccount": "555555555555",
  }),
  "a role": other("arn:aws:iam::123456789012:role/admin"),
  "a role whose path says user": other("arn:aws:iam::123456789012:role/user/alice"),
  "a service-linked role": other("arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"),
  "root of the account": other("arn:aws:iam::123456789012:root"),
  "a federated user session": other("arn:aws:sts::123456789012:federated-user/alice"),
};

/** For each statement a call that no other refuses to whom it holds: what is called, and in what kind of session. */
const PROBES = {
  "everything but the door": ["s3:GetObject", "bucket", { "aws:MultiFactorAuthPresent": "false" }],
  "a bare key": ["s3:GetObject", "bucket", {}],
  "another user's device": ["iam:EnableMFADevice", "another user", { "aws:MultiFactorAuthPresent": "false" }],
  "enrolment by a bare key": ["iam:EnableMFADevice", "own user", {}],
  "enrolment through a service": [
    "iam:EnableMFADevice",
    "own user",
    { "aws:MultiFactorAuthPresent": "true", "aws:ViaAWSService": "true" },
  ],
  "enrolment through a proxy": [
    "iam:EnableMFADevice",
    "own user",
    { "aws:MultiFactorAuthPresent": "true", "aws:ViaAWSMCPService": "true" },
  ],
  "a sign-in token beyond the console": [
    "signin:CreateOAuth2Token",
    "public client",
    { "aws:MultiFactorAuthPresent": "false" },
  ],
  "a proxy": [
    "iam:GetUser",
    "own user",
    { "aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "true", "aws:ViaAWSMCPService": "true" },
  ],
} as const satisfies Readonly<Record<string, readonly [action: string, on: string, session: RequestContext]>>;

type Probe = keyof typeof PROBES;

export const PROBE_NAMES = Object.keys(PROBES) as readonly Probe[];

/** What of the probes is open to whom the SCP holds. */
export function leftOpen(settings: readonly SettingName[]): readonly Probe[] {
  return [
    ...(settings.includes("enrolmentByAccessKey") ? (["enrolment by a bare key"] as const) : []),
    ...(settings.includes("spareServiceCalls") ? [] : (["a proxy"] as const)),
  ];
}

/**
 * Says what of the probes is open under the SCP to a caller whom all else allows everything. Throws where AWS documents no
 * answer.
 */
export function probing(scp: unknown): (context: RequestContext) => readonly Probe[] {
  const policies = compile([scp, ...USERS.administrator]);
  const resourcesOf = (context: RequestContext) => ({
    bucket: "arn:aws:s3:::payroll/2027.csv",
    "public client": "arn:aws:signin:us-east-1:123456789012:oauth2/public-client/localhost",
    "another user": "arn:aws:iam::123456789012:user/bob",
    "own user": String(context["aws:PrincipalArn"]),
  });
  return (context) =>
    PROBE_NAMES.filter((probe) => {
      const [action, on, session] = PROBES[probe];
      const resource = resourcesOf(context)[on];
      return inSession(policies, { ...context, ...session })({ action, resource }).allowed;
    });
}

// What the deploy roles alone may change

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const iam = (resource: string) => `arn:aws:iam::123456789012:${resource}`;
const streams = (groups: readonly string[]) => groups.map((group) => `${group}:log-stream:x`);
const { rules, queues } = PHYSICAL_NAMES;
const LOG_GROUPS = [arn("logs", `log-group:${PHYSICAL_NAMES.logGroup}`), arn("logs", "log-group:require-mfa-x")];
const OTHER_LOG_GROUPS = [arn("logs", "log-group:x"), arn("logs", "log-group:/aws/lambda/require-mfa-handler")];

/** What an organization's stack is made of in an account, by the names that it has in each, and what is not of it. */
export const KINDS_OF_AN_ACCOUNT: Kinds = {
  "events:rule-on-default-event-bus": {
    "our rule": [...Object.values(rules), "require-mfa-x"].map((name) => arn("events", `rule/${name}`)),
    "another rule": [arn("events", "rule/x"), arn("events", "rule/my-require-mfa-users")],
  },
  "lambda:function": {
    "our function": [arn("lambda", `function:${PHYSICAL_NAMES.function}`), arn("lambda", "function:require-mfa-x")],
    "another function": [arn("lambda", "function:x"), arn("lambda", "function:my-require-mfa-handler")],
  },
  "logs:log-group": { "our log group": LOG_GROUPS, "another log group": OTHER_LOG_GROUPS },
  "logs:log-stream": { "our log": streams(LOG_GROUPS), "another log": streams(OTHER_LOG_GROUPS) },
  "sqs:queue": {
    "our queue": [...Object.values(queues), "require-mfa-x"].map((name) => arn("sqs", name)),
    "another queue": [arn("sqs", "x"), arn("sqs", "my-require-mfa-failed")],
  },
  "sns:topic": {
    "our topic": [arn("sns", "require-mfa-told"), arn("sns", "require-mfa-x")],
    "another topic": [arn("sns", "x")],
  },
  "cloudwatch:alarm": {
    "our alarm": [arn("cloudwatch", "alarm:require-mfa-failed"), arn("cloudwatch", "alarm:require-mfa-x")],
    "another alarm": [arn("cloudwatch", "alarm:x")],
  },
  "iam:role": {
    "the handler's role": [
      iam(`role${ORGANIZATION_PATH}${PHYSICAL_NAMES.role}`),
      iam(`role${ORGANIZATION_PATH}${PHYSICAL_NAMES.toldRole}`),
      iam("role/require-mfa/x"),
    ],
    "a deploy role": [iam("role/ci/deploy"), iam("role/release")],
    "a role of StackSets": [iam("role/stacksets-exec-0123456789abcdef"), iam("role/stacksets-exec-x")],
    "another role": [
      iam("role/deploy"),
      iam("role/ci/x"),
      iam("role/ci/deploy2"),
      iam("role/my-stacksets-exec-x"),
      iam("role/x/stacksets-exec-y"),
      iam("role/stacksets-exec"),
      iam("role/release2"),
    ],
  },
  "iam:user": {
    "an exempt user": ["robot", "eng/robot", "a/robot", "robots/x", "robots/x/y", "$x/y"].map((name) =>
      iam(`user/${name}`),
    ),
    "another user": ["alice", "robots", "robot2", "xrobot", "eng/xrobot", "robot/x", "eng/robots/x", "robots2/x"].map(
      (name) => iam(`user/${name}`),
    ),
  },
  "iam:group": {
    "a guard's group": [
      ...GUARD_NAMES.map((guard) => iam(`group${ORGANIZATION_PATH}${guardName(guard)}`)),
      iam("group/require-mfa/x"),
    ],
    "another group": [iam("group/admins"), iam("group/require-mfa-sealed")],
  },
  "iam:policy": {
    "a guard's policy": [
      ...GUARD_NAMES.map((guard) => iam(`policy${ORGANIZATION_PATH}${guardName(guard)}`)),
      iam("policy/require-mfa/x"),
    ],
    "the boundary": [iam("policy/require-mfa/require-mfa-boundary")],
    "another policy": [iam("policy/x"), iam("policy/require-mfa-sealed")],
  },
  "cloudtrail:trail": { "any trail": [arn("cloudtrail", "trail/x")] },
  "cloudformation:stack": {
    "a stack of a StackSet": [
      arn("cloudformation", `stack/StackSet-${PHYSICAL_NAMES.stackSet}-01234567-89ab-cdef-0123-456789abcdef/x`),
      arn("cloudformation", "stack/StackSet-x/x"),
    ],
    "another stack": [arn("cloudformation", "stack/x/x"), arn("cloudformation", "stack/my-StackSet-x/x")],
  },
};

const by = (principal: string, more: RequestContext = {}): RequestContext => ({
  ...IN_AN_ACCOUNT,
  "aws:PrincipalArn": principal,
  "events:source": "require-mfa",
  ...more,
});

/** Who changes nothing of ours, whatever else allows it. */
export const CHANGES_NOTHING: Readonly<Record<string, RequestContext>> = {
  "an administrator's role": by(iam("role/admin")),
  "a user with MFA": by(iam("user/alice"), { "aws:MultiFactorAuthPresent": "true", "aws:username": "alice" }),
  "an exempt user": by(iam("user/robots/x"), { "aws:username": "x" }),
  root: by(iam("root")),
  "an administrator before the day": by(iam("role/admin"), { "aws:CurrentTime": "2020-01-01T00:00:00Z" }),
  "a role of a name like a deploy role's": by(iam("role/ci/deploy2")),
  "a role of a name like the other deploy role's": by(iam("role/release2")),
  "another function of a name that ends like the handler's": by(iam("role/admin"), {
    "lambda:SourceFunctionArn": arn("lambda", "function:my-require-mfa-handler"),
  }),
  "a role of a deploy role's name under another path": by(iam("role/deploy")),
  "a role of a name that ends like StackSets'": by(iam("role/my-stacksets-exec-x")),
  "a role of StackSets' name under another path": by(iam("role/x/stacksets-exec-y")),
  "the handler's role, elsewhere than in its function": by(iam(`role${ORGANIZATION_PATH}${PHYSICAL_NAMES.role}`)),
  "a role of the name of what sends on, under another path": by(iam(`role/${PHYSICAL_NAMES.toldRole}`)),
  "a role of a name like that of what sends on": by(iam(`role${ORGANIZATION_PATH}${PHYSICAL_NAMES.toldRole}2`)),
  "a federated user session": by("arn:aws:sts::123456789012:federated-user/alice"),
};

/** Who does not even put events of ours. */
export const PUTS_OTHER_EVENTS = by(iam("role/admin"), { "events:source": ["other", "require-mfa.x"] });

/** The handler. */
export const THE_HANDLER = by(iam(`role${ORGANIZATION_PATH}${PHYSICAL_NAMES.role}`), {
  "lambda:SourceFunctionArn": arn("lambda", `function:${PHYSICAL_NAMES.function}`),
});

/** The role by which EventBridge sends on what the handler tells. */
export const SENDS_ON = by(iam(`role${ORGANIZATION_PATH}${PHYSICAL_NAMES.toldRole}`));

/** Who may. */
export const DEPLOYS: Readonly<Record<string, RequestContext>> = {
  "a deploy role": by(iam("role/ci/deploy")),
  "a deploy role that is the same in several accounts": by("arn:aws:iam::999988887777:role/release"),
  "a role of StackSets": by(iam("role/stacksets-exec-0123456789abcdef")),
};

/** Whom no SCP of ours is about. */
export const OF_AN_EXEMPT_ACCOUNT = by("arn:aws:iam::555555555555:role/admin", {
  "aws:PrincipalAccount": "555555555555",
});
