import type { GuardName } from "../core/guards";
import type { Mode } from "../core/modes";

/** Who makes a call: a colleague with a role of administrators, or alice in a console session without MFA. */
export type Caller = "the administrator" | "alice";

/** One call to IAM. `codesOf` adds the two codes that an authenticator app would show for that device. */
export interface Call {
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly codesOf?: string;
}

/** Calls, and where they leave alice by the account's record. */
export interface CallsStep {
  readonly kind: "calls";
  readonly title: string;
  readonly by: Caller;
  readonly calls: readonly Call[];
  readonly leaves: GuardName | "free";
}

/** The kinds of session in which the same user can come. */
export type Session = "console" | "console, MFA" | "access key";

/** What alice may do, session by session, by the policies that apply to her at that moment. */
export interface PermissionsStep {
  readonly kind: "permissions";
  readonly title: string;
  readonly sessions: readonly Session[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly what: string;
  readonly action: string;
  /** An ARN, or `*` for an action that takes no resource. */
  readonly resource: string;
  /** In the order of the sessions. */
  readonly allowed: readonly boolean[];
}

/** Users with the same credentials who were there before the program was, so that no event has told of them. */
export interface Population {
  readonly who: string;
  readonly names: readonly string[];
  /** An IAM path; `/` if left out. */
  readonly path?: string;
  readonly has: readonly ("a password" | "an app" | "a passkey" | "an access key")[];
  /** How many other groups they are in. */
  readonly groups?: number;
  /** How many managed policies they have. */
  readonly policies?: number;
  /** The guard that holds them already, rightly or not. */
  readonly heldBy?: GuardName;
  /** Where the sweep leaves each of them; `by policy` where the guard's policy is attached to the user. */
  readonly leaves: GuardName | `${GuardName} by policy` | "free";
}

/** The first sweep of an account, as a deploy asks for it, and the scheduled one after it, which has nothing to write. */
export interface FirstSweepStep {
  readonly kind: "first sweep";
  readonly title: string;
  readonly populations: readonly Population[];
  /** Whom no guard can hold; where there is anybody, the deploy fails for it. */
  readonly unholdable: readonly string[];
}

/** Calls that hollow out a guard, and what the handler tells of each. */
export interface HollowedGuardStep {
  readonly kind: "hollowed guard";
  readonly title: string;
  readonly guard: GuardName;
  readonly by: Caller;
  /** The caller's ARN, which each line of the log tells. */
  readonly caller: string;
  readonly blows: readonly Blow[];
}

/** One call against a guard. The guard's policy is attached to its group whenever the handler is done. */
export interface Blow {
  readonly call: Call;
  readonly told: "WARN guard-reattached" | "ERROR guard-broken";
  /** From the call to when it is told. */
  readonly afterSeconds: number;
}

/** An account of its own with a deadline: calls about alice before it, and the scheduled sweep on the day. */
export interface DeadlineStep {
  readonly kind: "deadline";
  readonly title: string;
  /** YYYY-MM-DD */
  readonly enforceFrom: string;
  readonly by: Caller;
  readonly calls: readonly Call[];
  /** Where the sweep leaves alice, whom nobody holds before. */
  readonly leaves: GuardName;
}

/**
 * An account of its own in which the handler can do nothing for a while: calls about alice meanwhile, and the replay of
 * what is kept of them.
 */
export interface OutageStep {
  readonly kind: "outage";
  readonly title: string;
  readonly by: Caller;
  readonly calls: readonly Call[];
  /** How many events are kept. */
  readonly kept: number;
  /** Where the replay leaves alice, whom nobody holds before. */
  readonly leaves: GuardName;
}

type Step = CallsStep | PermissionsStep | FirstSweepStep | HollowedGuardStep | DeadlineStep | OutageStep;

/** What happens to alice in one mode, after RequireMFA's example, and what is expected to come of each step. */
export type Scenario = readonly Step[];

/** The account of all scenarios. */
export const ACCOUNT = "123456789012";

const iam = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const ALICE = iam("user/alice");
const BOB = iam("user/bob");
const PHONE = iam("mfa/alices-phone");
const QUARANTINE = iam("group/require-mfa/rehearsal/require-mfa-quarantine-1a2b3c4");

const row = (what: string, action: string, resource: string, ...allowed: readonly boolean[]): Row => {
  return { what, action, resource, allowed };
};
const yes = true;
const no = false;

const create: Call = { action: "CreateUser", parameters: { UserName: "alice" } };

const created = (leaves: CallsStep["leaves"]): CallsStep => ({
  kind: "calls",
  title: "An administrator creates alice, who is to be an administrator too",
  by: "the administrator",
  calls: [
    create,
    {
      action: "AttachUserPolicy",
      parameters: { UserName: "alice", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
  ],
  leaves,
});

const givePassword = (mustChange: boolean): Call => ({
  action: "CreateLoginProfile",
  parameters: { UserName: "alice", Password: "first-sign-in", PasswordResetRequired: String(mustChange) },
});

const givenPassword = (leaves: CallsStep["leaves"], mustChange = true): CallsStep => ({
  kind: "calls",
  title: "alice gets a password",
  by: "the administrator",
  calls: [givePassword(mustChange)],
  leaves,
});

const changePassword: Call = {
  action: "ChangePassword",
  parameters: { OldPassword: "first-sign-in", NewPassword: "correct-horse-battery" },
};

const enrol: readonly Call[] = [
  { action: "CreateVirtualMFADevice", parameters: { VirtualMFADeviceName: "alices-phone" } },
  { action: "EnableMFADevice", parameters: { UserName: "alice", SerialNumber: PHONE }, codesOf: PHONE },
];

const losesPhone = (leaves: CallsStep["leaves"]): CallsStep => ({
  kind: "calls",
  title: "alice loses her phone, and an administrator takes the device away",
  by: "the administrator",
  calls: [{ action: "DeactivateMFADevice", parameters: { UserName: "alice", SerialNumber: PHONE } }],
  leaves,
});

const IN_QUARANTINE: PermissionsStep = {
  kind: "permissions",
  title: "What alice may do now, AdministratorAccess notwithstanding",
  sessions: ["console", "access key"],
  rows: [
    row("see her own user", "iam:GetUser", ALICE, yes, no),
    row("change her password", "iam:ChangePassword", ALICE, yes, yes),
    row("create an authenticator app", "iam:CreateVirtualMFADevice", PHONE, yes, no),
    row("enrol it for herself", "iam:EnableMFADevice", ALICE, yes, no),
    row("enrol one for bob", "iam:EnableMFADevice", BOB, no, no),
    row("reset bob's password", "iam:UpdateLoginProfile", BOB, no, no),
    row("list all users", "iam:ListUsers", "*", no, no),
    row("make herself an access key", "iam:CreateAccessKey", ALICE, no, no),
    row("leave the quarantine", "iam:RemoveUserFromGroup", QUARANTINE, no, no),
    row("become another role", "sts:AssumeRole", iam("role/administrators"), no, no),
    row("read a bucket", "s3:GetObject", "arn:aws:s3:::payroll/november.csv", no, no),
    row("start a machine", "ec2:RunInstances", `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-0abc`, no, no),
  ],
};

const FREE: PermissionsStep = {
  kind: "permissions",
  title: "What alice may do now: all that AdministratorAccess allows, whatever the session",
  sessions: ["console", "access key"],
  rows: [
    row("list all users", "iam:ListUsers", "*", yes, yes),
    row("make herself an access key", "iam:CreateAccessKey", ALICE, yes, yes),
    row("read a bucket", "s3:GetObject", "arn:aws:s3:::payroll/november.csv", yes, yes),
  ],
};

const BEHIND_MFA: PermissionsStep = {
  kind: "permissions",
  title: "What alice may do now, AdministratorAccess notwithstanding",
  sessions: ["console", "console, MFA", "access key"],
  rows: [
    row("see her own user", "iam:GetUser", ALICE, yes, yes, yes),
    row("change her password", "iam:ChangePassword", ALICE, no, yes, no),
    row("create an authenticator app", "iam:CreateVirtualMFADevice", PHONE, yes, yes, no),
    row("enrol it for herself", "iam:EnableMFADevice", ALICE, yes, yes, no),
    row("enrol one for bob", "iam:EnableMFADevice", BOB, no, yes, no),
    row("reset bob's password", "iam:UpdateLoginProfile", BOB, no, yes, no),
    row("list all users", "iam:ListUsers", "*", no, yes, no),
    row("make herself an access key", "iam:CreateAccessKey", ALICE, no, yes, no),
    row("become another role", "sts:AssumeRole", iam("role/administrators"), no, yes, no),
    row("read a bucket", "s3:GetObject", "arn:aws:s3:::payroll/november.csv", no, yes, no),
    row("start a machine", "ec2:RunInstances", `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-0abc`, no, yes, no),
  ],
};

const SEALED: PermissionsStep = {
  ...BEHIND_MFA,
  rows: [
    row("see her own user", "iam:GetUser", ALICE, yes, yes, yes),
    row("create a second device", "iam:CreateVirtualMFADevice", iam("mfa/another"), no, yes, no),
    row("enrol it for herself", "iam:EnableMFADevice", ALICE, no, yes, no),
    row("take her device away", "iam:DeactivateMFADevice", ALICE, no, yes, no),
    row("list all users", "iam:ListUsers", "*", no, yes, no),
    row("read a bucket", "s3:GetObject", "arn:aws:s3:::payroll/november.csv", no, yes, no),
  ],
};

/** What the stack of all scenarios sets beside its mode. */
export const SETTINGS = {
  exemptUsers: '["break-glass"]',
  exemptPaths: '["/machines/"]',
  notifyEmails: '["security@example.com"]',
} as const;

const several = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

/** Where a mode leaves who has a password alone, who has a password and a device, and who has neither. */
const firstSweep = (
  alone: GuardName | "free",
  withDevice: GuardName | "free",
  neither: GuardName | "free",
): FirstSweepStep => ({
  kind: "first sweep",
  title: "The deploy sweeps the account: people and machines of whom no event has told",
  populations: [
    { who: "8 people", names: several("person", 8), has: ["a password"], leaves: alone },
    { who: "doe,john", names: ["doe,john"], has: ["a password"], leaves: alone },
    {
      who: "eve, in ten groups",
      names: ["eve"],
      has: ["a password"],
      groups: 10,
      leaves: alone === "free" ? "free" : `${alone} by policy`,
    },
    {
      who: "max, with ten policies too",
      names: ["max"],
      has: ["a password"],
      groups: 10,
      policies: 10,
      leaves: "free",
    },
    { who: "5 people", names: several("app", 5), has: ["a password", "an app"], leaves: withDevice },
    {
      who: "3 people below /staff/",
      names: several("key", 3),
      path: "/staff/",
      has: ["a password", "a passkey"],
      leaves: withDevice,
    },
    {
      who: "2 people, held in error",
      names: several("late", 2),
      has: ["a password", "a passkey"],
      heldBy: "quarantine",
      leaves: withDevice,
    },
    { who: "4 machines", names: several("ci", 4), has: ["an access key"], leaves: neither },
    {
      who: "6 machines, exempt by path",
      names: several("robot", 6),
      path: "/machines/",
      has: ["a password"],
      leaves: "free",
    },
    { who: "break-glass, exempt by name", names: ["break-glass"], has: ["a password"], leaves: "free" },
  ],
  unholdable: alone === "free" ? [] : ["max"],
});

/** What hollows out a guard: its policy off its group, which the handler mends, and another content, which it can't. */
const hollowedOut = (guard: GuardName): HollowedGuardStep => {
  const PolicyArn = iam(`policy/require-mfa/rehearsal/require-mfa-${guard}-1a2b3c4`);
  return {
    kind: "hollowed guard",
    title: `A guard is hollowed out: the policy of ${guard} is detached, then its content replaced`,
    guard,
    by: "the administrator",
    caller: `arn:aws:sts::${ACCOUNT}:assumed-role/administrators/morning-shift`,
    blows: [
      {
        call: {
          action: "DetachGroupPolicy",
          parameters: { GroupName: `require-mfa-${guard}-1a2b3c4`, PolicyArn },
        },
        told: "WARN guard-reattached",
        afterSeconds: 0,
      },
      {
        call: {
          action: "CreatePolicyVersion",
          parameters: { PolicyArn, PolicyDocument: DENIES_NOTHING, SetAsDefault: "true" },
        },
        told: "ERROR guard-broken",
        afterSeconds: 60,
      },
    ],
  };
};

const DENIES_NOTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

const deadline = (leaves: GuardName): DeadlineStep => ({
  kind: "deadline",
  title: "In an account with enforceFrom 2026-02-01 alice gets a password before that day",
  enforceFrom: "2026-02-01",
  by: "the administrator",
  calls: [create, givePassword(false)],
  leaves,
});

const outage = (leaves: GuardName): OutageStep => ({
  kind: "outage",
  title: "The handler's role loses its policies, and meanwhile alice gets a password",
  by: "the administrator",
  calls: [create, givePassword(false)],
  kept: 2,
  leaves,
});

/** The scenarios, by the mode that they rehearse. */
export const SCENARIOS: Readonly<Record<Mode, Scenario>> = {
  quarantine: [
    created("free"),
    givenPassword("quarantine"),
    IN_QUARANTINE,
    {
      kind: "calls",
      title: "alice signs in, changes her password as she must, and enrols her phone",
      by: "alice",
      calls: [changePassword, ...enrol],
      leaves: "free",
    },
    FREE,
    losesPhone("quarantine"),
    firstSweep("quarantine", "free", "free"),
    hollowedOut("quarantine"),
    deadline("quarantine"),
    outage("quarantine"),
  ],
  "conditional-deny": [
    created("conditional"),
    // One that had to be changed at the first sign-in would lock her out, for conditional shuts ChangePassword.
    givenPassword("conditional", false),
    BEHIND_MFA,
    {
      kind: "calls",
      title: "alice signs in and enrols her phone; from her next sign-in on she has MFA",
      by: "alice",
      calls: enrol,
      leaves: "conditional",
    },
    losesPhone("conditional"),
    firstSweep("conditional", "conditional", "conditional"),
    hollowedOut("conditional"),
    deadline("conditional"),
    outage("conditional"),
  ],
  strict: [
    created("sealed"),
    givenPassword("quarantine"),
    IN_QUARANTINE,
    {
      kind: "calls",
      title: "alice signs in, changes her password as she must, and enrols her phone",
      by: "alice",
      calls: [changePassword, ...enrol],
      leaves: "sealed",
    },
    SEALED,
    losesPhone("quarantine"),
    firstSweep("quarantine", "sealed", "sealed"),
    hollowedOut("quarantine"),
    deadline("quarantine"),
    outage("quarantine"),
  ],
  off: [
    created("free"),
    givenPassword("free"),
    {
      kind: "calls",
      title: "alice turns up in the quarantine, as if held by an earlier mode",
      by: "the administrator",
      calls: [
        {
          action: "AddUserToGroup",
          parameters: { UserName: "alice", GroupName: "require-mfa-quarantine-1a2b3c4" },
        },
      ],
      leaves: "free",
    },
    FREE,
    firstSweep("free", "free", "free"),
  ],
};
