import type { GuardName } from "../core/guards";
import { groupsOfOthers, isInPlace } from "../core/plan";
import { coverageOf } from "../core/scope";
import { guardsHolding, type User } from "../core/user";
import type { UserDetail } from "../handler/iam/iam";
import { type HandlerContext, judge } from "../handler/reconcile";
import { type Leave, leaveToFree } from "../handler/sweep/releases";

/**
 * What a sweep by the settings would do with a user, in the words of its log. `withheld` is a hold that dryRun prevents;
 * `pending`, one that is not due yet; `unknown`, that nothing at hand tells which of several it is.
 */
export type Change = "held" | "moved" | "freed" | "none" | "withheld" | "pending" | "unknown";

/** A user, with the states that the user may be in: one, where it is known. */
export interface Candidate {
  readonly detail: UserDetail;
  readonly states: readonly User[];
}

/** Where a user stands, where the user would go, and why. */
export interface Person {
  readonly user: string;
  readonly path: string;
  /** How many groups the user is in, but for guards'. */
  readonly groups: number;
  /** Whether there is a password, and an MFA device; left out where it is not known. */
  readonly password?: boolean;
  readonly device?: boolean;
  /** The guards that hold the user now. */
  readonly heldBy: readonly GuardName[];
  readonly change: Change;
  /** Where the decision holds the user. */
  readonly guard?: GuardName;
  readonly reason: string;
  /** When a hold that is not due yet will be, ISO 8601. */
  readonly due?: string;
  readonly exempt: boolean;
  /** What would keep a sweep from freeing the user. */
  readonly stoppedBy?: "maxReleases" | "scope";
  /** ISO 8601, as the next. */
  readonly createdAt?: string;
  readonly passwordChangedAt?: string;
  /** When the password or an access key was last used. */
  readonly lastUsedAt?: string;
}

/** What judging people works with. */
export interface JudgeContext extends HandlerContext {
  /** Whether an entry of the scope matches nobody. */
  readonly isScopeUnmatched: boolean;
  readonly maxReleases: number;
}

/** What a user comes to in one state. */
type Verdict = Pick<Person, "change" | "guard" | "reason" | "due"> & { readonly leave: Leave | undefined };

/** Judges everybody as a sweep would; in the order of their names. */
export function judgePeople(candidates: readonly Candidate[], context: JudgeContext): readonly Person[] {
  const judged = candidates.map(({ detail, states }) => ({ detail, states, ...verdictOn(states, context) }));
  const few = judged.filter(({ leave }) => leave === "if they are few").length <= context.maxReleases;
  return judged
    .map(({ detail, states, leave, ...verdict }): Person => {
      const { name, path, groups, createdAt } = detail;
      const [state] = states.length === 1 ? states : [];
      const coverage = coverageOf(detail, context.rules);
      const stoppedBy = leave === "not by a scope that matches nobody" ? "scope" : leave === "if they are few" && !few;
      return {
        user: name,
        path,
        groups: groupsOfOthers({ groups }, context.guards),
        ...(state && { password: state.password, device: state.devices.length > 0 }),
        heldBy: guardsHolding(detail, context.guards),
        ...verdict,
        exempt: !coverage.covered && coverage.exempt,
        ...(stoppedBy !== false && { stoppedBy: stoppedBy === true ? "maxReleases" : stoppedBy }),
        ...(createdAt && { createdAt: createdAt.toISOString() }),
      };
    })
    .sort((one, other) => (one.user.toLowerCase() < other.user.toLowerCase() ? -1 : 1));
}

/** What a user comes to, where it is the same in all states in which the user may be. */
function verdictOn(states: readonly User[], context: JudgeContext): Verdict {
  const [first, ...others] = states.map((state) => verdictIn(state, context));
  const isSame = (other: Verdict) =>
    other.change === first?.change && other.guard === first.guard && other.leave === first.leave;
  if (first !== undefined && others.every(isSame)) return first;
  return { change: "unknown", reason: "the credential report does not tell of this user", leave: undefined };
}

function verdictIn(state: User, context: JudgeContext): Verdict {
  const { decision, plan, withheld, due } = judge(state, context);
  const isHeld = guardsHolding(state, context.guards).length > 0;
  const changed = decision?.decision === "free" ? "freed" : isHeld ? "moved" : "held";
  const change = withheld ? "withheld" : due !== undefined ? "pending" : isInPlace(plan) ? "none" : changed;
  return {
    change,
    ...(decision?.decision === "hold" && { guard: decision.guard }),
    // A report tells that there is a device, and not how many.
    reason: decision?.reason.replace("one MFA device", "an MFA device") ?? "",
    ...(due && { due: due.toISOString() }),
    leave: leaveToFree(state, context),
  };
}

/** Where a user stands now. */
export function placeBefore({ heldBy }: Person): GuardName | "free" {
  return heldBy[0] ?? "free";
}

/** Where a user would stand after a sweep; of whom nothing certain is known, where the user stands now. */
export function placeAfter(person: Person): GuardName | "free" {
  const { change, guard, stoppedBy } = person;
  if (change === "held" || change === "moved") return guard ?? "free";
  return change === "freed" && stoppedBy === undefined ? "free" : placeBefore(person);
}

/** Whether the user would come under a guard, now or once nothing holds that back any more. */
export function comesUnderGuard({ change }: Person): boolean {
  return change === "held" || change === "withheld" || change === "pending";
}
