import { GUARD_NAMES, type GuardName } from "../core/guards";
import type { Mode } from "../core/modes";
import type { HandlerSettings } from "../core/settings";
import { guardOfGroup } from "./guards";
import { heldBy, type Moment, type Person } from "./model";

/** Where somebody belongs. */
export type Place = GuardName | "free";

/** What of a user the table asks for. */
type Kind = "a password, no device" | "a device" | "neither";

/** The table of docs: which guard, by mode and by what the user has. It is written here by hand and asks no code. */
const TABLE: Readonly<Record<Mode, Readonly<Record<Kind, Place>>>> = {
  quarantine: { "a password, no device": "quarantine", "a device": "free", neither: "free" },
  "conditional-deny": { "a password, no device": "conditional", "a device": "conditional", neither: "conditional" },
  strict: { "a password, no device": "quarantine", "a device": "sealed", neither: "sealed" },
  off: { "a password, no device": "free", "a device": "free", neither: "free" },
};

const DAY_MS = 24 * 60 * 60 * 1000;

/** IAM's names compare without case. */
const names = (list: readonly string[], name: string): boolean =>
  list.some((each) => each.toLowerCase() === name.toLowerCase());

function kindOf({ password, devices }: Person): Kind {
  if (devices.length > 0) return "a device";
  return password ? "a password, no device" : "neither";
}

/** Whether the settings exempt a user: by name, by the path and what lies below it, or by a group. */
function isExempt(person: Person, settings: HandlerSettings): boolean {
  return (
    names(settings.exemptUsers, person.name) ||
    settings.exemptPaths.some((path) => person.path.startsWith(path)) ||
    person.groups.some((group) => names(settings.exemptGroups, group))
  );
}

function isInScope(person: Person, { onlyUsers, onlyPaths, onlyGroups }: HandlerSettings): boolean {
  if (onlyUsers.length === 0 && onlyPaths.length === 0 && onlyGroups.length === 0) return true;
  return (
    names(onlyUsers, person.name) ||
    onlyPaths.some((path) => person.path.startsWith(path)) ||
    person.groups.some((group) => names(onlyGroups, group))
  );
}

/** Where the table puts a user, all groups being known. */
function byTheTable(person: Person, settings: HandlerSettings): Place {
  if (isExempt(person, settings) || !isInScope(person, settings)) return "free";
  const kind = kindOf(person);
  if (kind === "neither" && settings.spareKeyOnlyUsers) return "free";
  // Sealed has no enrolment by an access key; conditional has.
  if (kind === "neither" && settings.mode === "strict" && settings.enrolmentByAccessKey) return "conditional";
  return TABLE[settings.mode][kind];
}

/** Groups that the settings name and the account does not have. In mode off nothing depends on them. */
function missingGroups({ groups }: Moment, { mode, onlyGroups, exemptGroups }: HandlerSettings) {
  if (mode === "off") return [];
  return [...onlyGroups, ...exemptGroups].filter((group) => !groups.has(group.toLowerCase()));
}

/**
 * Where a user belongs, apart from dates, dry runs and quotas. A group that the settings name and that is not there may
 * have been renamed: of who is in a group that nobody names it is not known whether it was that one. Then who is held
 * stays held and who is free stays free.
 */
export function rightPlace(person: Person, moment: Moment, settings: HandlerSettings): Place {
  const place = byTheTable(person, settings);
  const missing = missingGroups(moment, settings);
  const isNamed = (group: string) =>
    guardOfGroup(group) !== undefined || names([...settings.onlyGroups, ...settings.exemptGroups], group);
  if (missing.length === 0 || person.groups.every(isNamed)) return place;
  const readings = [
    place,
    ...missing.map((group) => byTheTable({ ...person, groups: [...person.groups, group] }, settings)),
  ];
  if (readings.every((reading) => reading === place)) return place;
  const isHeld = heldBy(person, moment).length > 0;
  return readings.find((reading) => (reading !== "free") === isHeld) ?? place;
}

/** Whether a hold of whom nobody holds is due by then: at enforceFrom, and so many days after the user was made. */
export function isDue({ createdAt }: Person, at: number, { enforceFrom, graceDays }: HandlerSettings): boolean {
  if (enforceFrom !== "none" && at < Date.parse(enforceFrom)) return false;
  return at >= createdAt + graceDays * DAY_MS;
}

/** Whether an entry of the scope matches nobody, so that a sweep frees nobody by the scope alone. */
function isScopeInDoubt({ people }: Moment, { onlyUsers, onlyPaths, onlyGroups }: HandlerSettings): boolean {
  const everybody = [...people.values()];
  return (
    onlyUsers.some((name) => !everybody.some((person) => names([name], person.name))) ||
    onlyPaths.some((path) => !everybody.some((person) => person.path.startsWith(path))) ||
    onlyGroups.some((group) => !everybody.some((person) => names(person.groups, group)))
  );
}

/** How many groups a user may be in, and how many managed policies a user may have. */
const QUOTA = 10;

/** Whether a user who is in no guard has room for one: a group's place, where the guard has its group, or a policy's. */
export function hasRoom({ groups, policies }: Person, guard: GuardName, moment: Moment): boolean {
  return policies.length < QUOTA || (groups.length < QUOTA && hasGroup(guard, moment));
}

/** Whether a guard has its own group. */
function hasGroup(guard: GuardName, { groups }: Moment): boolean {
  return [...groups.values()].some(({ name, path }) => guardOfGroup(name) === guard && path === "/require-mfa/dev/");
}

/** What a sweep is to make of a user. */
export interface Expected {
  readonly person: Person;
  readonly places: readonly Place[];
  /** Whether the sweep must name the user as one whom it failed at, where the user stands elsewhere than asked for. */
  readonly toBeNamed: boolean;
}

/** Which guards a mode holds people under, whatever else is set. */
const IN_USE: Readonly<Record<Mode, readonly GuardName[]>> = {
  quarantine: ["quarantine"],
  "conditional-deny": ["conditional"],
  strict: ["quarantine", "sealed"],
  off: [],
};

/** Which guards these settings hold people under. */
export function guardsInUse({ mode, enrolmentByAccessKey }: HandlerSettings): readonly GuardName[] {
  return mode === "strict" && enrolmentByAccessKey ? [...IN_USE[mode], "conditional"] : IN_USE[mode];
}

/** What a sweep is to make of everybody, where nothing stands in its way and nothing changes. */
export function afterSweep(moment: Moment, at: number, settings: HandlerSettings): readonly Expected[] {
  const inUse = guardsInUse(settings);
  const scopeInDoubt = isScopeInDoubt(moment, settings);
  const judged = [...moment.people.values()].map((person) => {
    const guards = heldBy(person, moment);
    const place = rightPlace(person, moment, settings);
    const everybody = { ...settings, onlyUsers: [], onlyPaths: [], onlyGroups: [] };
    const byScopeAlone = !isExempt(person, settings) && byTheTable(person, everybody) !== "free";
    const isRelease = place === "free" && guards.length > 0;
    const isStoppedByScope = isRelease && scopeInDoubt && byScopeAlone;
    const counts = isRelease && !isStoppedByScope && guards.some((guard) => inUse.includes(guard));
    return { person, guards, place, isStoppedByScope, counts };
  });
  const tooMany = judged.filter(({ counts }) => counts).length > settings.maxReleases;
  return judged.map(({ person, guards, place, isStoppedByScope, counts }): Expected => {
    const at_ = (...places: readonly Place[]): Expected => ({ person, places, toBeNamed: false });
    if (place === "free") return isStoppedByScope || (counts && tooMany) ? at_(...guards) : at_("free");
    if (guards.length === 0) {
      if (settings.dryRun || !isDue(person, at, settings)) return at_("free");
      return hasRoom(person, place, moment) ? at_(place) : { person, places: ["free"], toBeNamed: true };
    }
    if (guards.includes(place)) return at_(place);
    // Who can't get into the new guard stays in the old one, and is named.
    if (!hasRoom(person, place, moment) && !hasGroup(place, moment)) {
      return { person, places: [...GUARD_NAMES], toBeNamed: true };
    }
    return at_(place);
  });
}
