import type { GuardName, GuardsOf } from "../core/guards";
import type { Partition } from "../core/partitions";
import type { PolicySettings } from "../core/settings";
import { allow, type Statement } from "./document";

/** What an action of the door acts upon. */
type Target = "own user" | "any device" | "everything";

/** What a bare access key finds of an action of the door, unless `enrolmentByAccessKey`. */
type ByAccessKey = "open" | "shut" | "shut in quarantine";

/** One action that a guard leaves open, and why. */
export interface DoorAction {
  readonly action: string;
  readonly on: Target;
  readonly byAccessKey: ByAccessKey;
  readonly why: string;
}

const action = (name: string, on: Target, byAccessKey: ByAccessKey, why: string): DoorAction => {
  return { action: name, on, byAccessKey, why };
};

const SEE_ONESELF: readonly DoorAction[] = [
  // Whoever has a device and goes on by GetSessionToken asks for its serial number with the bare key.
  action("iam:GetUser", "own user", "shut in quarantine", "the Security credentials page shows nothing without it"),
  action("iam:ListMFADevices", "own user", "shut in quarantine", "to see which devices one has"),
  action("iam:GetMFADevice", "own user", "shut", "the details of a passkey"),
  action("iam:ResyncMFADevice", "own user", "shut", "a device whose clock has drifted"),
  action(
    "iam:ListVirtualMFADevices",
    "everything",
    "shut",
    "the page asks for it and IAM takes no resource here; it shows the names of devices and whose they are",
  ),
  action("iam:GetAccountSummary", "everything", "shut", "the page's header"),
];

const ENROL: readonly DoorAction[] = [
  action("iam:CreateVirtualMFADevice", "any device", "shut", "an authenticator app; the user chooses its name"),
  action("iam:EnableMFADevice", "own user", "shut", "to enrol a device of any kind"),
];

// Open to whatever sign-in's own calls look like: see DenyTheDoorByAccessKey in docs/policies.md.

const CHANGE_PASSWORD: readonly DoorAction[] = [
  action("iam:ChangePassword", "own user", "open", "the first sign-in and an expired password demand it"),
  action("iam:GetAccountPasswordPolicy", "everything", "open", "the rules that the new password must meet"),
];

const SIGN_IN: readonly DoorAction[] = [
  action("sts:GetSessionToken", "everything", "open", "needs no permission; listed so that the list reads true"),
  action("signin:Authenticate", "everything", "open", "where AWS authorizes console sign-ins by policy"),
  action("signin:AuthorizeOAuth2Access", "everything", "open", "likewise, the console's own token"),
  action("signin:CreateOAuth2Token", "everything", "open", "likewise, the console's own token"),
];

const USERS_PAGE: readonly DoorAction[] = [
  action("iam:ListUsers", "everything", "shut", "the old way to one's own page, by the list of all users"),
  action("iam:ListAccountAliases", "everything", "shut", "the account's name on the IAM dashboard"),
];

/** What each guard leaves open whatever the settings. */
export const ALWAYS_OPEN: GuardsOf<readonly DoorAction[]> = {
  quarantine: [...SEE_ONESELF, ...ENROL, ...CHANGE_PASSWORD, ...SIGN_IN],
  conditional: [...SEE_ONESELF, ...ENROL, ...SIGN_IN],
  sealed: [...SEE_ONESELF, ...SIGN_IN],
};

/**
 * The door of each guard: the whole list of what it leaves open. What a setting adds stands last, so that a preview's
 * diff shows it as added and no other action as changed.
 */
export const DOORS: GuardsOf<(settings: PolicySettings) => readonly DoorAction[]> = {
  quarantine: (settings) => [...ALWAYS_OPEN.quarantine, ...(settings.usersPage ? USERS_PAGE : [])],
  conditional: (settings) => [...ALWAYS_OPEN.conditional, ...openedBehindMfa(settings)],
  sealed: (settings) => [...ALWAYS_OPEN.sealed, ...openedBehindMfa(settings)],
};

function openedBehindMfa(settings: PolicySettings): readonly DoorAction[] {
  return [...(settings.passwordChangeWithoutMfa ? CHANGE_PASSWORD : []), ...(settings.usersPage ? USERS_PAGE : [])];
}

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

/** What of a guard's door is shut to a bare access key, unless `enrolmentByAccessKey`. */
export function shutToAccessKeys(guard: GuardName, settings: PolicySettings): readonly DoorAction[] {
  return DOORS[guard](settings).filter(
    ({ byAccessKey }) => byAccessKey === "shut" || (byAccessKey === "shut in quarantine" && guard === "quarantine"),
  );
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
