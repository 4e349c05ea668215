import { GUARD_NAMES } from "../core/guards";
import type { Concerned, Finding, Impact } from "./impact";
import { type Change, type Person, placeBefore } from "./people";

/** How many names are told of those who have something in common, where not all are asked for. */
export const NAMES_TOLD = 20;

/** People of whom the same is to be said. */
export interface Group {
  /** `newly held in quarantine: a password, no MFA device` */
  readonly title: string;
  readonly members: readonly Concerned[];
}

/** The changes that are told, in this order. */
const TOLD: readonly Change[] = ["held", "moved", "freed", "withheld", "pending"];

/** Who would be held, moved and freed, gathered by where from, where to and why. */
export function groupsOf({ people }: Pick<Impact, "people">): readonly Group[] {
  const groups = new Map<string, Concerned[]>();
  const changing = people.filter(({ change, stoppedBy }) => TOLD.includes(change) && stoppedBy === undefined);
  for (const person of changing.toSorted((one, other) => rankOf(one) - rankOf(other))) {
    const title = titleOf(person);
    const members = groups.get(title) ?? [];
    members.push({ user: person.user, ...(person.due !== undefined && { what: `from ${dayOf(person.due)}` }) });
    groups.set(title, members);
  }
  return [...groups].map(([title, members]) => ({ title, members }));
}

/** By what changes, and then by guard. */
function rankOf({ change, guard }: Person): number {
  return TOLD.indexOf(change) * GUARD_NAMES.length + (guard === undefined ? 0 : GUARD_NAMES.indexOf(guard));
}

function titleOf(person: Person): string {
  const { guard = "none", reason } = person;
  switch (person.change) {
    case "held":
      return `newly held in ${guard}: ${reason}`;
    case "moved":
      return `moved from ${placeBefore(person)} to ${guard}: ${reason}`;
    case "freed":
      return `freed from ${placeBefore(person)}: ${reason}`;
    case "withheld":
      return `held in ${guard} but for dryRun: ${reason}`;
    case "pending":
      return `pending, to be held in ${guard}: ${reason}`;
    case "none":
    case "unknown":
      return reason;
  }
}

/** Names, each with what is to be said of it: the first twenty and how many more. */
function namesInWords(members: readonly Concerned[], most = NAMES_TOLD): string {
  const told = members.slice(0, most).map(({ user, what }) => (what === undefined ? user : `${user} (${what})`));
  const more = members.length - told.length;
  return more > 0 ? `${told.join(", ")} and ${more} more` : told.join(", ");
}

/** A finding as one sentence. */
export function findingInWords({ message, users }: Finding): string {
  return users.length === 0 ? message : `${message}: ${namesInWords(users)}`;
}

/** How many, in one line: `of 27 users 9 would be newly held, 0 moved, 2 freed`. */
export function countsInWords({ users, changes }: Pick<Impact, "users" | "changes">): string {
  const { held, moved, freed, withheld, pending, unknown } = changes;
  const more = [
    withheld > 0 && `${withheld} held but for dryRun`,
    pending > 0 && `${pending} pending`,
    unknown > 0 && `${unknown} not known`,
  ].filter((part) => part !== false);
  return [`of ${usersInWords(users)} ${held} would be newly held`, `${moved} moved`, `${freed} freed`, ...more].join(
    ", ",
  );
}

/** What is known, and how old it is. */
export function sourceInWords({ reportOf, deployed }: Pick<Impact, "reportOf" | "deployed">): string {
  const report = reportOf === undefined ? "read live" : `by the credential report of ${reportOf.slice(0, 16)}Z`;
  return deployed.length === 0 ? `${report}; no guard is deployed yet` : report;
}

/** What an account's log is told: one paragraph. */
export function impactInWords(impact: Impact): string {
  const { account, settings } = impact;
  const heading = `impact on account ${account}, mode ${settings.mode}: ${countsInWords(impact)} (${sourceInWords(impact)})`;
  return [heading, ...groupsOf(impact).map(({ title, members }) => `  ${title}: ${namesInWords(members)}`)].join("\n");
}

/** A day as YYYY-MM-DD. */
export function dayOf(iso: string): string {
  return iso.slice(0, "YYYY-MM-DD".length);
}

/** `1 user`, `27 users`. */
export function usersInWords(count: number): string {
  return count === 1 ? "1 user" : `${count} users`;
}
