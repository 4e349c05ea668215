import { type Decision, decide } from "../core/decide";
import type { Expectation } from "../core/events";
import type { GuardName, GuardRefs } from "../core/guards";
import { isInPlace, NOTHING_TO_WRITE, type Plan, planFor, policiesAfter, type Write } from "../core/plan";
import { groupsNamed } from "../core/scope";
import type { Rules } from "../core/settings";
import { guardsHolding, type User } from "../core/user";
import type { Clock } from "./clock";
import { type Iam, LimitExceededError, NoSuchEntityError } from "./iam/iam";
import { readUser, readUserOver } from "./iam/read-user";

/** What the handler works with; nothing in it changes from one user to the next. */
export interface HandlerContext {
  readonly iam: Iam;
  readonly guards: GuardRefs;
  readonly rules: Rules;
  /** Hold nobody new. Whoever the state says is free is still freed, and who is held still moves. */
  readonly dryRun: boolean;
  readonly clock: Clock;
}

/** What reconciling works with, for one user. */
export interface ReconcileContext extends HandlerContext {
  /** Whether reads never caught up with the event. */
  readonly lagging: boolean;
  /** Runs once before the first write; what it throws is thrown. */
  readonly beforeWriting: () => Promise<void>;
}

/** What was done. `withheld` is a hold that dryRun prevented; `gone`, that there is no such user (any more). */
type Action = "held" | "moved" | "freed" | "none" | "withheld" | "gone";

/** What became of one user: the body of the log line. */
export interface Outcome {
  readonly user: string;
  readonly action: Action;
  readonly decision: Decision["decision"] | "none";
  /** Where the decision holds the user. */
  readonly guard?: GuardName;
  readonly reason: string;
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
  /** No read showed what the event promised within 10 s, so that what was seen was acted upon. */
  readonly lagging: boolean;
}

/** The pauses between reads that lag behind an event: 9.75 s in all. */
const LAG_PAUSES_SECONDS = [0.25, 0.5, 1, 2, 3, 3] as const;

/** The pauses before a read is repeated that does not show what was just written, round by round: 7.75 s in all. */
const ROUND_PAUSES_SECONDS = [0.25, 0.5, 1, 2, 4] as const;

/**
 * Puts the user whom an event is about where the account's state says.
 *
 * @param expected what the state should soon show; reads that lag behind it are repeated for at most 10 s
 * @throws as {@link reconcile}
 */
export async function reconcileAfterEvent(
  name: string,
  expected: Expectation,
  context: HandlerContext,
): Promise<Outcome> {
  const { iam, rules, clock } = context;
  const read = () => readUser(iam, name, rules);
  let user = await read();
  for (const seconds of LAG_PAUSES_SECONDS) {
    if (expected(user)) break;
    await clock.pause(seconds);
    user = await read();
  }
  return reconcile(name, user, {
    ...context,
    lagging: !expected(user),
    beforeWriting: () => confirmGroups(iam, rules),
  });
}

/** Throws where a scope or exempt group does not exist: taken for «nobody», it would free or hold the wrong people. */
async function confirmGroups(iam: Iam, rules: Rules): Promise<void> {
  await Promise.all(
    groupsNamed(rules).map(async (group) => {
      try {
        await iam.getGroup(group);
      } catch (error) {
        if (error instanceof NoSuchEntityError) throw missingGroups([group]);
        throw error;
      }
    }),
  );
}

/** The error about groups that the settings name and IAM does not know. */
export function missingGroups(groups: readonly string[]): Error {
  return new Error(
    `onlyGroups or exemptGroups name what is no group of this account: ${groups.join(", ")}; nobody was moved`,
  );
}

/**
 * Puts one user where the state says: decide, act, and read again until state and place agree. Of two runs at once for
 * one user, whoever writes last also reads last, and mends what the other did from an older read.
 *
 * @param first the user's state as just read; what of it no credential and no membership changes is not read again
 * @throws what IAM refuses for good, or an error naming the user where state and place do not come to agree. Either way
 *   the user is still under the guards that held them, for the way out of one guard leads through the next.
 */
export async function reconcile(name: string, first: User | undefined, context: ReconcileContext): Promise<Outcome> {
  const { iam, guards } = context;
  const heldBy = first === undefined ? [] : guardsHolding(first, guards);
  const writes: Write[] = [];
  // Writes that IAM took, and ways out of what the user had left already: after them policies are known again.
  const done: Write[] = [];
  const outcomeOf = (judgement: Judgement): Outcome => {
    return report(name, judgement, heldBy, writes, context.lagging);
  };

  let judgement = judge(first, context);
  let refusal: NoSuchEntityError | undefined;
  if (first === undefined || isInPlace(judgement.plan)) return outcomeOf(judgement);
  const readAgain = async (): Promise<Judgement> => {
    const policies = policiesAfter(first.policies, done, guards);
    return judge(await readUserOver(iam, { ...first, policies }), context);
  };
  await context.beforeWriting();
  for (const seconds of ROUND_PAUSES_SECONDS) {
    refusal = await carryOut(name, judgement.plan, context, writes, done);
    judgement = await readAgain();
    if (isReconciled(judgement)) return outcomeOf(judgement);
    await context.clock.pause(seconds);
    judgement = await readAgain();
    if (isReconciled(judgement)) return outcomeOf(judgement);
  }
  // Whoever was seen and is not seen any more after all these reads is gone.
  if (judgement.user === undefined) return outcomeOf(judgement);
  throw new Error(
    `${name} is not where the state says (${judgement.decision?.reason}) after ${ROUND_PAUSES_SECONDS.length} rounds of writing` +
      (refusal === undefined ? "" : `; IAM's last refusal: ${refusal.message}`),
    { cause: refusal },
  );
}

/** In place, and there: of a user who is being made or changed IAM may say for a moment that there is no such user. */
function isReconciled({ user, plan }: Judgement): boolean {
  return user !== undefined && isInPlace(plan);
}

/** What one read comes to: the decision, and what it takes to get there. */
export interface Judgement {
  readonly user: User | undefined;
  readonly decision: Decision | undefined;
  readonly plan: Plan;
  /** A hold that dryRun holds back. */
  readonly withheld: boolean;
}

/** Judges a user's state: who is gone, in place or withheld has nothing to write. */
export function judge(user: User | undefined, { guards, rules, dryRun }: HandlerContext): Judgement {
  if (user === undefined) return { user, decision: undefined, plan: NOTHING_TO_WRITE, withheld: false };
  const decision = decide(user, rules);
  const withheld = dryRun && decision.decision === "hold" && guardsHolding(user, guards).length === 0;
  return { user, decision, plan: withheld ? NOTHING_TO_WRITE : planFor(user, decision, guards), withheld };
}

/**
 * Makes the plan's writes, into the new guard before out of the old, and notes them. A NoSuchEntity is returned and not
 * thrown, for it may be the very end that was sought (out of the group already, the user deleted meanwhile): the next
 * read tells.
 */
async function carryOut(
  name: string,
  plan: Plan,
  context: HandlerContext,
  writes: Write[],
  done: Write[],
): Promise<NoSuchEntityError | undefined> {
  const attempt = async (write: Write): Promise<NoSuchEntityError | undefined> => {
    try {
      const made = await make(name, write, context);
      writes.push(made);
      done.push(made);
      return undefined;
    } catch (error) {
      if (!(error instanceof NoSuchEntityError)) throw error;
      if (write.call === "detachUserPolicy") done.push(write);
      return error;
    }
  };
  const refusal = plan.into && (await attempt(plan.into));
  if (refusal !== undefined) return refusal;
  // All are waited for even where one throws: a write that outlived this run could undo a later one.
  const attempts = await Promise.allSettled(plan.outOf.map(attempt));
  const failed = attempts.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return attempts
    .map((each) => (each.status === "fulfilled" ? each.value : undefined))
    .find((error) => error !== undefined);
}

/** Makes one write and returns the one made: where the tenth group was taken meanwhile, the policy goes on the user. */
async function make(name: string, write: Write, context: HandlerContext): Promise<Write> {
  const { iam, guards } = context;
  const { group, policyArn } = guards[write.guard];
  switch (write.call) {
    case "addUserToGroup":
      try {
        await iam.addUserToGroup(name, group);
        return write;
      } catch (error) {
        if (!(error instanceof LimitExceededError)) throw error;
        return make(name, { call: "attachUserPolicy", guard: write.guard }, context);
      }
    case "attachUserPolicy":
      await iam.attachUserPolicy(name, policyArn);
      return write;
    case "removeUserFromGroup":
      await iam.removeUserFromGroup(name, group);
      return write;
    case "detachUserPolicy":
      await iam.detachUserPolicy(name, policyArn);
      return write;
  }
}

function report(
  name: string,
  { user, decision, withheld }: Judgement,
  heldBy: readonly GuardName[],
  writes: readonly Write[],
  lagging: boolean,
): Outcome {
  if (user === undefined || decision === undefined) {
    return { user: name, action: "gone", decision: "none", reason: "there is no such user", writes, lagging };
  }
  const { password, devices, datedAt } = user;
  return {
    user: name,
    action: withheld ? "withheld" : writes.length === 0 ? "none" : actionOf(decision, heldBy),
    ...decision,
    seen: { password, devices, heldBy, ...(datedAt && { datedAt: datedAt.toISOString() }) },
    writes,
    lagging,
  };
}

function actionOf({ decision }: Decision, heldBy: readonly GuardName[]): Action {
  if (decision === "free") return "freed";
  return heldBy.length === 0 ? "held" : "moved";
}
