import { startOf } from "../core/due";
import { DEFAULT_SETTINGS, type Settings } from "../core/settings";

/**
 * What is allowed and yet worth saying whenever it is deployed. Whoever is in the scope and exempt at once is exempt; who
 * is in a group or below a path is not known here, so only what the lists themselves say is compared. Before enforceFrom
 * nobody new is held. A limit that was raised for one deploy is easily left so. And a control that nobody hears of when
 * it stops is none.
 */
export function noticesOf(settings: Settings, now: Date): readonly string[] {
  const { enforceFrom, notifyEmails } = settings;
  return [
    ...(notifyEmails.length === 0 ? [NOBODY_TOLD] : []),
    ...(enforceFrom !== "none" && startOf(enforceFrom) > now
      ? [`enforceFrom ${enforceFrom}: nobody new is held before that day`]
      : []),
    ...namedTwice("Users", settings.onlyUsers, settings.exemptUsers),
    ...settings.onlyPaths.flatMap((only) =>
      settings.exemptPaths
        .filter((exempt) => only.startsWith(exempt))
        .map((exempt) => `exemptPaths ${exempt} covers onlyPaths ${only}: exempt`),
    ),
    ...namedTwice("Groups", settings.onlyGroups, settings.exemptGroups),
    ...raised(settings.maxReleases),
    ...notEnforced(settings),
    ...groupsOfEachAccount(settings),
  ];
}

const NOBODY_TOLD =
  "notifyEmails is empty: nobody gets a mail of what wants a human; name an address there, or subscribe as docs/subscribers.md shows";

function namedTwice(kind: "Users" | "Groups", only: readonly string[], exempt: readonly string[]): readonly string[] {
  const scope = new Set(only.map((name) => name.toLowerCase()));
  return exempt
    .filter((name) => scope.has(name.toLowerCase()))
    .map((name) => `exempt${kind} and only${kind} both name ${name}: exempt`);
}

function raised(maxReleases: number): readonly string[] {
  const usual = DEFAULT_SETTINGS.maxReleases;
  if (maxReleases <= usual) return [];
  return [
    `maxReleases is ${maxReleases}, above its default ${usual}: a sweep may free that many at once; set it back once this deploy is through`,
  ];
}

function notEnforced({ organizationEnforceTargets, mode, dryRun }: Settings): readonly string[] {
  if (organizationEnforceTargets.length === 0 || mode === "off") return [];
  if (mode === "quarantine") {
    return [
      "organizationEnforceTargets: in mode quarantine no SCP holds, for the mode goes by devices, which no SCP knows",
    ];
  }
  return dryRun ? ["organizationEnforceTargets: with dryRun no SCP holds"] : [];
}

/** Of groups that an account has not, a sweep can't tell who would be in them, and leaves who is free free. */
function groupsOfEachAccount({ organizationTargets, onlyGroups, exemptGroups }: Settings): readonly string[] {
  const groups = [...onlyGroups, ...exemptGroups];
  if (organizationTargets.length === 0 || groups.length === 0) return [];
  return [
    `organizationTargets: every account must have ${groups.join(", ")}, for where a group is missing whoever is in another group of their own stays as they are; a path needs no group`,
  ];
}
