import type { SettingName } from "../../../audit/settings";
import { GUARD_NAMES, type GuardName } from "../../../core/guards";
import { on } from "./calls";
import {
  ANY_SESSION,
  EITHER,
  GO_BETWEENS,
  GO_BETWEENS_BY_KEY,
  GO_BETWEENS_WITH_MFA,
  PROXIES_WITHOUT_MFA,
  type SessionKind,
  type UserKind,
  WITH_MFA,
} from "./sessions";
import { OPEN, SHUT } from "./verdicts";

/*
 * What the guards promise, as those who stand before them find it: for each guard, kind of session and kind of user, the
 * whole set of what is open among all the actions of AWS. First with every setting off, then what each setting changes.
 * Written by hand, and by what design and README promise people, not by what the policies' code says.
 */

/** The calls that are open: those, or all of AWS but those. */
type Open = readonly string[] | { readonly everythingBut: readonly string[] };

/**
 * What `selfService` is about: the actions of AWS's example policy "Allows MFA-authenticated IAM users to manage their own
 * credentials on the Security credentials page", and GetLoginProfile of the 2017 policy.
 */
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

/** What somebody with a bare key needs to know before asking for a session with MFA: who one is, and of which device. */
const FIND_ONES_DEVICE = on("own user", "iam:GetUser", "iam:ListMFADevices");
/** What else the page shows. */
const REST_OF_ONESELF = [...on("own user", "iam:GetMFADevice"), ...on("everything", "iam:GetAccountSummary")];
const SEE_ONESELF = [...FIND_ONES_DEVICE, ...REST_OF_ONESELF];
const RESYNC = on("own user", "iam:ResyncMFADevice");
const LIST_DEVICES = on("everything", "iam:ListVirtualMFADevices");
const CREATE_DEVICE = [
  ...on("own-named device", "iam:CreateVirtualMFADevice"),
  ...on("free-named device", "iam:CreateVirtualMFADevice"),
];
const ENROL = [...CREATE_DEVICE, ...on("own user", "iam:EnableMFADevice")];
const PASSWORD = [...on("own user", "iam:ChangePassword"), ...on("everything", "iam:GetAccountPasswordPolicy")];
const USERS_PAGE = on("everything", "iam:ListUsers", "iam:ListAccountAliases");
const OAUTH = ["signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"] as const;
const SIGN_IN = [...on("everything", "sts:GetSessionToken"), ...on("console", "signin:Authenticate", ...OAUTH)];
/** Tokens for `aws login`, for AWS's managed MCP server and their like. */
const TOKENS_BEYOND_THE_CONSOLE = [
  ...on("oauth2-public-client-localhost", ...OAUTH),
  ...on("oauth2-public-client-remote", ...OAUTH),
  ...on("oauth2-resource-service-principal", ...OAUTH),
];

/** What neither a service nor a proxy may do on anybody's behalf, with MFA or without. */
const ENROLMENT_OF_ANYBODY = [
  ...CREATE_DEVICE,
  ...on("own user", "iam:EnableMFADevice", "iam:ResyncMFADevice"),
  ...on("another user", "iam:EnableMFADevice", "iam:ResyncMFADevice"),
];
const CREDENTIALS_OF_OTHERS = [
  ...on(
    "another user",
    "iam:EnableMFADevice",
    "iam:ResyncMFADevice",
    "iam:ChangePassword",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:GetMFADevice",
  ),
  // IAM can be asked for nobody's devices in particular.
  ...on("everything", "iam:ListMFADevices"),
];

const MANAGE_ONES_CREDENTIALS = [...on("own user", ...OWN_CREDENTIALS), ...PASSWORD];

/** What is open to these users in these sessions, every setting off. Each cell of the table stands in one row. */
export interface Row {
  readonly guard: GuardName;
  readonly sessions: readonly SessionKind[];
  readonly users: readonly UserKind[];
  readonly claim: string;
  readonly open: Open;
}

export const DOOR: readonly Row[] = [
  {
    guard: "quarantine",
    sessions: ["console", "console with MFA"],
    users: EITHER,
    claim: "lets a console session enrol, change its password and sign in, with MFA no more than without",
    open: [...SEE_ONESELF, ...RESYNC, ...LIST_DEVICES, ...ENROL, ...PASSWORD, ...SIGN_IN],
  },
  {
    guard: "quarantine",
    sessions: ["access key", ...GO_BETWEENS_BY_KEY],
    users: EITHER,
    claim: "lets an access key, and what has one behind it, change the password and ask for a session, and no more",
    open: [...PASSWORD, ...SIGN_IN],
  },
  {
    guard: "quarantine",
    sessions: [...GO_BETWEENS, ...GO_BETWEENS_WITH_MFA],
    users: EITHER,
    claim: "lets neither a service nor a proxy enrol or mend a device, with MFA or without",
    open: [...SEE_ONESELF, ...LIST_DEVICES, ...PASSWORD, ...SIGN_IN],
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
    sessions: ["access key", ...GO_BETWEENS_BY_KEY],
    users: EITHER,
    claim: "lets an access key, and what has one behind it, find its own device and ask for a session, and no more",
    open: [...FIND_ONES_DEVICE, ...SIGN_IN],
  },
  {
    guard: "conditional",
    sessions: GO_BETWEENS,
    users: EITHER,
    claim: "lets neither a service nor a proxy enrol or mend a device without MFA",
    open: [...SEE_ONESELF, ...LIST_DEVICES, ...SIGN_IN],
  },
  {
    guard: "conditional",
    sessions: ["console with MFA"],
    users: ["administrator"],
    claim: "is gone for an administrator who signed in with MFA",
    open: { everythingBut: [] },
  },
  {
    guard: "conditional",
    sessions: GO_BETWEENS_WITH_MFA,
    users: ["administrator"],
    claim: "keeps from an administrator with MFA nothing but enrolment through a service or a proxy",
    open: { everythingBut: ENROLMENT_OF_ANYBODY },
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
    sessions: GO_BETWEENS_WITH_MFA,
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
    sessions: ["access key", ...GO_BETWEENS_BY_KEY],
    users: EITHER,
    claim: "lets an access key, and what has one behind it, find its own device and ask for a session, and no more",
    open: [...FIND_ONES_DEVICE, ...SIGN_IN],
  },
  {
    guard: "sealed",
    sessions: GO_BETWEENS,
    users: EITHER,
    claim: "lets neither a service nor a proxy mend a device without MFA",
    open: [...SEE_ONESELF, ...LIST_DEVICES, ...SIGN_IN],
  },
  {
    guard: "sealed",
    sessions: ["console with MFA"],
    users: ["administrator"],
    claim: "is gone for an administrator who signed in with MFA",
    open: { everythingBut: [] },
  },
  {
    guard: "sealed",
    sessions: GO_BETWEENS_WITH_MFA,
    users: ["administrator"],
    claim: "keeps from an administrator with MFA nothing but enrolment through a service or a proxy",
    open: { everythingBut: ENROLMENT_OF_ANYBODY },
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
    sessions: GO_BETWEENS_WITH_MFA,
    users: ["plain user"],
    claim: "gives a plain user with MFA the same through a service or a proxy, but no mending",
    open: [...SEE_ONESELF, ...LIST_DEVICES, ...SIGN_IN, ...TOKENS_BEYOND_THE_CONSOLE],
  },
];

/** What settings make of the table above, where all of them are on and none of the others named. Of them, selfService alone is on by default. */
export interface Change {
  readonly settings: readonly SettingName[];
  readonly unless?: readonly SettingName[];
  readonly guards: readonly GuardName[];
  readonly sessions: readonly SessionKind[];
  readonly users: readonly UserKind[];
  readonly claim: string;
  readonly opens: Open | "nothing, and shuts the door itself";
}

export const CHANGES: readonly Change[] = [
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
    guards: ["conditional", "sealed"],
    sessions: ANY_SESSION,
    users: EITHER,
    claim: "opens one's own password in conditional and sealed",
    opens: PASSWORD,
  },
  {
    settings: ["enrolmentByAccessKey"],
    guards: ["quarantine", "conditional"],
    sessions: ["access key"],
    users: EITHER,
    claim: "opens enrolment to a bare access key",
    opens: ENROL,
  },
  {
    settings: ["enrolmentByAccessKey"],
    guards: GUARD_NAMES,
    sessions: ["access key"],
    users: EITHER,
    claim: "opens mending a device to a bare access key",
    opens: RESYNC,
  },
  {
    settings: ["enrolmentByAccessKey"],
    guards: GUARD_NAMES,
    sessions: ["access key", ...GO_BETWEENS_BY_KEY],
    users: EITHER,
    claim: "opens all that one sees of oneself, and no enrolment, in sealed and to what has an access key behind it",
    opens: [...SEE_ONESELF, ...LIST_DEVICES],
  },
  {
    settings: ["usersPage"],
    guards: GUARD_NAMES,
    sessions: ["console", ...GO_BETWEENS, ...WITH_MFA],
    users: EITHER,
    claim: "opens the list of users and the account's name, but to no access key",
    opens: USERS_PAGE,
  },
  {
    settings: ["usersPage", "enrolmentByAccessKey"],
    guards: GUARD_NAMES,
    sessions: ["access key", ...GO_BETWEENS_BY_KEY],
    users: EITHER,
    claim: "open the same to access keys",
    opens: USERS_PAGE,
  },
  {
    settings: ["spareServiceCalls"],
    guards: ["conditional", "sealed"],
    sessions: ["service"],
    users: ["administrator"],
    claim: "opens all but enrolment, others' credentials and tokens to services that act for an administrator",
    opens: { everythingBut: [...ENROLMENT_OF_ANYBODY, ...CREDENTIALS_OF_OTHERS, ...TOKENS_BEYOND_THE_CONSOLE] },
  },
  {
    settings: ["spareServiceCalls"],
    guards: ["conditional", "sealed"],
    sessions: ["service by access key"],
    users: ["administrator"],
    claim: "opens the same, but what the door shuts to keys, to services that act for an administrator's access key",
    opens: {
      everythingBut: [
        ...ENROLMENT_OF_ANYBODY,
        ...CREDENTIALS_OF_OTHERS,
        ...TOKENS_BEYOND_THE_CONSOLE,
        ...REST_OF_ONESELF,
        ...LIST_DEVICES,
        ...USERS_PAGE,
      ],
    },
  },
  {
    settings: ["spareServiceCalls"],
    unless: ["usersPage"],
    guards: ["conditional", "sealed"],
    sessions: ["service by access key"],
    users: ["administrator"],
    claim: "opens the list of users too, where it is no part of the door",
    opens: USERS_PAGE,
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

/** One combination of the matrix, the settings and the place apart. */
export interface Cell {
  readonly guard: GuardName;
  readonly session: SessionKind;
  readonly user: UserKind;
}

export function cells(
  guards: readonly GuardName[],
  sessions: readonly SessionKind[],
  users: readonly UserKind[],
): readonly Cell[] {
  return guards.flatMap((guard) =>
    sessions.flatMap((session) => users.map((user): Cell => ({ guard, session, user }))),
  );
}

/**
 * Which of the calls with these names are promised to be open: the row's, and what the changes open that these settings
 * bring. Throws if not exactly one row tells of the cell, or if a promise names a call that there is not.
 */
export function promisedIn(
  { guard, session, user }: Cell,
  settings: readonly SettingName[],
  names: ReadonlyMap<string, number>,
): Uint8Array {
  const here = (guards: readonly GuardName[], sessions: readonly SessionKind[], users: readonly UserKind[]) =>
    guards.includes(guard) && sessions.includes(session) && users.includes(user);
  const [row, another] = DOOR.filter((each) => here([each.guard], each.sessions, each.users));
  if (row === undefined || another !== undefined) throw new Error(`not one row for ${user}, ${session}, ${guard}`);
  const changes = CHANGES.filter(
    (change) =>
      change.settings.every((setting) => settings.includes(setting)) &&
      !(change.unless ?? []).some((setting) => settings.includes(setting)) &&
      here(change.guards, change.sessions, change.users),
  );
  const promised = new Uint8Array(names.size);
  for (const open of [row.open, ...changes.map(({ opens }) => opens)]) {
    if (typeof open === "string") return promised.fill(SHUT);
    if ("everythingBut" in open) {
      const shut = open.everythingBut.map((name) => indexOf(name, names)).filter((index) => promised[index] === SHUT);
      promised.fill(OPEN);
      for (const index of shut) promised[index] = SHUT;
    } else {
      for (const name of open) promised[indexOf(name, names)] = OPEN;
    }
  }
  return promised;
}

function indexOf(name: string, names: ReadonlyMap<string, number>): number {
  const index = names.get(name);
  if (index === undefined) throw new Error(`AWS has no call of ${name}`);
  return index;
}
