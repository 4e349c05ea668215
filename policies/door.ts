import type { GuardsOf } from "../core/guards";
import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { allow, type Statement } from "./document";

/** What an action of the door acts upon. */
type Target = "own user" | "any device" | "everything";

/** One action that a guard leaves open, and why. */
export interface DoorAction {
  readonly action: string;
  readonly on: Target;
  readonly why: string;
}

const SEE_ONESELF: readonly DoorAction[] = [
  { action: "iam:GetUser", on: "own user", why: "the Security credentials page shows nothing without it" },
  { action: "iam:ListMFADevices", on: "own user", why: "to see which devices one has" },
  { action: "iam:GetMFADevice", on: "own user", why: "the details of a passkey" },
  { action: "iam:ResyncMFADevice", on: "own user", why: "a device whose clock has drifted" },
  {
    action: "iam:ListVirtualMFADevices",
    on: "everything",
    why: "the page asks for it and IAM takes no resource here; it shows the names of devices and whose they are",
  },
  { action: "iam:GetAccountSummary", on: "everything", why: "the page's header" },
];

const ENROL: readonly DoorAction[] = [
  { action: "iam:CreateVirtualMFADevice", on: "any device", why: "an authenticator app; the user chooses its name" },
  { action: "iam:EnableMFADevice", on: "own user", why: "to enrol a device of any kind" },
];

const CHANGE_PASSWORD: readonly DoorAction[] = [
  { action: "iam:ChangePassword", on: "own user", why: "the first sign-in and an expired password demand it" },
  { action: "iam:GetAccountPasswordPolicy", on: "everything", why: "the rules that the new password must meet" },
];

const USERS_PAGE: readonly DoorAction[] = [
  { action: "iam:ListUsers", on: "everything", why: "the old way to one's own page, by the list of all users" },
  { action: "iam:ListAccountAliases", on: "everything", why: "the account's name on the IAM dashboard" },
];

const SIGN_IN: readonly DoorAction[] = [
  { action: "sts:GetSessionToken", on: "everything", why: "needs no permission; listed so that the list reads true" },
  { action: "signin:Authenticate", on: "everything", why: "where AWS authorizes console sign-ins by policy" },
  { action: "signin:AuthorizeOAuth2Access", on: "everything", why: "likewise, the console's own token" },
  { action: "signin:CreateOAuth2Token", on: "everything", why: "likewise, the console's own token" },
];

/** The door of each guard: the whole list of what it leaves open. */
export const DOORS: GuardsOf<(settings: PolicySettings) => readonly DoorAction[]> = {
  quarantine: (settings) => [
    ...SEE_ONESELF,
    ...ENROL,
    ...CHANGE_PASSWORD,
    ...(settings.usersPage ? USERS_PAGE : []),
    ...SIGN_IN,
  ],
  conditional: (settings) => [
    ...SEE_ONESELF,
    ...ENROL,
    ...(settings.passwordChangeWithoutMfa ? CHANGE_PASSWORD : []),
    ...(settings.usersPage ? USERS_PAGE : []),
    ...SIGN_IN,
  ],
  sealed: (settings) => [...SEE_ONESELF, ...(settings.usersPage ? USERS_PAGE : []), ...SIGN_IN],
};

/**
 * The caller's own user, with and without a path: `user/*${aws:username}` would also match jimbob where bob is meant
 * (aws:username is the name without its path; IAM User Guide, "IAM policy elements: Variables and tags").
 */
export function ownUser(partition: Partition): readonly string[] {
  return [`arn:${partition}:iam::*:user/\${aws:username}`, `arn:${partition}:iam::*:user/*/\${aws:username}`];
}

/** Every virtual device: its name is free, as a user may have eight. Enabling it is limited to the own user. */
export function anyDevice(partition: Partition): string {
  return `arn:${partition}:iam::*:mfa/*`;
}

/** The names of the door's actions, for the NotAction of a guard's main deny. */
export function actionsOf(door: readonly DoorAction[]): readonly string[] {
  return door.map(({ action }) => action);
}

/** The Allows that go with a door: without them a user with no permissions of their own could not enrol. */
export function allowDoor(door: readonly DoorAction[], partition: Partition): readonly Statement[] {
  const on = (target: Target): readonly string[] => actionsOf(door.filter((entry) => entry.on === target));
  return [
    ...allow("AllowTheDoorOnOnesOwnUser", on("own user"), ownUser(partition)),
    ...allow("AllowTheDoorOnDevices", on("any device"), anyDevice(partition)),
    ...allow("AllowTheDoorOnEverything", on("everything"), "*"),
  ];
}
