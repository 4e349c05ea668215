import { GUARD_NAMES } from "../../core/guards";
import { missingInWords } from "../../core/missing-groups";
import { isSameName } from "../../core/names";
import { isInPlace } from "../../core/plan";
import { groupsNamed } from "../../core/scope";
import type { SweepRequest } from "../../core/sweep-request";
import { guardsHolding, type User } from "../../core/user";
import { readUserOver } from "../iam/read-user";
import { throttled } from "../iam/throttle";
import { type HandlerContext, judge, type Outcome, reconcile, SupersededError } from "../reconcile";
import { type SnapshotUser, takeAccountSnapshot } from "./account-snapshot";
import { inParallel } from "./parallel";
import { complaintAbout, type Result, SweepError, type SweepSummary, summarize } from "./sweep-summary";

/** What a sweep works with beside reconciling. */
export interface SweepContext extends HandlerContext {
  /** A scheduled sweep that would free more people frees nobody. */
  readonly maxReleases: number;
  /** Whether there is time for one more user. */
  readonly hasTime: () => boolean;
  /** Starts the next run and does not wait for it. */
  readonly startNextRun: (request: SweepRequest) => Promise<void>;
  /** Whether no deploy has told the function something else since this run began. */
  readonly isCurrent: () => Promise<boolean>;
}

/** A run asks at most this often whether it is still current. */
const CURRENCY_CHECK_INTERVAL_MS = 10_000;

/** Calls of one kind a second: below what IAM is known to bear, for the rest of the account calls it too. */
const CALLS_PER_SECOND = 8;

/** So many calls of one kind go out at once, so that a handful of users takes no time. */
const BURST_CALLS = 40;

/** Enough to keep that rate with calls that take two seconds. */
const USERS_AT_ONCE = 16;

/** The most runs of one sweep: nothing that calls itself may go on for ever. */
const MAX_RUNS = 10;

/**
 * Puts everybody in the account where the state says. Whoever seems out of place by the bulk reads is read live before
 * anything is done, because the credential report may be hours old; whoever seems in place costs no call.
 *
 * @param tell is told of each user whom it looked at live
 * @throws SweepError at the end, naming all who failed, or how many releases maxReleases stopped; Error where the
 *   account can't be read or a group is missing that the settings name, before anything is done
 */
export async function sweep(
  request: SweepRequest,
  given: SweepContext,
  tell: (outcome: Outcome) => void,
): Promise<SweepSummary> {
  const { clock, guards, maxReleases } = given;
  const started = clock.now();
  const { iam, calls } = throttled(given.iam, CALLS_PER_SECOND, BURST_CALLS, clock);
  const context = untilSuperseded({ ...given, iam });
  const snapshot = await takeAccountSnapshot(iam, clock, given.hasTime);
  confirmGroups(snapshot.groups, context);

  const outOfPlace = snapshot.users.filter((user) => !seemsInPlace(user, context));
  const isHeld = ({ detail }: SnapshotUser) => guardsHolding(detail, guards).length > 0;
  // Who is held by nothing can't be freed, so that holding them needs no leave of maxReleases.
  const holds = await reconcileAll(outOfPlace.filter((user) => !isHeld(user)).map(unread), context, tell);
  const everyHeld = outOfPlace.filter(isHeld);
  const held = await readAhead(everyHeld, request, context);
  const releases = held.filter((candidate) => isRelease(candidate, context));
  const stopped = request.by === "schedule" && releases.length > maxReleases;
  // Where there was no time to count all releases, none is made: the rest might be too many.
  const mayFree = !stopped && held.length === everyHeld.length;
  const moves = await reconcileAll(mayFree ? held : held.filter((each) => !releases.includes(each)), context, tell);

  const summary = summarize(request, context, snapshot, [...holds, ...moves], {
    outOfPlace: outOfPlace.length,
    releasesStopped: stopped ? releases.map(({ user }) => user.detail.name) : [],
    startedAt: new Date(started).toISOString(),
    calls: calls(),
    seconds: Math.round((clock.now() - started) / 1000),
  });
  if (summary.left > 0 && request.run < MAX_RUNS) {
    // Nothing is thrown: Lambda would repeat this run beside the next, whose snapshot finds again who failed in this one.
    await context.startNextRun({ by: request.by, run: request.run + 1 });
    return summary;
  }
  const complaint = complaintAbout(summary, maxReleases);
  if (complaint !== undefined) throw new SweepError(complaint, summary);
  return summary;
}

/** A user to reconcile; `first` is the state as read live at `readAt`, milliseconds since 1970, or "unread". */
interface Candidate {
  readonly user: SnapshotUser;
  readonly first: User | undefined | "unread";
  readonly readAt: number;
}

const unread = (user: SnapshotUser): Candidate => ({ user, first: "unread", readAt: 0 });

/** A state that was read ahead longer ago is read again. */
const READ_AHEAD_MAX_AGE_MS = 60_000;

/** Reads the held live where it must be known beforehand how many a sweep would free. */
async function readAhead(
  held: readonly SnapshotUser[],
  { by }: SweepRequest,
  { iam, rules, clock, hasTime, maxReleases }: SweepContext,
): Promise<readonly Candidate[]> {
  if (by === "deploy" || held.length <= maxReleases) return held.map(unread);
  return inParallel(held, USERS_AT_ONCE, hasTime, async (user) => {
    const first = await readUserOver(iam, user.detail, rules).catch(() => "unread" as const);
    return { user, first, readAt: clock.now() };
  });
}

/** Whether reconciling would free the user; of who is not read, or could not be, it may. */
function isRelease({ first }: Candidate, context: SweepContext): boolean {
  if (first === "unread") return true;
  if (first === undefined) return false;
  const { decision } = judge(first, context);
  return decision?.decision === "free" && guardsHolding(first, context.guards).length > 0;
}

/** Reconciles users until there is no more time; one user's failure stops nobody. */
async function reconcileAll(
  candidates: readonly Candidate[],
  context: RunContext,
  tell: (outcome: Outcome) => void,
): Promise<readonly Result[]> {
  const results = await inParallel(candidates, USERS_AT_ONCE, context.hasTime, async (candidate) => {
    const { detail } = candidate.user;
    try {
      const outcome = await reconcileOne(candidate, context);
      tell(outcome);
      return { user: detail.name, outcome };
    } catch (error) {
      if (error instanceof SupersededError) return undefined;
      return { user: detail.name, failure: error instanceof Error ? error.message : String(error) };
    }
  });
  return results.filter((result) => result !== undefined);
}

async function reconcileOne(candidate: Candidate, context: RunContext): Promise<Outcome> {
  const { first, readAt } = candidate;
  const { detail } = candidate.user;
  const isFresh = first !== "unread" && context.clock.now() - readAt < READ_AHEAD_MAX_AGE_MS;
  const user = isFresh ? first : await readUserOver(context.iam, detail, context.rules);
  return reconcile(detail.name, user, { ...context, lagging: false });
}

/** The context of a run, which stops once a deploy has replaced its instructions. */
interface RunContext extends SweepContext {
  /** Throws {@link SupersededError}. */
  readonly beforeWriting: () => Promise<void>;
}

/**
 * A run goes by the instructions that the function had as it began, for up to a quarter of an hour. So before a write it
 * asks, now and then, whether the function still has them; if not, it has no more time and leaves the rest to a run that
 * goes by the new ones.
 */
function untilSuperseded(context: SweepContext): RunContext {
  const { clock, hasTime, isCurrent } = context;
  let current = Promise.resolve(true);
  let askedAt = clock.now();
  let isSuperseded = false;
  return {
    ...context,
    hasTime: () => !isSuperseded && hasTime(),
    beforeWriting: async () => {
      if (clock.now() - askedAt >= CURRENCY_CHECK_INTERVAL_MS) {
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
function possibleStates({ detail, row }: SnapshotUser): readonly User[] {
  const state = (password: boolean, device: boolean): User => {
    return { ...detail, password, devices: device ? ["a device"] : [], datedAt: undefined };
  };
  return row === undefined
    ? [state(false, false), state(false, true), state(true, false), state(true, true)]
    : [state(row.password, row.device)];
}

function seemsInPlace(user: SnapshotUser, context: SweepContext): boolean {
  return possibleStates(user).every((state) => {
    const { plan, withheld } = judge(state, context);
    return isInPlace(plan) && !withheld;
  });
}

function confirmGroups(known: readonly string[], { rules, guards }: SweepContext): void {
  const isMissing = (group: string) => !known.some((name) => isSameName(name, group));
  const goneGuards = GUARD_NAMES.filter((name) => isMissing(guards[name].group));
  if (goneGuards.length > 0) {
    throw new Error(`the group of the guard ${goneGuards.join(", ")} is gone; pulumi up --refresh makes it anew`);
  }
  const missing = groupsNamed(rules).filter(isMissing);
  if (missing.length > 0) throw new Error(`${missingInWords(missing)}; nobody was moved`);
}
