import type { GuardName } from "../core/guards";
import type { Evidence, Run, Write } from "./evidence";
import { GUARDS, isGuardsGroup } from "./guards";
import { heldBy, type Moment, type Person, personNamed } from "./model";
import { afterSweep, guardsInUse, hasRoom, isDue, type Place, rightPlace } from "./oracle";

/** Something that must never be, in words that tell who, what and when. */
type Violations = readonly string[];

/** A read may show a state that is so old, and a moment more for the call's own way. */
const OLDEST_READ_MS = 5_000 + 1_000;

/** What must hold of every history, by name. */
const INVARIANTS = {
  "after quiet and one sweep everyone is where the table says": everyoneIsInPlace,
  "nobody is moved against a state that held throughout": nobodyIsMovedAgainstTheState,
  "where before and after hold there is no moment without a guard": noMomentWithoutGuard,
  "nobody new is held by a dry run, or before it is due": nobodyIsHeldEarly,
  "an event that was carried out leaves its user in place": eventsAreCarriedOut,
  "every failure is thrown, queued or told": failuresAreTold,
  "the second sweep writes nothing": secondSweepWritesNothing,
  "no call names nothing, or what is no name": callsNameSomething,
  "after a sweep the guards in use have their policies": guardsAreWhole,
} as const satisfies Readonly<Record<string, (evidence: Evidence) => Violations>>;

export type InvariantName = keyof typeof INVARIANTS;

/** All that does not hold of a history: by the invariant's name, in words. */
export function violationsOf(evidence: Evidence): readonly { readonly invariant: string; readonly what: string }[] {
  const { modelDiffers } = evidence;
  if (modelDiffers !== undefined) return [{ invariant: "the model is the account", what: modelDiffers }];
  return Object.entries(INVARIANTS).flatMap(([invariant, check]) =>
    check(evidence).map((what) => ({ invariant, what })),
  );
}

function everyoneIsInPlace({ last }: Evidence): Violations {
  const { before, at, after, runs, settings } = last;
  return afterSweep(before, at, settings).flatMap(({ person, places, toBeNamed }) => {
    const now = after.people.get(person.id);
    const guards = now === undefined ? [] : heldBy(now, after);
    const stands: readonly Place[] = guards.length === 0 ? ["free"] : guards;
    const isRight = stands.length === 1 && stands.every((place) => places.includes(place));
    // Who stays as they were stays under each guard that held them.
    const stood = heldBy(person, before);
    const stays = places.length > 1 && stands.length === stood.length && stood.every((guard) => stands.includes(guard));
    if (!isRight && !stays) {
      return [`${inWords(person)} stands in ${stands.join(" and ")}, and belongs in ${places.join(" or ")}`];
    }
    const isNamed = runs.some(({ lines }) => lines.some((line) => namesAsFailure(line, person.name)));
    const wanted = rightPlace(person, before, settings);
    return toBeNamed && !stands.includes(wanted) && !isNamed
      ? [`${inWords(person)} can't be put into ${wanted}, and the sweep does not say so`]
      : [];
  });
}

function namesAsFailure(line: Readonly<Record<string, unknown>>, name: string): boolean {
  return line["level"] === "ERROR" && JSON.stringify(line).toLowerCase().includes(name.toLowerCase());
}

/** Whether a user stands where the table says as a run ends, or is not there any more. */
function isInPlaceAfter({ moments }: Evidence, run: Run, id: string | undefined): boolean {
  const end = moments.findLast(({ since }) => since <= run.endedAt);
  const person = id === undefined ? undefined : end?.people.get(id);
  if (end === undefined || person === undefined) return true;
  return isInPlace(person, end, run.settings);
}

/** Whether a user stands where the table says, and nowhere else. */
function isInPlace(person: Person, moment: Moment, settings: Run["settings"]): boolean {
  const guards = heldBy(person, moment);
  const place = rightPlace(person, moment, settings);
  return guards.length === (place === "free" ? 0 : 1) && guards.every((guard) => guard === place);
}

/** Whether a sweep's run that another goes on with names a user among its failures. */
function isLeftToNextRun({ level, summary }: Readonly<Record<string, unknown>>, name: string): boolean {
  const failures: unknown = Object(summary)["failures"];
  return (
    level === "WARN" &&
    JSON.stringify(failures ?? [])
      .toLowerCase()
      .includes(`"${name.toLowerCase()}: `)
  );
}

function nobodyIsMovedAgainstTheState(evidence: Evidence): Violations {
  return eachWrite(evidence, (run, write) => {
    const places = placesDuring(evidence, run, write);
    const [place, another] = [...new Set(places)];
    if (place === undefined || place === "unknown" || another !== undefined) return [];
    const isAgainst = isWayIn(write) ? write.guard !== place : write.guard === place;
    return isAgainst && !isWayBack(evidence, run, write, place)
      ? [`${write.call} of ${write.guard}, while ${place} was right throughout`]
      : [];
  });
}

/**
 * Whether a write takes back a way out that was taken while its run was under way: at full quotas, where the new guard has
 * refused. Of two runs at once each may take back what the other did.
 */
function isWayBack(evidence: Evidence, run: Run, write: Write, place: Place): boolean {
  if (place === "free") return false;
  const hadNoRoom = momentsDuring(evidence, run, write).some((moment) => {
    const person = moment.people.get(write.user);
    return person !== undefined && !hasRoom(person, place, moment);
  });
  const isOut = (other: Write) =>
    other.user === write.user &&
    other.guard === write.guard &&
    !isWayIn(other) &&
    other.moment < write.moment &&
    other.at >= run.startedAt;
  return hadNoRoom && evidence.runs.some(({ writes }) => writes.some(isOut));
}

function noMomentWithoutGuard(evidence: Evidence): Violations {
  return eachWrite(evidence, (run, write) => {
    if (isWayIn(write)) return [];
    const [before, after] = around(evidence, write);
    const person = before.people.get(write.user);
    const left = after.people.get(write.user);
    if (person === undefined || left === undefined || heldBy(left, after).length > 0) return [];
    const places = placesDuring(evidence, run, write);
    const guards = places.flatMap((place) => (place === "free" || place === "unknown" ? [] : [place]));
    if (guards.length < places.length) return [];
    // Where nothing has room only the way out makes some; a guard's group may have come back since the run looked.
    const seen = momentsDuring(evidence, run, write);
    const hadNoRoom = (guard: GuardName) => seen.some((moment) => !hasRoom(person, guard, moment));
    if (guards.some((guard) => hadNoRoom(guard) && hasRoom(left, guard, after))) return [];
    // What this run had put the user into another hand has taken away again.
    const wayIn = run.writes.findLast(
      (other) => other.user === write.user && other.moment < write.moment && isWayIn(other),
    );
    const since = wayIn === undefined ? [] : evidence.moments.slice(wayIn.moment, write.moment);
    const wasTakenAway = since.some((moment) => {
      const them = moment.people.get(write.user);
      return wayIn !== undefined && them !== undefined && !heldBy(them, moment).includes(wayIn.guard);
    });
    return wasTakenAway ? [] : [`${write.call} of ${write.guard} leaves nobody's hold on who is to be held throughout`];
  });
}

function nobodyIsHeldEarly(evidence: Evidence): Violations {
  return eachWrite(evidence, (run, write) => {
    if (!isWayIn(write)) return [];
    const { settings } = run;
    const window = momentsDuring(evidence, run, write);
    const wasHeld = window.some((moment) => {
      const person = moment.people.get(write.user);
      return person !== undefined && heldBy(person, moment).length > 0;
    });
    const person = around(evidence, write)[0].people.get(write.user);
    if (wasHeld || person === undefined) return [];
    if (settings.dryRun) return [`${write.call} of ${write.guard} in a dry run, of whom nobody held`];
    // A read may show the date of another user who bore the name seconds before.
    if (window.some((moment) => (personNamed(moment, person.name)?.id ?? person.id) !== person.id)) return [];
    return isDue(person, write.at, settings) ? [] : [`${write.call} of ${write.guard} before it is due`];
  });
}

function eventsAreCarriedOut(evidence: Evidence): Violations {
  return evidence.runs.flatMap((run) => {
    if (run.of !== "event" || run.user === undefined || run.ended !== "returned") return [];
    if (run.overlapped || run.sawOld || run.lines.some((line) => line["lagging"] === true)) return [];
    const window = momentsBetween(evidence, run.startedAt - OLDEST_READ_MS, run.endedAt);
    const end = window[window.length - 1];
    const person = end === undefined ? undefined : personNamed(end, run.user);
    if (end === undefined || person === undefined) return [];
    const constant = window.every((moment) => {
      const then = moment.people.get(person.id);
      return (
        then !== undefined &&
        then.name === person.name &&
        rightPlace(then, moment, run.settings) === rightPlace(person, end, run.settings)
      );
    });
    if (!constant || window.some((moment) => moment.groups !== end.groups)) return [];
    // What a hand did after the run had looked comes by an event of its own.
    if (isMovedByHand(evidence, run, person.id)) return [];
    const place = rightPlace(person, end, run.settings);
    const guards = heldBy(person, end);
    const isHeldBack = guards.length === 0 && (run.settings.dryRun || !isDue(person, run.startedAt, run.settings));
    return isInPlace(person, end, run.settings) ||
      isHeldBack ||
      !run.lines.some((line) => "action" in line && line["action"] !== "ignored" && line["action"] !== "verified")
      ? []
      : [
          `run ${run.id} (${JSON.stringify(run.lines.map(({ call, action }) => [call, action]))}) leaves ${inWords(person)} in ${guards.join(" and ") || "free"}, and ${place} is right`,
        ];
  });
}

function failuresAreTold(evidence: Evidence): Violations {
  return evidence.runs.flatMap((run) => {
    const has = (matches: (line: Readonly<Record<string, unknown>>) => boolean) => run.lines.some(matches);
    const isFailure = has((line) => line["level"] === "ERROR" || line["action"] === "superseded");
    const silent: string[] = [];
    if (run.ended === "threw" && !isFailure) silent.push(`run ${run.id} threw ${run.error} and logged no error`);
    if (run.ended === "killed") return silent;
    if (run.notTaken > 0 && !has((line) => line["finding"] === "not-told")) {
      silent.push(`EventBridge took ${run.notTaken} events of run ${run.id} not, and it does not say so`);
    }
    // Who was renamed meanwhile may have been written under the new name, and whom another run has put into place needs
    // no write any more.
    const isExplained = ({ name, id }: Run["denied"][number]) =>
      run.ended === "threw" ||
      has((line) => namesAsFailure(line, name) || isLeftToNextRun(line, name)) ||
      run.writes.some(({ user }) => user === id) ||
      isInPlaceAfter(evidence, run, id);
    const unexplained = run.denied.filter((each) => !isExplained(each)).map(({ name }) => name);
    for (const name of new Set(unexplained))
      silent.push(`run ${run.id} was denied a write of ${name} and does not say so`);
    return silent;
  });
}

function secondSweepWritesNothing({ last }: Evidence): Violations {
  return last.again.flatMap(({ writes }) => writes.map(({ call, guard, user }) => `${call} of ${guard}, user ${user}`));
}

function callsNameSomething({ runs }: Evidence): Violations {
  return runs.flatMap(({ id, misnamed }) => misnamed.map((call) => `run ${id}: ${call}`));
}

function guardsAreWhole({ last: { after, settings } }: Evidence): Violations {
  return guardsInUse(settings).flatMap((guard) => {
    const group = after.groups.get(GUARDS[guard].group.toLowerCase());
    if (group === undefined || !isGuardsGroup(`arn:aws:iam::123456789012:group${group.path}${group.name}`)) return [];
    return group.policies.includes(GUARDS[guard].policyArn.toLowerCase()) ? [] : [`${guard} is without its policy`];
  });
}

/** Judges each write of each run; what it says is told with the write's user and run. */
function eachWrite(evidence: Evidence, judge: (run: Run, write: Write) => Violations): Violations {
  return evidence.runs.flatMap((run) =>
    run.writes.flatMap((write) => {
      const person = around(evidence, write)[0].people.get(write.user);
      const who = person === undefined ? write.user : inWords(person);
      return judge(run, write).map((what) => `${who}, run ${run.id} (${run.of}): ${what}`);
    }),
  );
}

/** Whether a write puts its user under a guard; the others take the user out of one. */
function isWayIn({ call }: Write): boolean {
  return call === "AddUserToGroup" || call === "AttachUserPolicy";
}

/** The moments before a write and after it. */
function around({ moments }: Evidence, { moment }: Write): readonly [Moment, Moment] {
  const before = moments[moment - 1];
  const after = moments[moment];
  if (before === undefined || after === undefined) throw new Error("a write without a moment");
  return [before, after];
}

/** Whether a user's guards changed while a run was under way, by another write than its own. */
function isMovedByHand({ moments }: Evidence, run: Run, id: string): boolean {
  const guardsAt = (index: number): string => {
    const moment = moments[index];
    const person = moment?.people.get(id);
    return moment === undefined || person === undefined ? "" : heldBy(person, moment).join();
  };
  const first = moments.findLastIndex(({ since }) => since <= run.startedAt);
  return moments.some(
    ({ since }, index) =>
      index > first &&
      since <= run.endedAt &&
      guardsAt(index - 1) !== guardsAt(index) &&
      !run.writes.some(({ moment }) => moment === index),
  );
}

/** The moments from some time on, until another. */
function momentsBetween({ moments }: Evidence, from: number, to: number): readonly Moment[] {
  const first = moments.findLastIndex(({ since }) => since <= from);
  const end = moments.findIndex(({ since }) => since > to);
  return moments.slice(Math.max(first, 0), end === -1 ? undefined : end);
}

/** The moments that a write's run may have seen by then. */
function momentsDuring(evidence: Evidence, run: Run, { moment }: Write): readonly Moment[] {
  const first = evidence.moments.findLastIndex(({ since }) => since <= run.startedAt - OLDEST_READ_MS);
  return evidence.moments.slice(Math.max(first, 0), moment);
}

/** Where the user of a write belonged in the moments that its run may have seen; unknown where the name was another's. */
function placesDuring(evidence: Evidence, run: Run, write: Write): readonly (Place | "unknown")[] {
  const name = around(evidence, write)[0].people.get(write.user)?.name ?? "";
  return momentsDuring(evidence, run, write).map((moment) => {
    const person = personNamed(moment, name);
    return person?.id === write.user ? rightPlace(person, moment, run.settings) : "unknown";
  });
}

function inWords({ name, password, devices, path, groups, policies }: Person): string {
  return `${name} (${password ? "a password" : "no password"}, ${devices.length} devices, ${path}, groups ${groups.join(" ") || "none"}, policies ${policies.map((arn) => arn.slice(arn.lastIndexOf("/") + 1)).join(" ") || "none"})`;
}
