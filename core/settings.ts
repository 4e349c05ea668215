import { MODES, Mode } from "./modes";
import {
  ACCOUNTS,
  choice,
  choices,
  DAY_OR_NONE,
  EMAIL_ADDRESSES,
  FLAG,
  GROUP_NAMES,
  integer,
  type Kind,
  ORGANIZATION_TARGETS,
  paths,
  RATE,
  ROLE_ARNS,
  USER_NAMES,
} from "./setting-kinds";
import { DETAIL_TYPES } from "./told";

/** The settings as code gives them, each with the default that {@link SETTINGS} tells. */
export interface RequireMfaArgs {
  /**
   * quarantine holds who has a password and no MFA device; conditional-deny holds everybody in sessions without MFA;
   * strict does both in turn; off frees everybody, before pulumi destroy
   */
  readonly mode?: Mode;
  /** Hold nobody new, only tell whom; who is free by the account's state is still freed */
  readonly dryRun?: boolean;
  /**
   * Let users held in conditional or sealed change their password in a session without MFA, as a first sign-in and an
   * expired password demand
   */
  readonly passwordChangeWithoutMfa?: boolean;
  /**
   * Let held users enrol a device with a bare access key, for people who enrol by the AWS CLI; in strict, who has
   * neither password nor MFA device is then held in conditional, for sealed has no enrolment
   */
  readonly enrolmentByAccessKey?: boolean;
  /** Let held users list all users and account aliases, for the old way to enrolment by the Users page */
  readonly usersPage?: boolean;
  /**
   * Let calls pass without MFA that AWS services make on behalf of users held in conditional or sealed, but none of
   * AWS's managed MCP server
   */
  readonly spareServiceCalls?: boolean;
  /**
   * Allow users held in conditional or sealed, once signed in with MFA, to manage their own password, keys and devices,
   * which is more than their own permissions may allow them
   */
  readonly selfService?: boolean;
  /** Users in the scope, by name; where onlyUsers, onlyPaths and onlyGroups are all empty, everybody is in the scope */
  readonly onlyUsers?: string[];
  /** Users in the scope, by IAM path; a path covers all that lies below it */
  readonly onlyPaths?: string[];
  /** Users in the scope, by the groups they are in */
  readonly onlyGroups?: string[];
  /** Users who are exempt, by name; never held, whatever the scope says */
  readonly exemptUsers?: string[];
  /** Users who are exempt, by IAM path, which covers all that lies below it; never held, whatever the scope says */
  readonly exemptPaths?: string[];
  /** Users who are exempt, by the groups they are in; never held, whatever the scope says */
  readonly exemptGroups?: string[];
  /**
   * Hold no user with neither password nor MFA device (access keys only), whatever the mode; in conditional-deny and
   * strict not together with selfService, by which a user could take the own device away and be spared
   */
  readonly spareKeyOnlyUsers?: boolean;
  /**
   * Hold nobody new before this day, YYYY-MM-DD, 00:00 UTC, or none; who is held stays, and who is free by the account's
   * state is still freed
   */
  readonly enforceFrom?: string;
  /** Hold nobody new before so many days have passed since the user was made; from 0 to 35 */
  readonly graceDays?: number;
  /**
   * How often a sweep holds and frees whom no event brought; rate(N minutes), rate(N hours) or rate(1 day), from 15
   * minutes to 1 day, in the singular for 1
   */
  readonly sweepEvery?: string;
  /**
   * A sweep that would free more users than this stops before the first and tells; raising it confirms. Releases in
   * mode off, and out of guards that the mode does not use, do not count; from 0 to 5000
   */
  readonly maxReleases?: number;
  /** Who gets a mail of what wants a human; each address confirms once, by the link in a first mail of AWS */
  readonly notifyEmails?: string[];
  /** Of which events the mails tell, by detail-type, as docs/operations.md lists them; none given = what wants a human */
  readonly notifyOn?: string[];
  /** ARNs of the roles that deploy this; what they change of it CloudTrail records, and no mail tells of */
  readonly deployRoles?: string[];
  /** Make a CloudTrail trail that brings IAM's events, for an account that has none */
  readonly createTrail?: boolean;
  /** Stop a preview that would newly hold more users than this; from 0 to 100000 */
  readonly failOnImpact?: number;
  /**
   * Roots and OUs, r-… and ou-…, of which every account gets guards and handler of its own, accounts made later too; from
   * the organization's management account or a delegated administrator
   */
  readonly organizationTargets?: string[];
  /**
   * Those of organizationTargets in which an SCP holds too, in the modes conditional-deny and strict, once every account
   * there has its guards
   */
  readonly organizationEnforceTargets?: string[];
  /** Accounts below organizationTargets that are exempt, of twelve digits each; better moved to an OU of their own */
  readonly organizationExemptAccounts?: string[];
}

export type SettingName = keyof RequireMfaArgs;

/** All settings, each with a value. */
export type Settings = Required<RequireMfaArgs>;

/**
 * Where a setting goes: into the guards' policies, or to the handler by an environment variable, to be one of the rules
 * by which it decides or beside them; or into both; or into other resources alone; or nowhere, for a preview goes by it.
 */
export type Destination =
  | { readonly goesTo: "policies" | "resources" | "preview" }
  | { readonly goesTo: "rules" | "handler" | "policies and rules"; readonly variable: Uppercase<string> };

/** All that is known of a setting: from here come its type, its reading, its checks and its way to where it goes. */
export type Row<T> = Destination & { readonly kind: Kind<T>; readonly defaultValue: T };

/** The settings, a row each. Pulumi.yaml and README.md tell the same, and tests hold them to it. */
export const SETTINGS = {
  mode: { kind: choice(MODES), defaultValue: Mode.Quarantine, goesTo: "rules", variable: "MODE" },
  dryRun: { kind: FLAG, defaultValue: false, goesTo: "handler", variable: "DRY_RUN" },
  passwordChangeWithoutMfa: { kind: FLAG, defaultValue: false, goesTo: "policies" },
  enrolmentByAccessKey: {
    kind: FLAG,
    defaultValue: false,
    goesTo: "policies and rules",
    variable: "ENROLMENT_BY_ACCESS_KEY",
  },
  usersPage: { kind: FLAG, defaultValue: false, goesTo: "policies" },
  spareServiceCalls: { kind: FLAG, defaultValue: false, goesTo: "policies" },
  selfService: { kind: FLAG, defaultValue: true, goesTo: "policies" },
  onlyUsers: { kind: USER_NAMES, defaultValue: [], goesTo: "rules", variable: "ONLY_USERS" },
  onlyPaths: {
    kind: paths("means nothing: every path lies below it"),
    defaultValue: [],
    goesTo: "rules",
    variable: "ONLY_PATHS",
  },
  onlyGroups: { kind: GROUP_NAMES, defaultValue: [], goesTo: "rules", variable: "ONLY_GROUPS" },
  exemptUsers: { kind: USER_NAMES, defaultValue: [], goesTo: "rules", variable: "EXEMPT_USERS" },
  exemptPaths: {
    kind: paths("would exempt everybody"),
    defaultValue: [],
    goesTo: "rules",
    variable: "EXEMPT_PATHS",
  },
  exemptGroups: { kind: GROUP_NAMES, defaultValue: [], goesTo: "rules", variable: "EXEMPT_GROUPS" },
  spareKeyOnlyUsers: { kind: FLAG, defaultValue: false, goesTo: "rules", variable: "SPARE_KEY_ONLY_USERS" },
  enforceFrom: { kind: DAY_OR_NONE, defaultValue: "none", goesTo: "handler", variable: "ENFORCE_FROM" },
  graceDays: { kind: integer(0, 35), defaultValue: 0, goesTo: "handler", variable: "GRACE_DAYS" },
  sweepEvery: { kind: RATE, defaultValue: "rate(1 hour)", goesTo: "handler", variable: "SWEEP_EVERY" },
  maxReleases: { kind: integer(0, 5000), defaultValue: 50, goesTo: "handler", variable: "MAX_RELEASES" },
  notifyEmails: { kind: EMAIL_ADDRESSES, defaultValue: [], goesTo: "resources" },
  notifyOn: { kind: choices("detail-type", DETAIL_TYPES), defaultValue: [], goesTo: "resources" },
  deployRoles: { kind: ROLE_ARNS, defaultValue: [], goesTo: "resources" },
  createTrail: { kind: FLAG, defaultValue: false, goesTo: "resources" },
  failOnImpact: { kind: integer(0, 100_000), defaultValue: 5000, goesTo: "preview" },
  organizationTargets: { kind: ORGANIZATION_TARGETS, defaultValue: [], goesTo: "resources" },
  organizationEnforceTargets: { kind: ORGANIZATION_TARGETS, defaultValue: [], goesTo: "resources" },
  organizationExemptAccounts: { kind: ACCOUNTS, defaultValue: [], goesTo: "resources" },
} satisfies { readonly [Name in SettingName]: Row<Settings[Name]> };

type GoingTo<Where extends Destination["goesTo"]> = {
  [Name in SettingName]: (typeof SETTINGS)[Name]["goesTo"] extends Where ? Name : never;
}[SettingName];

/** The settings by which the handler decides beside the user's own state. */
export type Rules = Pick<Settings, GoingTo<"rules" | "policies and rules">>;

/** The settings of which the handler is told. */
export type HandlerSettings = Pick<Settings, GoingTo<"rules" | "handler" | "policies and rules">>;

/** The settings that change a guard's policy. */
export type PolicySettings = Pick<Settings, GoingTo<"policies" | "policies and rules">>;

/** The settings' names, in the order in which they are told everywhere. */
export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS).filter(isSettingName);

/** Whether a text is the name of a setting. */
export function isSettingName(text: string): text is SettingName {
  return Object.hasOwn(SETTINGS, text);
}

/** Names of the settings of which the handler is told. */
export const HANDLER_SETTING_NAMES: readonly (keyof HandlerSettings)[] = SETTING_NAMES.filter(
  (name): name is keyof HandlerSettings => "variable" in SETTINGS[name],
);

/** Names of the settings that change a guard's policy. */
export const POLICY_SETTING_NAMES: readonly (keyof PolicySettings)[] = SETTING_NAMES.filter(
  (name): name is keyof PolicySettings => SETTINGS[name].goesTo.includes("policies"),
);

/** The settings that change a guard's policy, each with the value that `isOn` finds: all of them are flags. */
export function policySettingsBy(isOn: (name: keyof PolicySettings) => boolean): PolicySettings {
  const settings: { -readonly [Name in keyof PolicySettings]?: boolean } = {};
  for (const name of POLICY_SETTING_NAMES) settings[name] = isOn(name);
  if (!hasAll<PolicySettings>(settings, POLICY_SETTING_NAMES))
    throw new TypeError("a setting of the policies has no row");
  return settings;
}

/** Whether settings that were put together one by one are all there. */
export function hasAll<T extends object>(settings: Partial<T>, names: readonly (keyof T)[]): settings is T {
  return names.every((name) => settings[name] !== undefined);
}

/** {@link SETTINGS}, typed for what goes through all of them. */
const ROWS: { readonly [Name in SettingName]: Row<Settings[Name]> } = SETTINGS;

/** All settings, each with what `valueBy` makes of its row. */
export function settingsBy(
  valueBy: <Name extends SettingName>(name: Name, row: Row<Settings[Name]>) => Settings[Name],
): Settings {
  const settings: { -readonly [Name in SettingName]?: Settings[Name] } = {};
  const assign = <Name extends SettingName>(name: Name): void => {
    settings[name] = valueBy(name, ROWS[name]);
  };
  for (const name of SETTING_NAMES) assign(name);
  if (!hasAll<Settings>(settings, SETTING_NAMES)) throw new TypeError("a setting has no row");
  return settings;
}

/** Every setting at its default. */
export const DEFAULT_SETTINGS: Settings = settingsBy((_, row) => row.defaultValue);
