import { type Counted, takeCensus } from "./census";
import { type Enforcement, judge, missingGroups, type Outcome, settle } from "./enforce";
import { GUARD_NAMES } from "./guards";
import { inParallel } from "./parallel";
import { isInPlace } from "./plan";
import { groupsNamed, isSameName } from "./scope";
import {
  complaintAbout,
  type Result,
  SweepError,
  type SweepRequest,
  type SweepSummary,
  summarize,
} from "./sweep-summary";
import { throttled } from "./throttle";
import { guardsHolding, readUserOver, type User } from "./user";

/** What a sweep works with beside enforcing. */
export interface Sweeping extends Enforcement {
  /** A scheduled sweep that would free more people frees nobody. */
  readonly maxReleases: number;
  /** Whether there is time for one more user. */
  readonly hasTime: () => boolean;
  /** Starts the next run and does not wait for it. */
  readonly goOn: (request: SweepRequest) => Promise<void>;
  /** Whether no deploy has told the function something else since this run began. */
  readonly isCurrent: () => Promise<boolean>;
}

/** Milliseconds for which a run takes for granted that it is current. */
const FOR_GRANTED = 10_000;

/** Thrown before a write by instructions that a deploy has replaced. */
class SupersededError extends Error {}

/** Calls of one kind a second: below what IAM is known to bear, for the rest of the account calls it too. */
const CALLS_PER_SECOND = 8;

/** Calls of one kind at once, so that a handful of users takes no time. */
const BURST = 40;

/** Users at a time: enough to keep that rate with calls that take two seconds. */
const WIDTH = 16;

/** The most runs of one sweep: nothing that calls itself may go on for ever. */
const MOST_RUNS = 10;

/**
 * Puts everybody in the account where the state says. Whoever seems out of place by the bulk reads is read live before
 * anything is done, because the credential report may be hours old; whoever seems in place costs no call.
 *
 * @param tell is told of each user whom it looked at live
 * @throws SweepError at the end, naming all who failed, or how many releases maxReleases stopped; Error where the census
 *   can't be taken or a group is missing that the settings name, before anything is done
 */
export async function sweep(
  request: SweepRequest,
  sweeping: Sweeping,
  tell: (outcome: Outcome) => void,
): Promise<SweepSummary> {
  const started = sweeping.clock.now();
  const { iam, calls } = throttled(sweeping.iam, CALLS_PER_SECOND, BURST, sweeping.clock);
  const context = untilSuperseded({ ...sweeping, iam });
  const census = await takeCensus(iam, sweeping.clock, sweeping.hasTime);
  confirmGroups(census.groups, sweeping);

  const outOfPlace = census.users.filter((user) => !seemsInPlace(user, sweeping));
  const isHeld = ({ detail }: Counted) => guardsHolding(detail, sweeping.guards).length > 0;
  // Who is held by nothing can't be freed, so that holding them needs no leave of maxReleases.
  const holds = await settleAll(outOfPlace.filter((user) => !isHeld(user)).map(unread), context, tell);
  const everyHeld = outOfPlace.filter(isHeld);
  const held = await readAhead(everyHeld, request, context);
  const releases = held.filter((candidate) => isRelease(candidate, context));
  const stopped = request.by === "schedule" && releases.length > sweeping.maxReleases;
  // Where there was no time to count all releases, none is made: the rest might be too many.
  const mayFree = !stopped && held.length === everyHeld.length;
  const moves = await settleAll(mayFree ? held : held.filter((each) => !releases.includes(each)), context, tell);

  const summary = summarize(request, sweeping, census, [...holds, ...moves], {
    outOfPlace: outOfPlace.length,
    releasesStopped: stopped ? releases.map(({ counted }) => counted.detail.name) : [],
    calls: calls(),
    seconds: Math.round((sweeping.clock.now() - started) / 1000),
  });
  if (summary.left > 0 && request.run < MOST_RUNS) {
    // Nothing is thrown: Lambda would repeat this run beside the next, whose census finds again who failed in this one.
    await sweeping.goOn({ by: request.by, run: request.run + 1 });
    return summary;
  }
  const complaint = complaintAbout(summary, sweeping.maxReleases);
  if (complaint !== undefined) throw new SweepError(complaint, summary);
  return summary;
}

/** A user to settle; `first` is the state as read live at `readAt`, milliseconds since 1970, or "unread". */
interface Candidate {
  readonly counted: Counted;
  readonly first: User | undefined | "unread";
  readonly readAt: number;
}

const unread = (counted: Counted): Candidate => ({ counted, first: "unread", readAt: 0 });

/** Milliseconds after which a state that was read ahead is read again. */
const FRESH = 60_000;

/** Reads the held live where it must be known beforehand how many a sweep would free. */
async function readAhead(
  held: readonly Counted[],
  { by }: SweepRequest,
  { iam, clock, hasTime, maxReleases }: Sweeping,
): Promise<readonly Candidate[]> {
  if (by === "deploy" || held.length <= maxReleases) return held.map(unread);
  return inParallel(held, WIDTH, hasTime, async (counted) => {
    const first = await readUserOver(iam, counted.detail).catch(() => "unread" as const);
    return { counted, first, readAt: clock.now() };
  });
}

/** Whether settling would free the user; of who is not read, or could not be, it may. */
function isRelease({ first }: Candidate, sweeping: Sweeping): boolean {
  if (first === "unread") return true;
  if (first === undefined) return false;
  const { decision } = judge(first, sweeping);
  return decision?.decision === "free" && guardsHolding(first, sweeping.guards).length > 0;
}

/** Settles users until there is no more time; one user's failure stops nobody. */
async function settleAll(
  candidates: readonly Candidate[],
  sweeping: Superseding,
  tell: (outcome: Outcome) => void,
): Promise<readonly Result[]> {
  const results = await inParallel(candidates, WIDTH, sweeping.hasTime, async (candidate) => {
    const { detail } = candidate.counted;
    try {
      const outcome = await settleOne(candidate, sweeping);
      tell(outcome);
      return { user: detail.name, outcome };
    } catch (error) {
      if (error instanceof SupersededError) return undefined;
      return { user: detail.name, failure: error instanceof Error ? error.message : String(error) };
    }
  });
  return results.filter((result) => result !== undefined);
}

async function settleOne({ counted, first, readAt }: Candidate, sweeping: Superseding): Promise<Outcome> {
  const { detail } = counted;
  const isFresh = first !== "unread" && sweeping.clock.now() - readAt < FRESH;
  const user = isFresh ? first : await readUserOver(sweeping.iam, detail);
  return settle(detail.name, user, { ...sweeping, lagging: false });
}

/** Sweeping that stops once a deploy has replaced what it goes by. */
interface Superseding extends Sweeping {
  /** Throws {@link SupersededError}. */
  readonly beforeWriting: () => Promise<void>;
}

/**
 * A run goes by what the function was told as it began, for up to a quarter of an hour. So before a write it asks, now
 * and then, whether that is still so; if not, it has no more time, and the rest is left to a run that goes by the new.
 */
function untilSuperseded(sweeping: Sweeping): Superseding {
  const { clock, hasTime, isCurrent } = sweeping;
  let current = Promise.resolve(true);
  let askedAt = clock.now();
  let isSuperseded = false;
  return {
    ...sweeping,
    hasTime: () => !isSuperseded && hasTime(),
    beforeWriting: async () => {
      if (clock.now() - askedAt >= FOR_GRANTED) {
        askedAt = clock.now();
        // People are to be held whether Lambda answers or not.
        current = isCurrent().catch(() => true);
      }
      isSuperseded ||= !(await current);
      if (isSuperseded) throw new SupersededError("a deploy has replaced this run's instructions");
    },
  };
}

/** The states that a user may be in: the one that the report tells, or where it tells none with certainty, all. */
function possibleStates({ detail, row }: Counted): readonly User[] {
  const state = (password: boolean, device: boolean): User => {
    return { ...detail, password, devices: device ? ["a device"] : [], datedAt: undefined };
  };
  return row === undefined
    ? [state(false, false), state(false, true), state(true, false), state(true, true)]
    : [state(row.password, row.device)];
}

function seemsInPlace(counted: Counted, sweeping: Sweeping): boolean {
  return possibleStates(counted).every((user) => {
    const { plan, withheld } = judge(user, sweeping);
    return isInPlace(plan) && !withheld;
  });
}

function confirmGroups(known: readonly string[], { rules, guards }: Sweeping): void {
  const isMissing = (group: string) => !known.some((name) => isSameName(name, group));
  const goneGuards = GUARD_NAMES.filter((name) => isMissing(guards[name].group));
  if (goneGuards.length > 0) {
    throw new Error(`the group of the guard ${goneGuards.join(", ")} is gone; pulumi up --refresh makes it anew`);
  }
  const missing = groupsNamed(rules).filter(isMissing);
  if (missing.length > 0) throw missingGroups(missing);
}
