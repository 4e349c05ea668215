import type { GuardName } from "../core/guards";
import type { Mode } from "../core/modes";

/** Who makes a call: a colleague with a role of administrators, or alice in a console session without MFA. */
export type Caller = "the administrator" | "alice";

/** One call to IAM. `codesOf` adds the two codes that an authenticator app would show for that device. */
interface Call {
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
  /** The guard that holds them already, rightly or not. */
  readonly heldBy?: GuardName;
  /** Where the sweep leaves each of them; `by policy` where the guard's policy is attached to the user. */
  readonly leaves: GuardName | `${GuardName} by policy` | "free";
}

/** The first sweep of an account, as a deploy asks for it, and a second one, which finds nothing to do. */
export interface FirstSweepStep {
  readonly kind: "first sweep";
  readonly title: string;
  readonly populations: readonly Population[];
}

type Step = CallsStep | PermissionsStep | FirstSweepStep;

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

const created = (leaves: CallsStep["leaves"]): CallsStep => ({
  kind: "calls",
  title: "An administrator creates alice, who is to be an administrator too",
  by: "the administrator",
  calls: [
    { action: "CreateUser", parameters: { UserName: "alice" } },
    {
      action: "AttachUserPolicy",
      parameters: { UserName: "alice", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
  ],
  leaves,
});

const givenPassword = (leaves: CallsStep["leaves"], mustChange = true): CallsStep => ({
  kind: "calls",
  title: "alice gets a password",
  by: "the administrator",
  calls: [
    {
      action: "CreateLoginProfile",
      parameters: { UserName: "alice", Password: "first-sign-in", PasswordResetRequired: String(mustChange) },
    },
  ],
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
export const SETTINGS = { exemptUsers: '["break-glass"]', exemptPaths: '["/machines/"]' } as const;

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
