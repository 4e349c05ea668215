import type { Decision } from "../core/decide";
import { type Deadline, dueDate } from "../core/due";
import type { Expectation } from "../core/events";
import { groupArnOf } from "../core/guard-state";
import type { GuardName, GuardRef, GuardRefs } from "../core/guards";
import { decideDespiteMissing } from "../core/missing-groups";
import { isSameName } from "../core/names";
import { type Entry, isInPlace, NOTHING_TO_WRITE, type Plan, planFor, policiesAfter, type Write } from "../core/plan";
import { groupsNamed } from "../core/scope";
import type { Rules } from "../core/settings";
import { guardsHolding, heldAsIn, type User } from "../core/user";
import { wordsOf } from "../core/words-of";
import type { Clock } from "./clock";
import { AccessDeniedError, type Iam, LimitExceededError, NoSuchEntityError } from "./iam/iam";
import { readUser, readUserOver } from "./iam/read-user";

/** What the handler works with; nothing in it changes from one user to the next. */
export interface HandlerContext {
  readonly iam: Iam;
  readonly guards: GuardRefs;
  readonly rules: Rules;
  /** Hold nobody new. Whoever the state says is free is still freed, and who is held still moves. */
  readonly dryRun: boolean;
  /** When a hold of whom nobody holds yet is due, by this context's clock. */
  readonly deadline: Deadline;
  /** Groups that the rules name and IAM does not know, as far as anybody has looked. */
  readonly missingGroups?: readonly string[];
  readonly clock: Clock;
}

/** What reconciling after an event works with. */
export interface EventContext extends HandlerContext {
  /** Whether no deploy has told the function something else since this run began. */
  readonly isCurrent: () => Promise<boolean>;
}

/** What reconciling works with, for one user. */
export interface ReconcileContext extends HandlerContext {
  /** Whether reads never caught up with the event. */
  readonly lagging: boolean;
  /**
   * What an event promised and the first read showed. A later read that contradicts it is outdated, and nothing is done
   * by it until the pauses are over.
   */
  readonly shown?: Expectation;
  /** Runs once before the first write; what it throws is thrown. */
  readonly beforeWriting: () => Promise<void>;
}

/**
 * What was done. `withheld` is a hold that dryRun prevented; `pending`, one that is not due yet; `gone`, that there is no
 * such user (any more).
 */
type Action = "held" | "moved" | "freed" | "none" | "withheld" | "pending" | "gone";

/** What became of one user: the body of the log line. */
export interface Outcome {
  readonly user: string;
  readonly action: Action;
  readonly decision: Decision["decision"] | "none";
  /** Where the decision holds the user. */
  readonly guard?: GuardName;
  readonly reason: string;
  /** When a hold of whom nobody held is due or was, ISO 8601, where a deadline says when. */
  readonly due?: string;
  /** Whether the user is exempt, where the decision is free. */
  readonly exempt?: boolean;
  /** The state that the decision rests on, and the guards that held the user when this run began. */
  readonly seen?: {
    readonly password: boolean;
    readonly devices: readonly string[];
    readonly heldBy: readonly GuardName[];
    /** When the password was made or the last device enabled, ISO 8601. */
    readonly datedAt?: string;
  };
  /** The writes that IAM took, in order. */
  readonly writes: readonly Write[];
  /** Both quotas were full, so that the way out of one guard had to make room for the way into the other. */
  readonly outBeforeIn?: true;
  /** Groups that the settings name and IAM does not know, on which it depends where the user belongs. */
  readonly undecidedBy?: readonly string[];
  /** No read showed what the event promised within 10 s, so that what was seen was acted upon. */
  readonly lagging: boolean;
}

/** The pauses between reads that lag behind an event: 9.75 s in all. */
const LAG_PAUSES_SECONDS = [0.25, 0.5, 1, 2, 3, 3] as const;

/** The pauses before a read is repeated that does not show what was just written, round by round: 7.75 s in all. */
const ROUND_PAUSES_SECONDS = [0.25, 0.5, 1, 2, 4] as const;

/** A user's reconciliation after an event. */
export interface EventOutcome {
  readonly outcome: Outcome;
  /** The user as the first read that showed the event did; undefined where there is no such user. */
  readonly first: User | undefined;
  /** Groups that the settings name and IAM does not know, where this run looked for them. */
  readonly missingGroups: readonly string[];
}

/**
 * Puts the user whom an event is about where the account's state says. A group that the settings name and IAM does not
 * know stops nobody for whom it makes no difference.
 *
 * @param expected what the state should soon show; reads that lag behind it are repeated for at most 10 s
 * @throws as {@link reconcile}, and {@link SupersededError}
 */
export async function reconcileAfterEvent(
  name: string,
  expected: Expectation,
  context: EventContext,
): Promise<EventOutcome> {
  const { iam, rules, clock } = context;
  const read = () => readUser(iam, name, context);
  let first = await read();
  for (const seconds of LAG_PAUSES_SECONDS) {
    if (expected(first)) break;
    await clock.pause(seconds);
    first = await read();
  }
  const lagging = !expected(first);
  const missingGroups = first !== undefined && asksForGroups(first, context) ? await findMissingGroups(iam, rules) : [];
  const outcome = await reconcile(name, first, {
    ...context,
    missingGroups,
    lagging,
    ...(!lagging && { shown: expected }),
    beforeWriting: () => confirmCurrent(context),
  });
  return { outcome, first, missingGroups };
}

/** Thrown before a write by instructions that a deploy has replaced. */
export class SupersededError extends Error {
  override readonly name = "SupersededError";
}

/**
 * Throws where a deploy has replaced this run's instructions. What is thrown fails the invocation, so that Lambda invokes
 * the function with the same event again, a minute later and then with the new instructions: nothing is written by the
 * old ones, and no event is lost. Where Lambda does not tell, people are to be held all the same.
 */
async function confirmCurrent({ isCurrent }: EventContext): Promise<void> {
  if (await isCurrent().catch(() => true)) return;
  throw new SupersededError(
    "a deploy has replaced this run's instructions; Lambda tries the event again, by the new ones",
  );
}

/** Whether it must be known which groups of the rules exist: before a write, and where one that is gone would matter. */
function asksForGroups(user: User, context: HandlerContext): boolean {
  const { rules, guards } = context;
  const named = groupsNamed(rules);
  if (named.length === 0) return false;
  return (
    !isInPlace(judge(user, context).plan) || decideDespiteMissing(user, rules, named, guards).undecidedBy.length > 0
  );
}

async function findMissingGroups(iam: Iam, rules: Rules): Promise<readonly string[]> {
  const missing = await Promise.all(
    groupsNamed(rules).map(async (group) => {
      try {
        await iam.getGroupArn(group);
        return [];
      } catch (error) {
        if (error instanceof NoSuchEntityError) return [group];
        throw error;
      }
    }),
  );
  return missing.flat();
}

/** Both quotas are full, and no guard holds the user: it takes a human to make room. */
export class UnholdableError extends Error {
  override readonly name = "UnholdableError";

  constructor(
    readonly user: string,
    options: ErrorOptions,
  ) {
    super(
      `no guard can hold ${user}, who is in ten groups and has as many managed policies as IAM allows: take the user out of a group or detach a policy, and the next sweep holds them`,
      options,
    );
  }
}

/** What a run has done so far. */
interface Progress {
  /** The writes that IAM took. */
  readonly writes: Write[];
  /** These, and ways out of what the user had left already: after them policies are known again. */
  readonly done: Write[];
  outBeforeIn: boolean;
}

/**
 * Puts one user where the state says: decide, act, and read again until state and place agree. Of two runs at once for
 * one user, whoever writes last also reads last, and mends what the other did from an older read.
 *
 * @param first the user's state as just read; its policies are not read again
 * @throws UnholdableError where both quotas are full; what else IAM refuses for good; or an error naming the user where
 *   state and place do not come to agree. Whoever was held still is, for the way out of one guard leads through the next,
 *   or at full quotas back into the old one.
 */
export async function reconcile(name: string, first: User | undefined, context: ReconcileContext): Promise<Outcome> {
  const { iam, guards, shown, clock } = context;
  const heldBy = first === undefined ? [] : guardsHolding(first, guards);
  const progress: Progress = { writes: [], done: [], outBeforeIn: false };
  let judgement = judge(first, context);
  const outcome = () => report(name, judgement, heldBy, progress, context);
  if (first === undefined || isInPlace(judgement.plan)) return outcome();

  // What is written meanwhile contradicts nothing: an event may be about the very membership that is to be changed.
  const contradicts = (user: User | undefined): boolean =>
    shown !== undefined && !shown(user && heldAsIn(first, user, guards));
  const isReconciled = (believing: boolean): boolean => {
    const { user, plan } = judgement;
    // Of a user who is being made or changed IAM may say for a moment that there is no such user.
    return user !== undefined && isInPlace(plan) && !(believing && contradicts(user));
  };
  const readAgain = async (): Promise<void> => {
    const policies = policiesAfter(first.policies, progress.done, guards);
    judgement = judge(await readUserOver(iam, { ...first, policies }, context), context, heldBy.length > 0);
  };
  let refusal: NoSuchEntityError | undefined;
  /** Writes and reads in turn until the pauses are over; `believing` what the event promised, if a read contradicts it. */
  const converge = async (believing: boolean): Promise<boolean> => {
    for (const seconds of ROUND_PAUSES_SECONDS) {
      if (!(believing && contradicts(judgement.user))) {
        refusal = await carryOut(name, judgement.plan, context, progress);
        await readAgain();
        if (isReconciled(believing)) return true;
      }
      await clock.pause(seconds);
      await readAgain();
      if (isReconciled(believing)) return true;
    }
    return false;
  };

  await context.beforeWriting();
  if (await converge(true)) return outcome();
  // Whoever was seen and is not seen any more after all these reads is gone.
  if (judgement.user === undefined || isReconciled(false)) return outcome();
  if (contradicts(judgement.user) && (await converge(false))) return outcome();
  if (judgement.user === undefined) return outcome();
  throw new Error(
    `${name} is not where the state says (${judgement.decision?.reason}) after ${ROUND_PAUSES_SECONDS.length} rounds of writing` +
      (refusal === undefined ? "" : `; IAM's last refusal: ${refusal.message}`),
    { cause: refusal },
  );
}

/** What one read comes to: the decision, and what it takes to get there. */
export interface Judgement {
  readonly user: User | undefined;
  readonly decision: Decision | undefined;
  readonly plan: Plan;
  /** A hold that dryRun holds back. */
  readonly withheld: boolean;
  /** When the hold is due of whom nobody holds, where that is yet to come. */
  readonly due: Date | undefined;
  /** The missing groups on which it depends where the user belongs; they leave who is held held and who is free free. */
  readonly undecidedBy: readonly string[];
}

/**
 * Judges a user's state: who is gone, in place, withheld or pending has nothing to write.
 *
 * @param wasHeld whether a guard held the user when this run began: who was freed by an outdated read is nobody new
 */
export function judge(user: User | undefined, context: HandlerContext, wasHeld = false): Judgement {
  const { guards, rules, dryRun, deadline, clock, missingGroups = [] } = context;
  if (user === undefined) {
    return {
      user,
      decision: undefined,
      plan: NOTHING_TO_WRITE,
      withheld: false,
      due: undefined,
      undecidedBy: [],
    };
  }
  const { decision, undecidedBy } = decideDespiteMissing(user, rules, missingGroups, guards);
  const isNew = decision.decision === "hold" && !wasHeld && guardsHolding(user, guards).length === 0;
  const withheld = dryRun && isNew;
  const dueAt = isNew ? dueDate(user.createdAt, deadline) : undefined;
  const due = dueAt !== undefined && clock.now() < dueAt.getTime() ? dueAt : undefined;
  const plan = withheld || due !== undefined ? NOTHING_TO_WRITE : planFor(user, decision, guards);
  return { user, decision, plan, withheld, due, undecidedBy };
}

/** Makes one write and notes it; returns IAM's NoSuchEntity, throws any other refusal. */
type Attempt = (write: Write) => Promise<NoSuchEntityError | undefined>;

/**
 * Makes the plan's writes, into the new guard before out of the old, and notes them. A NoSuchEntity is returned and not
 * thrown, for it may be the very end that was sought (out of the group already, the user deleted meanwhile): the next
 * read tells.
 */
async function carryOut(
  name: string,
  { into, outOf }: Plan,
  context: HandlerContext,
  progress: Progress,
): Promise<NoSuchEntityError | undefined> {
  const attempt: Attempt = async (write) => {
    try {
      const made = await make(name, write, context);
      progress.writes.push(made);
      progress.done.push(made);
      return undefined;
    } catch (error) {
      if (!(error instanceof NoSuchEntityError)) throw error;
      if (write.call === "detachUserPolicy") progress.done.push(write);
      return error;
    }
  };
  let exits = outOf;
  if (into !== undefined) {
    try {
      const refusal = await attempt(into);
      if (refusal !== undefined) return refusal;
    } catch (error) {
      if (!(error instanceof LimitExceededError)) throw error;
      exits = await enterAfterLeaving(name, into, outOf, attempt, error);
      progress.outBeforeIn = true;
    }
  }
  // All are waited for even where one throws: a write that outlived this run could undo a later one.
  const attempts = await Promise.allSettled(exits.map(attempt));
  const failed = attempts.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return attempts
    .map((each) => (each.status === "fulfilled" ? each.value : undefined))
    .find((error) => error !== undefined);
}

/** The way in by which a way out is taken back, and the place used that it leaves. */
const ENTRY_BY_EXIT = { removeUserFromGroup: "addUserToGroup", detachUserPolicy: "attachUserPolicy" } as const;

/**
 * Goes out of one guard before into another: where both quotas are full nothing else makes room. Where the new guard
 * refuses, the user goes back into the old one.
 *
 * @param quota IAM's refusal of the way in
 * @returns the ways out that are left
 * @throws UnholdableError where there is no guard to leave, or none takes the user back; Error that says where the user
 *   is, where the new guard refuses or no way out makes room for it
 */
async function enterAfterLeaving(
  name: string,
  { guard }: Entry,
  outOf: Plan["outOf"],
  attempt: Attempt,
  quota: LimitExceededError,
): Promise<Plan["outOf"]> {
  // Of a guard without a group only a policy's place is one, so those that make such a place come first.
  const makesPlace = ({ call }: Plan["outOf"][number]) => Number(call === "detachUserPolicy");
  const [exit, ...others] =
    quota instanceof NoGroupError ? outOf.toSorted((one, other) => makesPlace(other) - makesPlace(one)) : outOf;
  if (exit === undefined) throw new UnholdableError(name, { cause: quota });
  const call = ENTRY_BY_EXIT[exit.call];
  if (quota instanceof NoGroupError && call === "addUserToGroup") {
    const message = `${name} stays in ${exit.guard}, for ${guard} has no group, and the quota of policies is full`;
    throw new Error(message, { cause: quota });
  }
  await attempt(exit);
  const refusal = await attempt({ call, guard }).catch((error: unknown) => error);
  if (refusal === undefined) return others;
  const back = await attempt({ call, guard: exit.guard }).catch((error: unknown) => error);
  if (back instanceof LimitExceededError) throw new UnholdableError(name, { cause: back });
  const whereNow =
    back === undefined
      ? `back in ${exit.guard}`
      : `out of ${exit.guard}, which did not take them back (${wordsOf(back)})`;
  throw new Error(`${name}, at both of IAM's quotas, is ${whereNow}, for ${guard} refused: ${wordsOf(refusal)}`, {
    cause: refusal,
  });
}

/** The quota of policies is full, and the guard has no group. */
class NoGroupError extends LimitExceededError {}

/** The other way into a guard. */
const OTHER_FORM = { addUserToGroup: "attachUserPolicy", attachUserPolicy: "addUserToGroup" } as const;

/**
 * Makes one write and returns the one made: where one quota is full, or the guard's group is gone, the way in is by the
 * other form.
 */
async function make(name: string, write: Write, { iam, guards }: HandlerContext): Promise<Write> {
  const { group, policyArn } = guards[write.guard];
  const enter = (call: Entry["call"]) =>
    call === "addUserToGroup" ? iam.addUserToGroup(name, group) : iam.attachUserPolicy(name, policyArn);
  switch (write.call) {
    case "addUserToGroup":
    case "attachUserPolicy":
      try {
        await enter(write.call);
        return write;
      } catch (error) {
        const isFull = error instanceof LimitExceededError;
        // A sweep knows which guards have no group; an event finds out.
        if (group === "") throw isFull ? new NoGroupError(error.message, { cause: error }) : error;
        const isGone =
          !isFull && write.call === "addUserToGroup" && (await isGroupGone(iam, guards[write.guard], error));
        if (!isFull && !isGone) throw error;
        const call = OTHER_FORM[write.call];
        await enter(call).catch((refusal: unknown) => {
          throw isGone && refusal instanceof LimitExceededError
            ? new NoGroupError(refusal.message, { cause: refusal })
            : refusal;
        });
        return { call, guard: write.guard };
      }
    case "removeUserFromGroup":
      await iam.removeUserFromGroup(name, group);
      return write;
    case "detachUserPolicy":
      await iam.detachUserPolicy(name, policyArn);
      return write;
  }
}

/**
 * Whether what refused the way into a group is that the guard has none: there is none of its name, or one under another
 * path, which the role may not touch.
 */
async function isGroupGone(iam: Iam, guard: GuardRef, refusal: unknown): Promise<boolean> {
  if (!(refusal instanceof NoSuchEntityError || refusal instanceof AccessDeniedError)) return false;
  try {
    return !isSameName(await iam.getGroupArn(guard.group), groupArnOf(guard));
  } catch (error) {
    if (error instanceof NoSuchEntityError) return true;
    throw error;
  }
}

function report(
  name: string,
  judgement: Judgement,
  heldBy: readonly GuardName[],
  { writes, outBeforeIn }: Progress,
  { deadline, lagging }: ReconcileContext,
): Outcome {
  const { user, decision, undecidedBy } = judgement;
  if (user === undefined || decision === undefined) {
    const reason = "there is no user of this name (any more): deleted, or renamed since; the next sweep looks again";
    return { user: name, action: "gone", decision: "none", reason, writes, lagging };
  }
  const { password, devices, datedAt, createdAt } = user;
  const due = decision.decision === "hold" && heldBy.length === 0 ? dueDate(createdAt, deadline) : undefined;
  return {
    user: name,
    action: actionOf(judgement, decision, heldBy, writes),
    ...decision,
    ...(due && { due: due.toISOString() }),
    seen: { password, devices, heldBy, ...(datedAt && { datedAt: datedAt.toISOString() }) },
    writes,
    ...(outBeforeIn && { outBeforeIn }),
    ...(undecidedBy.length > 0 && { undecidedBy }),
    lagging,
  };
}

function actionOf(
  { withheld, due }: Judgement,
  { decision }: Decision,
  heldBy: readonly GuardName[],
  writes: readonly Write[],
): Action {
  if (withheld) return "withheld";
  if (due !== undefined) return "pending";
  if (writes.length === 0) return "none";
  if (decision === "free") return "freed";
  return heldBy.length === 0 ? "held" : "moved";
}
