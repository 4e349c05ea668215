import { isInPlace } from "../../core/plan";
import type { User } from "../../core/user";
import { wordsOf } from "../../core/words-of";
import { ThrottledError, type UserDetail } from "../iam/iam";
import { readUserOver } from "../iam/read-user";
import { judge, type Outcome, reconcile, SupersededError, UnholdableError } from "../reconcile";
import { inParallel } from "./parallel";
import { type Leave, leaveToFree, type ReleaseContext } from "./releases";
import type { RunContext } from "./superseded";

/** What came of one user to whom a sweep attended. */
export type Attended =
  | { readonly detail: UserDetail; readonly outcome: Outcome }
  /** The user is free by the state and stays held, until it is known how many are, or because of the scope. */
  | { readonly detail: UserDetail; readonly leave: Exclude<Leave, "at once"> }
  | { readonly detail: UserDetail; readonly failure: string; readonly isUnholdable: boolean };

/** What attending works with. */
export interface AttendContext extends RunContext, ReleaseContext {
  /** Is told of each user who was looked at and was not found in place. */
  readonly tell: (outcome: Outcome) => void;
}

/** Enough to keep a sweep's rate with calls that take two seconds. */
const USERS_AT_ONCE = 16;

/**
 * Reads users live and puts them where the state says, those excepted whom it would free and not at once. One user's
 * failure stops nobody. Who is left out of what is returned is left for want of time.
 */
export function attendToAll(users: readonly UserDetail[], context: AttendContext): Promise<readonly Attended[]> {
  return attending(users, context, async (detail) => {
    const user = await readUserOver(context.iam, detail, context);
    const leave = user && leaveToFree(user, context);
    return leave === undefined || leave === "at once" ? settle(detail, user, context) : { detail, leave };
  });
}

/** Puts users where the state says by then, now that those are few whom it would free. */
export function settleAll(users: readonly UserDetail[], context: AttendContext): Promise<readonly Attended[]> {
  return attending(users, context, async (detail) => {
    const user = await readUserOver(context.iam, detail, context);
    const leave = user && leaveToFree(user, context);
    return leave === "not by a scope that matches nobody" ? { detail, leave } : settle(detail, user, context);
  });
}

/**
 * Looks live at users who seem to be in place, by three calls each, and attends to those who are not.
 *
 * @param mayGoOn whether there is time to look at one more
 */
export async function lookAgain(
  users: readonly UserDetail[],
  context: AttendContext,
  mayGoOn: () => boolean,
): Promise<readonly Attended[]> {
  const { iam, guards, rules, deadline } = context;
  // The bulk read tells of paths as they are. Before anything is done about somebody they are read again.
  const asKnown = {
    guards,
    rules: { ...rules, onlyPaths: [], exemptPaths: [] },
    deadline: { ...deadline, graceDays: 0 },
  };
  const isOutOfPlace = async (detail: UserDetail): Promise<boolean> => {
    const user = await readUserOver(iam, detail, asKnown);
    return user === undefined || !isInPlace(judge(user, context).plan);
  };
  const looks = await inParallel(users, USERS_AT_ONCE, mayGoOn, async (detail) => {
    // Who can't be read now was in place by all that is known.
    return (await isOutOfPlace(detail).catch(() => false)) ? [detail] : [];
  });
  return attendToAll(looks.flat(), context);
}

async function attending(
  users: readonly UserDetail[],
  { hasTime }: AttendContext,
  attend: (detail: UserDetail) => Promise<Attended>,
): Promise<readonly Attended[]> {
  const attended = await inParallel(users, USERS_AT_ONCE, hasTime, async (detail): Promise<readonly Attended[]> => {
    try {
      return [await attend(detail)];
    } catch (error) {
      // Neither is the user's fault, and a later run finds the user again.
      if (error instanceof SupersededError || error instanceof ThrottledError) return [];
      return [{ detail, failure: wordsOf(error), isUnholdable: error instanceof UnholdableError }];
    }
  });
  return attended.flat();
}

async function settle(detail: UserDetail, user: User | undefined, context: AttendContext): Promise<Attended> {
  const outcome = await reconcile(detail.name, user, { ...context, lagging: false });
  context.tell(outcome);
  return { detail, outcome };
}
