import { expect } from "chai";
import { conditionalPolicy, sealedPolicy } from "../policies/conditional";
import { type Partition, policyDocument } from "../policies/document";
import type { DoorSettings } from "../policies/door";
import { quarantinePolicy } from "../policies/quarantine";
import { type CompiledPolicies, compile, inSession, type RequestContext } from "../policy-language/evaluator";

/*
 * The door as those who stand before it find it: for each guard, kind of session and kind of user, the whole set of
 * what is open among the calls that matter. First with every setting off, then what each setting changes. The lists are
 * written from what the guards promise (docs/policies.md) and not from what the policies say.
 */

// What is called

/** What stands for a kind of resource: a call counts as open on it where it is open on each of its ARNs. */
type Target = keyof ReturnType<typeof arnsOf>;

const ACCOUNT = "123456789012";

/** Where alice stands: with a path, her ARN has it before her name. */
interface Place {
  readonly partition: Partition;
  readonly path: string;
}

function arnsOf({ partition, path }: Place) {
  const iam = (resource: string) => `arn:${partition}:iam::${ACCOUNT}:${resource}`;
  const signin = (resource: string) => `arn:${partition}:signin:us-east-1:${ACCOUNT}:${resource}`;
  return {
    "own user": [iam(`user/${path}alice`)],
    // Beside a plain other user: names that end or begin with hers, and a user whose path is her name.
    "another user": [
      iam("user/bob"),
      iam("user/eng/bob"),
      iam("user/xalice"),
      iam("user/eng/xalice"),
      iam("user/jimalice"),
      iam("user/alicex"),
      iam("user/alice/bob"),
    ],
    "any device": [iam("mfa/phone"), iam("mfa/alice")],
    everything: ["*"],
    "the console": [`arn:${partition}:signin:::console/canvas`],
    "a service principal": [signin("service-principal/aws-mcp.amazonaws.com")],
    "a public client": [signin("oauth2/public-client/localhost"), signin("oauth2/public-client/remote")],
    "the guard's group": [iam("group/require-mfa/dev/require-mfa-quarantine-1a2b3c4")],
    "a role": [iam("role/Admin")],
    "an object": [`arn:${partition}:s3:::payroll/2026.csv`],
    "an instance": [`arn:${partition}:ec2:us-east-1:${ACCOUNT}:instance/i-0123456789abcdef0`],
  } as const satisfies Readonly<Record<string, readonly string[]>>;
}

/** Calls of these actions on one target, each as "iam:GetUser on own user". */
function on(target: Target, ...actions: readonly string[]): readonly string[] {
  return actions.map((action) => `${action} on ${target}`);
}

/** What `selfService` is about: one's own password, keys, certificates, SSH keys and service-specific credentials. */
const OWN_CREDENTIALS = [
  "iam:ChangePassword",
  "iam:GetLoginProfile",
  "iam:CreateAccessKey",
  "iam:DeleteAccessKey",
  "iam:GetAccessKeyLastUsed",
  "iam:ListAccessKeys",
  "iam:UpdateAccessKey",
  "iam:DeleteSigningCertificate",
  "iam:ListSigningCertificates",
  "iam:UpdateSigningCertificate",
  "iam:UploadSigningCertificate",
  "iam:DeleteSSHPublicKey",
  "iam:GetSSHPublicKey",
  "iam:ListSSHPublicKeys",
  "iam:UpdateSSHPublicKey",
  "iam:UploadSSHPublicKey",
  "iam:CreateServiceSpecificCredential",
  "iam:DeleteServiceSpecificCredential",
  "iam:ListServiceSpecificCredentials",
  "iam:ResetServiceSpecificCredential",
  "iam:UpdateServiceSpecificCredential",
] as const;

const ON_A_USER = [
  ...OWN_CREDENTIALS,
  "iam:GetUser",
  "iam:ListMFADevices",
  "iam:GetMFADevice",
  "iam:EnableMFADevice",
  "iam:ResyncMFADevice",
  "iam:DeactivateMFADevice",
  // IAM asks for it on the device; an Allow on the user is still none that a guard may carry.
  "iam:DeleteVirtualMFADevice",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:DeleteLoginProfile",
] as const;

const OAUTH = ["signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"] as const;

const CALLS: readonly (readonly [Target, readonly string[]])[] = [
  ["own user", ON_A_USER],
  ["another user", ON_A_USER],
  ["any device", ["iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice"]],
  [
    "everything",
    [
      "iam:ListVirtualMFADevices",
      "iam:GetAccountSummary",
      "iam:GetAccountPasswordPolicy",
      "iam:ListUsers",
      "iam:ListAccountAliases",
      "sts:GetSessionToken",
    ],
  ],
  ["the console", ["signin:Authenticate", ...OAUTH]],
  ["a service principal", ["signin:Authenticate", ...OAUTH]],
  ["a public client", ["signin:Authenticate", ...OAUTH]],
  ["the guard's group", ["iam:RemoveUserFromGroup"]],
  ["a role", ["sts:AssumeRole"]],
  ["an object", ["s3:GetObject"]],
  ["an instance", ["ec2:RunInstances"]],
];

const EVERYTHING = CALLS.flatMap(([target, actions]) => on(target, ...actions));

function everythingBut(...shut: readonly string[]): readonly string[] {
  return EVERYTHING.filter((call) => !shut.includes(call));
}

// Who calls

/** What a request carries. Long-term access keys carry no aws:MultiFactorAuthPresent at all. */
const SESSIONS = {
  console: { "aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "false" },
  "console with MFA": { "aws:MultiFactorAuthPresent": "true", "aws:ViaAWSService": "false" },
  "access key": { "aws:ViaAWSService": "false" },
  service: { "aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "true" },
  "service by access key": { "aws:ViaAWSService": "true" },
  "service with MFA": { "aws:MultiFactorAuthPresent": "true", "aws:ViaAWSService": "true" },
  proxy: { "aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "true", "aws:ViaAWSMCPService": "true" },
  "proxy by access key": { "aws:ViaAWSService": "true", "aws:ViaAWSMCPService": "true" },
  "proxy that counts as no service": { "aws:MultiFactorAuthPresent": "false", "aws:ViaAWSMCPService": "true" },
  "proxy with MFA": {
    "aws:MultiFactorAuthPresent": "true",
    "aws:ViaAWSService": "true",
    "aws:ViaAWSMCPService": "true",
  },
} as const satisfies Readonly<Record<string, RequestContext>>;

type SessionKind = keyof typeof SESSIONS;

const PROXIES_WITHOUT_MFA = ["proxy", "proxy by access key", "proxy that counts as no service"] as const;
const WITHOUT_MFA = ["console", "access key", "service", "service by access key", ...PROXIES_WITHOUT_MFA] as const;
const WITH_MFA = ["console with MFA", "service with MFA", "proxy with MFA"] as const;
const ANY_SESSION: readonly SessionKind[] = [...WITHOUT_MFA, ...WITH_MFA];

/** What a user is allowed beside the guard's policy. */
const USERS = {
  administrator: [policyDocument({ Sid: "AllowAll", Effect: "Allow", Action: "*", Resource: "*" })],
  "plain user": [],
} as const;

type UserKind = keyof typeof USERS;

const EITHER: readonly UserKind[] = ["administrator", "plain user"];

const GUARD_POLICIES = { quarantine: quarantinePolicy, conditional: conditionalPolicy, sealed: sealedPolicy };

type Guard = keyof typeof GUARD_POLICIES;

const GUARDS: readonly Guard[] = ["quarantine", "conditional", "sealed"];

type Setting = keyof DoorSettings;

const SETTINGS: readonly Setting[] = [
  "passwordChangeWithoutMfa",
  "enrolmentByAccessKey",
  "usersPage",
  "spareServiceCalls",
  "selfService",
];

// What is open

const SEE_ONESELF = [
  ...on("own user", "iam:GetUser", "iam:ListMFADevices", "iam:GetMFADevice"),
  ...on("everything", "iam:GetAccountSummary"),
];
const RESYNC = on("own user", "iam:ResyncMFADevice");
const LIST_DEVICES = on("everything", "iam:ListVirtualMFADevices");
const ENROL = [...on("any device", "iam:CreateVirtualMFADevice"), ...on("own user", "iam:EnableMFADevice")];
const PASSWORD = [...on("own user", "iam:ChangePassword"), ...on("everything", "iam:GetAccountPasswordPolicy")];
const SIGN_IN = [
  ...on("everything", "sts:GetSessionToken"),
  ...on("the console", "signin:Authenticate", ...OAUTH),
  ...on("a service principal", "signin:Authenticate"),
  ...on("a public client", "signin:Authenticate"),
];
/** Tokens for `aws login`, for AWS's managed MCP server and their like. */
const TOKENS_BEYOND_THE_CONSOLE = [...on("a service principal", ...OAUTH), ...on("a public client", ...OAUTH)];

/** What neither a service nor a proxy may do on anybody's behalf, with MFA or without. */
const ENROLMENT_OF_ANYBODY = [
  ...on("any device", "iam:CreateVirtualMFADevice"),
  ...on("own user", "iam:EnableMFADevice", "iam:ResyncMFADevice"),
  ...on("another user", "iam:EnableMFADevice", "iam:ResyncMFADevice"),
];
const CREDENTIALS_OF_OTHERS = on(
  "another user",
  "iam:EnableMFADevice",
  "iam:ResyncMFADevice",
  "iam:ChangePassword",
  "iam:GetUser",
  "iam:ListMFADevices",
  "iam:GetMFADevice",
);

const MANAGE_ONES_CREDENTIALS = [...on("own user", ...OWN_CREDENTIALS), ...PASSWORD];

/** What is open to these users in these sessions, every setting off. Each cell of the table stands in one row. */
interface Row {
  readonly guard: Guard;
  readonly sessions: readonly SessionKind[];
  readonly users: readonly UserKind[];
  readonly claim: string;
  readonly open: readonly string[];
}

const DOOR: readonly Row[] = [
  {
    guard: "quarantine",
    sessions: ["console", "console with MFA"],
    users: EITHER,
    claim: "lets a console session enrol, change its password and sign in, with MFA no more than without",
    open: [...SEE_ONESELF, ...RESYNC, ...LIST_DEVICES, ...ENROL, ...PASSWORD, ...SIGN_IN],
  },
  {
    guard: "quarantine",
    sessions: ["access key"],
    users: EITHER,
    claim: "lets an access key neither enrol nor list devices",
    open: [...SEE_ONESELF, ...RESYNC, ...PASSWORD, ...SIGN_IN],
  },
  {
    guard: "quarantine",
    sessions: ["service", "service with MFA", "proxy", "proxy that counts as no service", "proxy with MFA"],
    users: EITHER,
    claim: "lets neither a service nor a proxy enrol or mend a device, with MFA or without",
    open: [...SEE_ONESELF, ...LIST_DEVICES, ...PASSWORD, ...SIGN_IN],
  },
  {
    guard: "quarantine",
    sessions: ["service by access key", "proxy by access key"],
    users: EITHER,
    claim: "lets a service or a proxy that has an access key behind it do neither",
    open: [...SEE_ONESELF, ...PASSWORD, ...SIGN_IN],
  },
  {
    guard: "conditional",
    sessions: ["console"],
    users: EITHER,
    claim: "lets a console session without MFA enrol and sign in",
    open: [...SEE_ONESELF, ...RESYNC, ...LIST_DEVICES, ...ENROL, ...SIGN_IN],
  },
  {
    guard: "conditional",
    sessions: ["access key"],
    users: EITHER,
    claim: "lets an access key neither enrol nor list devices",
    open: [...SEE_ONESELF, ...RESYNC, ...SIGN_IN],
  },
  {
    guard: "conditional",
    sessions: ["service", "proxy", "proxy that counts as no service"],
    users: EITHER,
    claim: "lets neither a service nor a proxy enrol or mend a device without MFA",
    open: [...SEE_ONESELF, ...LIST_DEVICES, ...SIGN_IN],
  },
  {
    guard: "conditional",
    sessions: ["service by access key", "proxy by access key"],
    users: EITHER,
    claim: "lets a service or a proxy that has an access key behind it do neither",
    open: [...SEE_ONESELF, ...SIGN_IN],
  },
  {
    guard: "conditional",
    sessions: ["console with MFA"],
    users: ["administrator"],
    claim: "is gone for an administrator who signed in with MFA",
    open: EVERYTHING,
  },
  {
    guard: "conditional",
    sessions: ["service with MFA", "proxy with MFA"],
    users: ["administrator"],
    claim: "keeps from an administrator with MFA nothing but enrolment through a service or a proxy",
    open: everythingBut(...ENROLMENT_OF_ANYBODY),
  },
  {
    guard: "conditional",
    sessions: ["console with MFA"],
    users: ["plain user"],
    claim: "gives a plain user with MFA the door, and sign-in tokens of every kind",
    open: [...SEE_ONESELF, ...RESYNC, ...LIST_DEVICES, ...ENROL, ...SIGN_IN, ...TOKENS_BEYOND_THE_CONSOLE],
  },
  {
    guard: "conditional",
    sessions: ["service with MFA", "proxy with MFA"],
    users: ["plain user"],
    claim: "gives a plain user with MFA the same through a service or a proxy, but no enrolment",
    open: [...SEE_ONESELF, ...LIST_DEVICES, ...SIGN_IN, ...TOKENS_BEYOND_THE_CONSOLE],
  },
  {
    guard: "sealed",
    sessions: ["console"],
    users: EITHER,
    claim: "lets a console session without MFA sign in and see itself, and not enrol",
    open: [...SEE_ONESELF, ...RESYNC, ...LIST_DEVICES, ...SIGN_IN],
  },
  {
    guard: "sealed",
    sessions: ["access key"],
    users: EITHER,
    claim: "lets an access key not even list devices",
    open: [...SEE_ONESELF, ...RESYNC, ...SIGN_IN],
  },
  {
    guard: "sealed",
    sessions: ["service", "proxy", "proxy that counts as no service"],
    users: EITHER,
    claim: "lets neither a service nor a proxy mend a device without MFA",
    open: [...SEE_ONESELF, ...LIST_DEVICES, ...SIGN_IN],
  },
  {
    guard: "sealed",
    sessions: ["service by access key", "proxy by access key"],
    users: EITHER,
    claim: "lets a service or a proxy that has an access key behind it do neither",
    open: [...SEE_ONESELF, ...SIGN_IN],
  },
  {
    guard: "sealed",
    sessions: ["console with MFA"],
    users: ["administrator"],
    claim: "is gone for an administrator who signed in with MFA",
    open: EVERYTHING,
  },
  {
    guard: "sealed",
    sessions: ["service with MFA", "proxy with MFA"],
    users: ["administrator"],
    claim: "keeps from an administrator with MFA nothing but enrolment through a service or a proxy",
    open: everythingBut(...ENROLMENT_OF_ANYBODY),
  },
  {
    guard: "sealed",
    sessions: ["console with MFA"],
    users: ["plain user"],
    claim: "gives a plain user with MFA the door, which has no enrolment, and sign-in tokens of every kind",
    open: [...SEE_ONESELF, ...RESYNC, ...LIST_DEVICES, ...SIGN_IN, ...TOKENS_BEYOND_THE_CONSOLE],
  },
  {
    guard: "sealed",
    sessions: ["service with MFA", "proxy with MFA"],
    users: ["plain user"],
    claim: "gives a plain user with MFA the same through a service or a proxy, but no mending",
    open: [...SEE_ONESELF, ...LIST_DEVICES, ...SIGN_IN, ...TOKENS_BEYOND_THE_CONSOLE],
  },
];

/** What settings make of the table above, where all of them are on. Of them, selfService alone is on by default. */
interface Change {
  readonly settings: readonly Setting[];
  readonly guards: readonly Guard[];
  readonly sessions: readonly SessionKind[];
  readonly users: readonly UserKind[];
  readonly claim: string;
  readonly opens: readonly string[] | "nothing, and shuts the door itself";
}

const CHANGES: readonly Change[] = [
  {
    settings: ["selfService"],
    guards: ["conditional", "sealed"],
    sessions: WITH_MFA,
    users: ["plain user"],
    claim: "opens one's own credentials to a plain user with MFA, and taking away one's own device",
    opens: [...MANAGE_ONES_CREDENTIALS, ...on("own user", "iam:DeactivateMFADevice")],
  },
  {
    settings: ["selfService"],
    guards: ["sealed"],
    sessions: ["console with MFA"],
    users: ["plain user"],
    claim: "opens enrolling a further device to a plain user in sealed who signed in with MFA",
    opens: ENROL,
  },
  {
    settings: ["passwordChangeWithoutMfa"],
    guards: ["conditional"],
    sessions: ANY_SESSION,
    users: EITHER,
    claim: "opens one's own password in conditional",
    opens: PASSWORD,
  },
  {
    settings: ["enrolmentByAccessKey"],
    guards: ["quarantine", "conditional"],
    sessions: ["access key"],
    users: EITHER,
    claim: "opens enrolment to a bare access key",
    opens: [...ENROL, ...LIST_DEVICES],
  },
  {
    settings: ["enrolmentByAccessKey"],
    guards: GUARDS,
    sessions: ["access key", "service by access key", "proxy by access key"],
    users: EITHER,
    claim: "opens the list of devices, and no enrolment, in sealed and to what has an access key behind it",
    opens: LIST_DEVICES,
  },
  {
    settings: ["usersPage"],
    guards: GUARDS,
    sessions: ANY_SESSION,
    users: EITHER,
    claim: "opens the list of users and the account's name",
    opens: on("everything", "iam:ListUsers", "iam:ListAccountAliases"),
  },
  {
    settings: ["spareServiceCalls"],
    guards: ["conditional", "sealed"],
    sessions: ["service"],
    users: ["administrator"],
    claim: "opens all but enrolment, others' credentials and tokens to services that act for an administrator",
    opens: everythingBut(...ENROLMENT_OF_ANYBODY, ...CREDENTIALS_OF_OTHERS, ...TOKENS_BEYOND_THE_CONSOLE),
  },
  {
    settings: ["spareServiceCalls"],
    guards: ["conditional", "sealed"],
    sessions: ["service by access key"],
    users: ["administrator"],
    claim: "opens the same, but the list of devices, to services that act for an administrator's access key",
    opens: everythingBut(
      ...ENROLMENT_OF_ANYBODY,
      ...CREDENTIALS_OF_OTHERS,
      ...TOKENS_BEYOND_THE_CONSOLE,
      ...LIST_DEVICES,
    ),
  },
  {
    settings: ["spareServiceCalls"],
    guards: ["conditional", "sealed"],
    sessions: PROXIES_WITHOUT_MFA,
    users: EITHER,
    claim: "shuts everything to proxies without MFA",
    opens: "nothing, and shuts the door itself",
  },
  {
    settings: ["spareServiceCalls", "selfService"],
    guards: ["conditional", "sealed"],
    sessions: ["service", "service by access key"],
    users: ["plain user"],
    claim: "open one's own credentials to services that act for a plain user, and not taking away a device",
    opens: MANAGE_ONES_CREDENTIALS,
  },
];

// The question and the answer

interface Cell {
  readonly guard: Guard;
  readonly session: SessionKind;
  readonly user: UserKind;
}

const HOME: Place = { partition: "aws", path: "" };

const PLACES: readonly Place[] = (["aws", "aws-us-gov", "aws-cn"] as const).flatMap((partition) => [
  { partition, path: "" },
  { partition, path: "eng/" },
]);

function cells(
  guards: readonly Guard[],
  sessions: readonly SessionKind[],
  users: readonly UserKind[],
): readonly Cell[] {
  return guards.flatMap((guard) =>
    sessions.flatMap((session) => users.map((user): Cell => ({ guard, session, user }))),
  );
}

const ALL_CELLS = cells(GUARDS, ANY_SESSION, EITHER);

const compiled = new Map<string, CompiledPolicies>();

/** The policies that apply to a held user. The sessions of one user ask the same ones, and compiling takes the time. */
function policiesOf(guard: Guard, user: UserKind, settings: readonly Setting[], partition: Partition) {
  const key = [guard, user, partition, ...settings].join();
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const policy = GUARD_POLICIES[guard](
    {
      passwordChangeWithoutMfa: settings.includes("passwordChangeWithoutMfa"),
      enrolmentByAccessKey: settings.includes("enrolmentByAccessKey"),
      usersPage: settings.includes("usersPage"),
      spareServiceCalls: settings.includes("spareServiceCalls"),
      selfService: settings.includes("selfService"),
    },
    partition,
  );
  const policies = compile([policy, ...USERS[user]]);
  compiled.set(key, policies);
  return policies;
}

/** What IAM leaves open. A call that is open on some of its target's ARNs only is told with those. */
function openIn({ guard, session, user }: Cell, settings: readonly Setting[], place: Place): readonly string[] {
  const arns = arnsOf(place);
  const ask = inSession(policiesOf(guard, user, settings, place.partition), {
    "aws:username": "alice",
    "aws:userid": "AIDAEXAMPLEALICE",
    "aws:PrincipalArn": arns["own user"][0],
    ...SESSIONS[session],
  });
  return CALLS.flatMap(([target, actions]) => {
    const resources: readonly string[] = arns[target];
    return actions.flatMap((action) => {
      const open = resources.filter((resource) => ask({ action, resource }).allowed);
      if (open.length === 0) return [];
      return on(target, action).map((call) =>
        open.length === resources.length ? call : `${call}, of which ${open.join()}`,
      );
    });
  });
}

/** What is promised to be open: the row's calls, and what the changes open that these settings bring. */
function promisedIn({ guard, session, user }: Cell, settings: readonly Setting[]): readonly string[] {
  const here = (guards: readonly Guard[], sessions: readonly SessionKind[], users: readonly UserKind[]) =>
    guards.includes(guard) && sessions.includes(session) && users.includes(user);
  const rows = DOOR.filter((row) => here([row.guard], row.sessions, row.users));
  expect(rows, `rows for ${user}, ${session}, ${guard}`).to.have.lengthOf(1);
  const open = new Set(rows.flatMap((row) => row.open));
  for (const change of CHANGES) {
    if (!change.settings.every((setting) => settings.includes(setting))) continue;
    if (!here(change.guards, change.sessions, change.users)) continue;
    if (typeof change.opens === "string") return [];
    for (const call of change.opens) open.add(call);
  }
  return [...open];
}

function expectAsPromised(cell: Cell, settings: readonly Setting[], place: Place = HOME): void {
  const { guard, session, user } = cell;
  const where = `${user} in ${guard}, ${session}, path "${place.path}", ${place.partition}, with [${settings.join()}]`;
  expect([...openIn(cell, settings, place)].sort(), where).to.deep.equal([...promisedIn(cell, settings)].sort());
}

for (const guard of GUARDS) {
  describe(`the door of ${guard}, every setting off`, () => {
    for (const { sessions, users, claim } of DOOR.filter((row) => row.guard === guard)) {
      it(claim, () => {
        for (const cell of cells([guard], sessions, users)) {
          for (const place of PLACES) expectAsPromised(cell, [], place);
        }
      });
    }
  });
}

describe("the settings of the door", () => {
  for (const { settings, guards, sessions, users, claim } of CHANGES) {
    it(`${settings.join(" and ")} ${claim}`, () => {
      for (const cell of cells(guards, sessions, users)) expectAsPromised(cell, settings);
    });
  }

  it("change nothing else, in any of the 32 ways to set them", () => {
    for (let bits = 0; bits < 32; bits++) {
      const settings = SETTINGS.filter((_, index) => (bits & (1 << index)) !== 0);
      for (const cell of ALL_CELLS) expectAsPromised(cell, settings);
    }
  });

  it("do the same, all of them on, in every partition and to users with a path and without", () => {
    for (const place of PLACES) {
      for (const cell of ALL_CELLS) expectAsPromised(cell, SETTINGS, place);
    }
  });
});
