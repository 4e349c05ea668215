import type { SettingName, Settings } from "../core/settings";
import type { Fault } from "./check-settings";
import type { Problem } from "./settings-error";

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
 * Settings that are right each by itself and not in an organization: targets of which one covers another, and what means
 * nothing without targets; where its SCPs hold, what would spare somebody in the account whom the SCP holds all the same,
 * or hold somebody whom it does not; and no deploy role, for then nobody could deploy any more.
 *
 * @param told what to say of a setting and its value, and the command that puts it right
 */
export function organizationConflictsOf(
  settings: Settings,
  told: (name: SettingName, fault: Fault) => Omit<Problem, "problems">,
): readonly Problem[] {
  const { organizationTargets, organizationEnforceTargets, organizationExemptAccounts, deployRoles } = settings;
  const value: Fault = { kind: "value" };
  const isHolding = organizationEnforceTargets.length > 0;
  const unknown = isHolding ? NAMES.filter((name) => isSet(settings[name])) : [];
  const strangers = organizationEnforceTargets.filter((target) => !organizationTargets.includes(target));
  const [stranger] = strangers;
  const root = organizationTargets.find((target) => target.startsWith("r-"));
  return [
    ...(root !== undefined && organizationTargets.length > 1
      ? [
          {
            ...told("organizationTargets", {
              kind: "repeated entry",
              index: organizationTargets.findIndex((target) => target !== root),
            }),
            problems: [`must not name anything beside ${root}, which covers the whole organization`],
          },
        ]
      : []),
    ...(stranger === undefined
      ? []
      : [
          {
            ...told("organizationEnforceTargets", {
              kind: "repeated entry",
              index: organizationEnforceTargets.indexOf(stranger),
            }),
            problems: strangers.map(
              (each) =>
                `${JSON.stringify(each)} is none of organizationTargets: where an SCP holds there must be guards`,
            ),
          },
        ]),
    ...(organizationExemptAccounts.length > 0 && organizationTargets.length === 0
      ? [
          {
            ...told("organizationExemptAccounts", value),
            problems: ["means nothing without organizationTargets: no other account gets anything"],
          },
        ]
      : []),
    ...unknown.map((name) => ({
      ...told(name, value),
      problems: [`must not be set beside organizationEnforceTargets: ${UNKNOWN_TO_AN_SCP[name]}`],
    })),
    ...(organizationTargets.length > 0 && deployRoles.length === 0
      ? [
          {
            ...told("deployRoles", { kind: "entry", index: 0 }),
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
