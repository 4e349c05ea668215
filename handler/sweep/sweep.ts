import { guardsOfRules } from "../../core/decide";
import type { GuardFault } from "../../core/guard-state";
import { GUARD_NAMES, type GuardName, withoutGroups } from "../../core/guards";
import { isSameName } from "../../core/names";
import { isInPlace } from "../../core/plan";
import { groupsNamed } from "../../core/scope";
import type { Rules } from "../../core/settings";
import type { SweepRequest } from "../../core/sweep-request";
import { isOfTheScope, type UnmatchedEntry, unmatchedEntries } from "../../core/unmatched";
import { guardsHolding, isHeldBy } from "../../core/user";
import { wordsOf } from "../../core/words-of";
import type { GroupDetail, UserDetail } from "../iam/iam";
import { throttled } from "../iam/throttle";
import { judge, type Outcome } from "../reconcile";
import { confirm, findFaults, mendGuards, readGuard } from "../verify-guards";
import {
  type AccountSnapshot,
  possibleStates,
  readAccount,
  type SnapshotUser,
  takeAccountSnapshot,
} from "./account-snapshot";
import { type AttendContext, type Attended, attendToAll, lookAgain, settleAll } from "./attend";
import { type Complaint, complaintAbout } from "./findings";
import { shuffled } from "./parallel";
import { certainlyPending, distrustingReport } from "./pending";
import { leaveToFree, type ReleaseContext } from "./releases";
import { type RunContext, untilSuperseded } from "./superseded";
import type { SweepContext } from "./sweep-context";
import { type SweepSummary, summarize } from "./sweep-summary";
import { groupInSnapshot, guardInSnapshot, policiesElsewhere } from "./verify-snapshot";

/** Of each kind of call: below what IAM is known to bear, for the rest of the account calls it too. */
const RATE = { perSecond: 8, burst: 40 };

/** The most runs of one sweep: nothing that calls itself may go on for ever. */
const MAX_RUNS = 10;

/** What part of a run's time may go into looking at those in quarantine who seem to be in place. */
const SHARE_FOR_QUARANTINE = 1 / 4;

/** What a run comes to. */
export interface SweepResult {
  readonly summary: SweepSummary;
  /** What falls short, if anything. What another run will find again is left to that. */
  readonly complaint: Complaint | undefined;
  /** The run that is to go on with whoever is left. */
  readonly next: SweepRequest | undefined;
}

/**
 * Puts everybody in the account where the state says. Whoever seems out of place by the bulk reads is read live before
 * anything is done, because the credential report may be hours old. Whoever seems in place costs no call, but those in
 * quarantine: for them a lost event is a lock-in, which the report may go on hiding until it expires.
 *
 * Guards are verified on the way, and the trail is looked for. Releases come last, when it is known how many there are.
 *
 * @param tell is told of each user who was read live and was not found in place
 * @throws Error where the account can't be read, before anything is done
 */
export async function sweep(
  request: SweepRequest,
  given: SweepContext,
  tell: (outcome: Outcome) => void,
): Promise<SweepResult> {
  const { clock, secondsLeft, maxReleases, sweepEverySeconds } = given;
  const started = clock.now();
  const lookUntil = started + secondsLeft() * 1000 * SHARE_FOR_QUARANTINE;
  const { iam, calls } = throttled(given.iam, RATE, clock, secondsLeft);
  const run = untilSuperseded({ ...given, iam });
  const asReported = await takeAccountSnapshot(iam, clock, run.hasTime);
  const snapshot = distrustingReport(asReported, run);
  const unmatched = unmatchedIn(snapshot, run);
  const context = { ...inView(run, snapshot, unmatched), tell };
  // Beside all that follows. In mode off nobody is to be held, so that no event is missed.
  const trail = request.run === 1 && run.rules.mode !== "off" ? run.checkTrail() : undefined;
  const guards = await verifyGuards(request, snapshot, run);

  const isHeld = ({ detail }: SnapshotUser) => guardsHolding(detail, context.guards).length > 0;
  const pending = snapshot.users.flatMap((user) => certainlyPending(user, context));
  const pendingNames = new Set(pending.map(({ user }) => user));
  const outOfPlace = snapshot.users.filter(
    (user) => !pendingNames.has(user.detail.name) && !seemsInPlace(user, context),
  );
  // A deploy hears of them in its first run, which has no time to read so many.
  const tooMany = request.by === "deploy" && request.run === 1 ? tooManyReleases(outOfPlace, context) : [];
  const toAttend = outOfPlace.filter((user) => !tooMany.includes(user));
  // Who is to be held comes first, being free meanwhile.
  const inOrder = [...toAttend.filter((user) => !isHeld(user)), ...toAttend.filter(isHeld)];
  const attended = await attendToAll(
    inOrder.map(({ detail }) => detail),
    context,
  );
  const mayLook = () => context.hasTime() && clock.now() < lookUntil;
  const looked = await lookAgain(quarantinedIn(snapshot, outOfPlace, context), context, mayLook);
  const settled = await followRenamed([...attended, ...looked], context);

  const done = new Set(settled.map(({ detail }) => detail.id));

  const releases = settled.filter((each) => "leave" in each && each.leave === "if they are few");
  const isStopped = tooMany.length > 0 || releases.length > maxReleases;
  // Where there was no time for everybody nobody is freed, for the rest might be too many.
  const mayFree = !isStopped && toAttend.every(({ detail }) => done.has(detail.id));
  const freed = mayFree
    ? await settleAll(
        releases.map(({ detail }) => detail),
        context,
      )
    : [];

  const summary = summarize(request, context, asReported, {
    attended: [...settled.filter((each) => !releases.includes(each)), ...freed],
    releasesStopped: isStopped ? [...tooMany, ...releases].map(({ detail }) => detail.name) : [],
    ...(tooMany.length > 0 && snapshot.report && { releasesByReportOf: snapshot.report.generatedAt.toISOString() }),
    left:
      toAttend.filter(({ detail }) => !done.has(detail.id)).length + (isStopped ? 0 : releases.length - freed.length),
    pending,
    unmatched,
    guards: { reattached: guards.reattached, broken: await guards.confirmBroken() },
    ...(trail && { trail: await trail }),
    calls: calls(),
    started,
    ended: clock.now(),
  });
  const firstRunAt = request.firstRunAt ?? started;
  const isNextSweepDue = clock.now() >= firstRunAt + sweepEverySeconds * 1000;
  return summary.left === 0 || request.run >= MAX_RUNS || isNextSweepDue
    ? { summary, complaint: complaintAbout(summary, maxReleases), next: undefined }
    : {
        summary,
        complaint: complaintAbout({ ...summary, left: 0, failures: [] }, maxReleases),
        next: { by: request.by, run: request.run + 1, firstRunAt },
      };
}

/** What the account looks like through the eyes of the rules. */
function inView(run: RunContext, { groups }: AccountSnapshot, unmatched: readonly UnmatchedEntry[]) {
  const { guards, rules } = run;
  const goneGuards = GUARD_NAMES.filter((name) => groupInSnapshot(guards[name], groups).group !== "ours");
  return {
    ...run,
    guards: withoutGroups(guards, goneGuards),
    missingGroups: missingGroupsIn(groups, rules),
    isScopeUnmatched: unmatched.some(isOfTheScope),
  };
}

/** Groups that the rules name and the account does not have; none in mode off, which frees everybody whatever they are. */
export function missingGroupsIn(groups: readonly GroupDetail[], rules: Rules): readonly string[] {
  if (rules.mode === "off") return [];
  return groupsNamed(rules).filter((group) => !groups.some(({ name }) => isSameName(name, group)));
}

/** The entries of the scope and of the exemptions that match nobody in the account. */
export function unmatchedIn(
  { users, groups }: AccountSnapshot,
  { rules }: Pick<SweepContext, "rules">,
): readonly UnmatchedEntry[] {
  return unmatchedEntries(
    rules,
    users.map(({ detail }) => detail),
    groups.map(({ name }) => name),
  );
}

/** What is known of the guards, and what of it is confirmed at the end. */
interface Verification {
  readonly reattached: readonly GuardName[];
  readonly confirmBroken: () => Promise<readonly GuardFault[]>;
}

/** Verifies the guards that the rules use or that hold somebody, in a sweep's first run. */
async function verifyGuards(request: SweepRequest, snapshot: AccountSnapshot, run: RunContext): Promise<Verification> {
  if (request.run > 1) return { reattached: [], confirmBroken: async () => [] };
  const { iam, guards, rules } = run;
  const { users, groups } = snapshot;
  const inUse = GUARD_NAMES.filter(
    (name) => guardsOfRules(rules).includes(name) || users.some(({ detail }) => isHeldBy(detail, guards[name])),
  );
  const findElsewhere = (all: readonly GroupDetail[]) => {
    // A deploy that replaces a group takes the old one away when this run is over.
    return request.by === "deploy" ? [] : policiesElsewhere(guards, all);
  };
  const faults = await findFaults(inUse, (ref) => guardInSnapshot(ref, groups, iam), run);
  const look = await mendGuards([...faults, ...findElsewhere(groups)], run);
  const elsewhere = look.suspected.filter(({ fault }) => fault === "policy-elsewhere");
  const findElsewhereAgain = async (): Promise<readonly GuardFault[]> =>
    // Where the groups can't be read again, what was seen of them stands.
    readAccount(iam).then(
      (account) => findElsewhere(account.groups),
      () => elsewhere,
    );
  const findAgain = async () => [
    ...(await findFaults(inUse, (ref) => readGuard(iam, ref), run)),
    ...(elsewhere.length === 0 ? [] : await findElsewhereAgain()),
  ];
  return { reattached: look.reattached, confirmBroken: () => confirm(look, findAgain, run) };
}

function seemsInPlace(user: SnapshotUser, context: SweepContext): boolean {
  return possibleStates(user).every((state) => {
    const { plan, withheld, due } = judge(state, context);
    return isInPlace(plan) && !withheld && due === undefined;
  });
}

/** Whom the snapshot alone shows as free, where they are more than may be freed. */
function tooManyReleases(
  users: readonly SnapshotUser[],
  context: ReleaseContext & Pick<SweepContext, "maxReleases">,
): readonly SnapshotUser[] {
  const releases = users.filter(({ detail, row }) => {
    const [state, ...others] = possibleStates({ detail, row });
    return state !== undefined && others.length === 0 && leaveToFree(state, context) === "if they are few";
  });
  return releases.length > context.maxReleases ? releases : [];
}

/** Who is in quarantine and seems to belong there, in an order by which every sweep looks at others first. */
function quarantinedIn(
  { users }: AccountSnapshot,
  outOfPlace: readonly SnapshotUser[],
  { guards }: SweepContext,
): readonly UserDetail[] {
  const astray = new Set(outOfPlace);
  const inPlace = users.filter((user) => !astray.has(user) && isHeldBy(user.detail, guards.quarantine));
  return shuffled(inPlace.map(({ detail }) => detail));
}

/**
 * Attends to those who bear another name by now: live reads go by names, and under the old one there may be nobody, or
 * somebody else. One more bulk read tells, where anybody was attended to at all. Who is renamed over and over is a
 * failure, and no user who is gone.
 */
async function followRenamed(attended: readonly Attended[], context: AttendContext): Promise<readonly Attended[]> {
  if (attended.length === 0) return attended;
  const { iam } = context;
  const byId = new Map(attended.map((each) => [each.detail.id, each]));
  const account = await readAccount(iam).catch(wordsOf);
  if (typeof account === "string") {
    // Whether they are gone or renamed is not known.
    return attended.map((each) => (isGone(each) ? failed(each.detail, `is not found by name: ${account}`) : each));
  }
  const renamed = account.users.filter(({ id, name }) => {
    const before = byId.get(id);
    return before !== undefined && (isGone(before) || !isSameName(before.detail.name, name));
  });
  const again = await attendToAll(renamed, context);
  const confirmed = await Promise.all(
    again.map(async (each): Promise<Attended> => {
      const { id, name } = each.detail;
      const isThere = await iam.getUser(name).then(
        (user) => user.id === id,
        () => false,
      );
      const names = `${byId.get(id)?.detail.name}, then ${name}`;
      return isThere && !isGone(each)
        ? each
        : failed(each.detail, `the user of the id ${id} changes names while the sweep looks: ${names}`);
    }),
  );
  const renamedIds = new Set(renamed.map(({ id }) => id));
  return [...attended.filter(({ detail }) => !renamedIds.has(detail.id)), ...confirmed];
}

function failed(detail: UserDetail, failure: string): Attended {
  return { detail, failure, isUnholdable: false };
}

function isGone(attended: Attended): boolean {
  return "outcome" in attended && attended.outcome.action === "gone";
}
