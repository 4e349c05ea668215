import { type Decision, decide, type Rules } from "./decide";
import type { GuardName, Guards } from "./guards";
import { type Iam, LimitExceededError, NoSuchEntityError } from "./iam";
import { isInPlace, NOTHING_TO_WRITE, type Plan, planFor, type Write } from "./plan";
import { guardsHolding, readUser, type User } from "./user";

/** What enforcing works with; nothing in it changes from one user to the next. */
export interface Enforcement {
  readonly iam: Iam;
  readonly guards: Guards;
  readonly rules: Rules;
  /** Hold nobody new. Whoever the state says is free is still freed, and who is held still moves. */
  readonly dryRun: boolean;
  /** Waits so many seconds. */
  readonly pause: (seconds: number) => Promise<void>;
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
  /** The state that the decision rests on, and the guards that held the user when this run began. */
  readonly seen?: {
    readonly password: boolean;
    readonly devices: readonly string[];
    readonly heldBy: readonly GuardName[];
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
 * Puts one user where the account's state says: read, decide, act, and read again until state and place agree. Of two
 * runs at once for one user, whoever writes last also reads last, and mends what the other did from an older read.
 *
 * @throws what IAM refuses for good, or an error naming the user where state and place do not come to agree. Either way
 *   the user is still under the guards that held them, for the way out of one guard leads through the next.
 */
export async function enforce(name: string, expected: Expectation, enforcement: Enforcement): Promise<Outcome> {
  const first = await readCaughtUp(name, expected, enforcement);
  const heldBy = first.user === undefined ? [] : guardsHolding(first.user, enforcement.guards);
  const writes: Write[] = [];
  const settled = (judgement: Judgement): Outcome => report(name, judgement, heldBy, writes, first.lagging);
  const readAgain = async (): Promise<Judgement> => judge(await readUser(enforcement.iam, name), enforcement);

  let judgement = judge(first.user, enforcement);
  let refusal: NoSuchEntityError | undefined;
  for (const seconds of SETTLE_PAUSES) {
    if (isInPlace(judgement.plan)) return settled(judgement);
    refusal = await carryOut(name, judgement.plan, enforcement, writes);
    judgement = await readAgain();
    if (isInPlace(judgement.plan)) return settled(judgement);
    await enforcement.pause(seconds);
    judgement = await readAgain();
  }
  if (isInPlace(judgement.plan)) return settled(judgement);
  throw new Error(
    `${name} is not where the state says (${judgement.decision?.reason}) after ${SETTLE_PAUSES.length} rounds of writing` +
      (refusal === undefined ? "" : `; IAM's last refusal: ${refusal.message}`),
    { cause: refusal },
  );
}

async function readCaughtUp(
  name: string,
  expected: Expectation,
  { iam, pause }: Enforcement,
): Promise<{ readonly user: User | undefined; readonly lagging: boolean }> {
  let user = await readUser(iam, name);
  for (const seconds of LAG_PAUSES) {
    if (expected(user)) return { user, lagging: false };
    await pause(seconds);
    user = await readUser(iam, name);
  }
  return { user, lagging: !expected(user) };
}

/** What one read comes to: the decision, and what it takes to get there. */
interface Judgement {
  readonly user: User | undefined;
  readonly decision: Decision | undefined;
  readonly plan: Plan;
  readonly withheld: boolean;
}

function judge(user: User | undefined, { guards, rules, dryRun }: Enforcement): Judgement {
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
): Promise<NoSuchEntityError | undefined> {
  const attempt = async (write: Write): Promise<NoSuchEntityError | undefined> => {
    try {
      writes.push(await make(name, write, enforcement));
      return undefined;
    } catch (error) {
      if (error instanceof NoSuchEntityError) return error;
      throw error;
    }
  };
  const refusal = plan.into && (await attempt(plan.into));
  if (refusal !== undefined) return refusal;
  return (await Promise.all(plan.outOf.map(attempt))).find((error) => error !== undefined);
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
  return {
    user: name,
    action: withheld ? "withheld" : writes.length === 0 ? "none" : actionOf(decision, heldBy),
    ...decision,
    seen: { password: user.password, devices: user.devices, heldBy },
    writes,
    lagging,
  };
}

function actionOf({ decision }: Decision, heldBy: readonly GuardName[]): Action {
  if (decision === "free") return "freed";
  return heldBy.length === 0 ? "held" : "moved";
}
