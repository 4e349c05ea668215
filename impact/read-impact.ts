import { type GuardName, guardsOf } from "../core/guards";
import type { Settings } from "../core/settings";
import { stackPath } from "../core/stack-path";
import { isOfTheScope } from "../core/unmatched";
import { wordsOf } from "../core/words-of";
import type { Clock } from "../handler/clock";
import type { Iam } from "../handler/iam/iam";
import { readUserOver } from "../handler/iam/read-user";
import { type AccountSnapshot, possibleStates, takeAccountSnapshot } from "../handler/sweep/account-snapshot";
import { missingGroupsIn, unmatchedIn } from "../handler/sweep/sweep";
import type { TrailCheck } from "../handler/trail/judge-trails";
import { readBoundaries } from "./boundaries";
import type { Caller } from "./caller";
import { type DeployedGuards, findGuards } from "./deployed-guards";
import { boundaryToGetPast, type Evidence, findingsOf, mayLackAnApp, type Subject } from "./findings";
import type { Impact, Places } from "./impact";
import type { MoreOfIam } from "./more-of-iam";
import {
  type Candidate,
  type Change,
  comesUnderGuard,
  judgePeople,
  type Person,
  placeAfter,
  placeBefore,
} from "./people";
import { type ReportDetails, readReportDetails } from "./report-details";

/** What is asked of an account. */
export interface Question {
  readonly stack: string;
  /** The name of the component whose guards they are. */
  readonly name: string;
  readonly settings: Settings;
}

/** What an account is read by. */
export interface Reach {
  readonly caller: Caller;
  readonly iam: Iam;
  readonly more: MoreOfIam;
  /** Whether a trail brings IAM's events; throws nothing. */
  readonly checkTrail: () => Promise<TrailCheck>;
  readonly clock: Clock;
  readonly calls: () => number;
}

/** Of so many users at most who are missing from the report the state is read live, by three calls each. */
const MAX_LIVE_READS = 10;

/** What was read of users. */
interface Reading {
  readonly snapshot: AccountSnapshot;
  readonly report: ReadonlyMap<string, ReportDetails>;
  readonly notRead: readonly string[];
}

/**
 * Reads an account as a sweep does and says what a sweep by these settings would do, against the guards that stand there.
 * It writes nothing; that it has a credential report made changes nothing in the account.
 *
 * @param mayWait whether there is still time to wait for the credential report
 * @throws what IAM refuses the list of users for, and why there is no credential report where there are too many users to
 *   be read one by one
 */
export async function readImpact(question: Question, reach: Reach, mayWait: () => boolean): Promise<Impact> {
  const { stack, name, settings } = question;
  const { iam, clock, caller } = reach;
  const readAt = new Date(clock.now());
  // In mode off nobody is to be held, so that no event is missed; and a trail that the settings make is yet to come.
  const trail = settings.mode === "off" || settings.createTrail ? undefined : reach.checkTrail();
  const { snapshot, report, notRead } = await readUsers(reach, mayWait);
  const details = snapshot.users.map(({ detail }) => detail);
  const guards = findGuards(
    snapshot.groups,
    details.flatMap(({ policies }) => policies),
    { path: stackPath(stack), name },
  );
  const unmatched = unmatchedIn(snapshot, { rules: settings });
  const missingGroups = missingGroupsIn(snapshot.groups, settings);
  const context = {
    iam,
    clock,
    guards: guards.guards,
    rules: settings,
    dryRun: settings.dryRun,
    deadline: settings,
    missingGroups,
    isScopeUnmatched: unmatched.some(isOfTheScope),
    maxReleases: settings.maxReleases,
  };
  const byName = new Map(snapshot.users.map((user) => [user.detail.name, user]));
  /** What the report tells of this very user, and not of an earlier one of the same name. */
  const detailsOf = (name: string) => (byName.get(name)?.row ? report.get(name.toLowerCase()) : undefined);
  const people = judgePeople(await readUnknown(snapshot, guards, reach), context).map((person) => ({
    ...person,
    ...datesOf(detailsOf(person.user)),
  }));
  const subjects = people.flatMap((person): readonly Subject[] => {
    const user = byName.get(person.user);
    return user === undefined ? [] : [{ person, detail: user.detail, details: detailsOf(person.user) }];
  });
  const toGetPast = subjects.map(boundaryToGetPast).filter((arn) => arn !== undefined);
  const [more, boundaries] = await Promise.all([readMore(subjects, reach.more), readBoundaries(iam, toGetPast)]);
  const [, partition] = caller.arn.split(":");
  const evidence: Evidence = {
    ...more,
    notRead: [...notRead, ...more.notRead],
    boundaries,
    usersArn: `arn:${partition}:iam::${caller.accountId}:user`,
    unmatched,
    missingGroups,
    trail: await trail,
    rootHasDevice: snapshot.report?.rootHasDevice,
    mode: settings.mode,
    maxReleases: settings.maxReleases,
    readAt,
  };
  const reportOf = snapshot.report?.generatedAt.toISOString();
  return {
    account: caller.accountId,
    caller: caller.arn,
    stack,
    settings,
    readAt: readAt.toISOString(),
    ...(reportOf !== undefined && { reportOf }),
    deployed: guards.deployed,
    users: people.length,
    before: countPlaces(people, placeBefore),
    after: countPlaces(people, placeAfter),
    changes: countChanges(people),
    people,
    findings: findingsOf(subjects, evidence),
    calls: reach.calls(),
  };
}

/** Reads the users in bulk, and of the credential report what a sweep has no use for too. */
async function readUsers({ iam, clock }: Reach, mayWait: () => boolean): Promise<Reading> {
  let csv = "";
  const keeping: Iam = {
    ...iam,
    getCredentialReport: async () => {
      const report = await iam.getCredentialReport();
      if (typeof report !== "string") csv = report.content;
      return report;
    },
  };
  const snapshot = await takeAccountSnapshot(keeping, clock, mayWait);
  if (snapshot.report === undefined) {
    const why = snapshot.reportFailure ?? "there was no time to wait for it";
    if (snapshot.users.length > MAX_LIVE_READS) throw new Error(`there is no credential report: ${why}`);
    return { snapshot, report: new Map(), notRead: [`the credential report (${why})`] };
  }
  try {
    return { snapshot, report: readReportDetails(csv), notRead: [] };
  } catch (error) {
    return { snapshot, report: new Map(), notRead: [`access keys (${wordsOf(error)})`] };
  }
}

/** Reads live of whom the report does not tell, as a sweep does, as long as they are few. */
async function readUnknown(
  { users }: AccountSnapshot,
  { guards }: DeployedGuards,
  { iam }: Reach,
): Promise<readonly Candidate[]> {
  const unknown = users.filter((user) => possibleStates(user).length > 1).slice(0, MAX_LIVE_READS);
  // The bulk read tells paths and dates as they are.
  const asKnown = {
    guards,
    rules: { onlyUsers: [], onlyPaths: [], onlyGroups: [], exemptUsers: [], exemptPaths: [], exemptGroups: [] },
    deadline: { enforceFrom: "none", graceDays: 0 },
  };
  return Promise.all(
    users.map(async (user): Promise<Candidate> => {
      const { detail } = user;
      const live = unknown.includes(user) ? await readUserOver(iam, detail, asKnown).catch(() => undefined) : undefined;
      return { detail, states: live === undefined ? possibleStates(user) : [live] };
    }),
  );
}

/** What takes further calls, as far as it is of use; what is refused stops nothing. */
async function readMore(
  subjects: readonly Subject[],
  iam: MoreOfIam,
): Promise<Pick<Evidence, "usersWithApps" | "serviceCredentials" | "notRead">> {
  const notRead: string[] = [];
  const attempt = async <T>(isOfUse: boolean, what: string, read: () => Promise<T>): Promise<T | undefined> => {
    if (!isOfUse) return undefined;
    try {
      return await read();
    } catch (error) {
      notRead.push(`${what} (${wordsOf(error)})`);
      return undefined;
    }
  };
  const [usersWithApps, serviceCredentials = []] = await Promise.all([
    attempt(subjects.some(mayLackAnApp), "who has an authenticator app", () => iam.listUsersWithApps()),
    attempt(
      subjects.some(({ person }) => comesUnderGuard(person)),
      "credentials for one service alone",
      () => iam.listServiceCredentials(),
    ),
  ]);
  return { usersWithApps, serviceCredentials, notRead };
}

function datesOf(details: ReportDetails | undefined): Pick<Person, "passwordChangedAt" | "lastUsedAt"> {
  const { passwordChangedAt, passwordUsedAt, usedKeys = [] } = details ?? {};
  const uses = [passwordUsedAt, ...usedKeys.map(({ usedAt }) => usedAt)].filter((date) => date !== undefined);
  const [lastUsedAt] = uses.toSorted((one, other) => other.getTime() - one.getTime());
  return {
    ...(passwordChangedAt && { passwordChangedAt: passwordChangedAt.toISOString() }),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
  };
}

function countPlaces(people: readonly Person[], placeOf: (person: Person) => GuardName | "free"): Places {
  const places = people.map(placeOf);
  const count = (place: GuardName | "free") => places.filter((each) => each === place).length;
  return { free: count("free"), ...guardsOf(count) };
}

const NOBODY: Readonly<Record<Change, number>> = {
  held: 0,
  moved: 0,
  freed: 0,
  none: 0,
  withheld: 0,
  pending: 0,
  unknown: 0,
};

/** Whom something keeps from being freed counts as who stays. */
function countChanges(people: readonly Person[]): Readonly<Record<Change, number>> {
  const counts = { ...NOBODY };
  for (const { change, stoppedBy } of people) counts[stoppedBy === undefined ? change : "none"]++;
  return counts;
}
