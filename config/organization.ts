import type { SettingName, Settings } from "../core/settings";
import type { Problem } from "./settings-error";

/** Where an organization's stacks go, and where its SCPs hold: roots and OUs, as r-… and ou-…. */
export interface OrganizationTargets {
  readonly organizationTargets: readonly string[];
  /** Some of them. */
  readonly organizationEnforceTargets: readonly string[];
}

/** What an SCP can't know, by the settings that ask for it. */
const UNKNOWN_TO_AN_SCP = {
  onlyUsers: "an SCP holds every IAM user of the accounts below its targets: name who is not to be held in exemptPaths",
  onlyPaths: "an SCP holds every IAM user of the accounts below its targets: name who is not to be held in exemptPaths",
  onlyGroups: "an SCP does not know who is in a group",
  exemptGroups: "an SCP does not know who is in a group: name a path, in exemptPaths",
  spareKeyOnlyUsers: "an SCP knows neither passwords nor devices, and would hold the bare keys that this spares",
  graceDays: "an SCP does not know when a user was made: name a day for everybody, in enforceFrom",
} as const satisfies { readonly [Name in SettingName]?: string };

const NAMES = Object.keys(UNKNOWN_TO_AN_SCP) as readonly (keyof typeof UNKNOWN_TO_AN_SCP)[];

/**
 * Settings that are right each by itself and not in an organization. Where its SCPs hold, those that would spare somebody
 * in the account whom the SCP holds all the same, or hold somebody whom it does not; and no deploy role, for then nobody
 * could deploy any more.
 *
 * @param told what to say of a setting and its value, and the command that puts it right
 */
export function organizationConflictsOf(
  settings: Settings,
  { organizationTargets, organizationEnforceTargets }: OrganizationTargets,
  told: (name: SettingName) => Omit<Problem, "problems">,
): readonly Problem[] {
  const isHolding = organizationEnforceTargets.length > 0;
  const unknown = isHolding ? NAMES.filter((name) => isSet(settings[name])) : [];
  return [
    ...unknown.map((name) => ({
      ...told(name),
      problems: [`must not be set beside organizationEnforceTargets: ${UNKNOWN_TO_AN_SCP[name]}`],
    })),
    ...(organizationTargets.length > 0 && settings.deployRoles.length === 0
      ? [
          {
            ...told("deployRoles"),
            problems: [
              "must name a role beside organizationTargets: what the organization's accounts get is refused to everybody else, and nobody could deploy any more",
            ],
          },
        ]
      : []),
  ];
}

function isSet(value: Settings[keyof typeof UNKNOWN_TO_AN_SCP]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== false && value !== 0;
}
