import type { Clock } from "./clock";
import { type Decision, decide, type Rules } from "./decide";
import type { GuardName, Guards } from "./guards";
import { type Iam, LimitExceededError, NoSuchEntityError } from "./iam";
import { isInPlace, NOTHING_TO_WRITE, type Plan, planFor, policiesAfter, type Write } from "./plan";
import { groupsNamed } from "./scope";
import { guardsHolding, readUser, readUserOver, type User } from "./user";

/** What enforcing works with; nothing in it changes from one user to the next. */
export interface Enforcement {
  readonly iam: Iam;
  readonly guards: Guards;
  readonly rules: Rules;
  /** Hold nobody new. Whoever the state says is free is still freed, and who is held still moves. */
  readonly dryRun: boolean;
  readonly clock: Clock;
}

/** What settling works with: enforcing, for one user. */
export interface Settlement extends Enforcement {
  /** Whether reads never caught up with the event. */
  readonly lagging: boolean;
  /** Is awaited once before the first write; what it throws is thrown. */
  readonly beforeWriting: () => Promise<void>;
}

/** Tells whether a read shows what it should, once IAM has caught up with an event. */
export type Expectation = (user: User | undefined) => boolean;

/** What was done. `withheld` is a hold that dryRun held back; `gone`, that there is no such user (any more). */
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

/** Seconds between reads that lag behind an event: 9.75 s in all. */
const LAG_PAUSES = [0.25, 0.5, 1, 2, 3, 3] as const;

/** Seconds before a read that does not show what was just written is repeated, round by round: 7.75 s in all. */
const SETTLE_PAUSES = [0.25, 0.5, 1, 2, 4] as const;

/**
 * Puts the user whom an event is about where the account's state says.
 *
 * @param expected what the state should soon show; reads that lag behind it are repeated for at most 10 s
 * @throws as {@link settle}
 */
export async function enforce(name: string, expected: Expectation, enforcement: Enforcement): Promise<Outcome> {
  const { iam, rules, clock } = enforcement;
  const read = () => readUser(iam, name, rules);
  let user = await read();
  for (const seconds of LAG_PAUSES) {
    if (expected(user)) break;
    await clock.pause(seconds);
    user = await read();
  }
  return settle(name, user, {
    ...enforcement,
    lagging: !expected(user),
    beforeWriting: () => confirmGroups(iam, rules),
  });
}

/** A scope or exempt group that does not exist is an error and never «nobody»: it would free or hold the wrong people. */
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
export async function settle(name: string, first: User | undefined, enforcement: Settlement): Promise<Outcome> {
  const { iam, guards } = enforcement;
  const heldBy = first === undefined ? [] : guardsHolding(first, guards);
  const writes: Write[] = [];
  // Writes that IAM took, and ways out of what the user had left already: after them policies are known again.
  const done: Write[] = [];
  const settled = (judgement: Judgement): Outcome => {
    return report(name, judgement, heldBy, writes, enforcement.lagging);
  };

  let judgement = judge(first, enforcement);
  let refusal: NoSuchEntityError | undefined;
  if (first === undefined || isInPlace(judgement.plan)) return settled(judgement);
  const readAgain = async (): Promise<Judgement> => {
    const policies = policiesAfter(first.policies, done, guards);
    return judge(await readUserOver(iam, { ...first, policies }), enforcement);
  };
  await enforcement.beforeWriting();
  for (const seconds of SETTLE_PAUSES) {
    refusal = await carryOut(name, judgement.plan, enforcement, writes, done);
    judgement = await readAgain();
    if (isSettled(judgement)) return settled(judgement);
    await enforcement.clock.pause(seconds);
    judgement = await readAgain();
    if (isSettled(judgement)) return settled(judgement);
  }
  // Whoever was seen and is not seen any more after all these reads is gone.
  if (judgement.user === undefined) return settled(judgement);
  throw new Error(
    `${name} is not where the state says (${judgement.decision?.reason}) after ${SETTLE_PAUSES.length} rounds of writing` +
      (refusal === undefined ? "" : `; IAM's last refusal: ${refusal.message}`),
    { cause: refusal },
  );
}

/** In place, and there: of a user who is being made or changed IAM may say for a moment that there is no such user. */
function isSettled({ user, plan }: Judgement): boolean {
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
export function judge(user: User | undefined, { guards, rules, dryRun }: Enforcement): Judgement {
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
  enforcement: Enforcement,
  writes: Write[],
  done: Write[],
): Promise<NoSuchEntityError | undefined> {
  const attempt = async (write: Write): Promise<NoSuchEntityError | undefined> => {
    try {
      const made = await make(name, write, enforcement);
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
async function make(name: string, write: Write, enforcement: Enforcement): Promise<Write> {
  const { iam, guards } = enforcement;
  const { group, policyArn } = guards[write.guard];
  switch (write.call) {
    case "addUserToGroup":
      try {
        await iam.addUserToGroup(name, group);
        return write;
      } catch (error) {
        if (!(error instanceof LimitExceededError)) throw error;
        return make(name, { call: "attachUserPolicy", guard: write.guard }, enforcement);
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
