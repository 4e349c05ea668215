import { decide, guardsOfRules } from "../../core/decide";
import { guardsHolding, type User } from "../../core/user";
import { type HandlerContext, judge } from "../reconcile";

/**
 * When a sweep may free a user: at once, or only if there are no more than maxReleases to free, or not at all, because
 * only a scope frees the user of which an entry matches nobody.
 */
export type Leave = "at once" | "if they are few" | "not by a scope that matches nobody";

/** What the leave to free somebody depends on beside the user. */
export interface ReleaseContext extends HandlerContext {
  /** Whether an entry of the scope matches nobody. */
  readonly isScopeUnmatched: boolean;
}

/**
 * When a sweep may free this user; undefined where it would not. Releases out of a guard that the mode does not use don't
 * count, nor does any in mode off: a change of modes is what was asked for.
 */
export function leaveToFree(user: User, context: ReleaseContext): Leave | undefined {
  const { guards, rules, isScopeUnmatched } = context;
  const { decision } = judge(user, context);
  const heldBy = guardsHolding(user, guards);
  if (decision?.decision !== "free" || heldBy.length === 0) return undefined;
  if (isScopeUnmatched && !decision.exempt && isFreedByTheScope(user, context)) {
    return "not by a scope that matches nobody";
  }
  const inUse = guardsOfRules(rules);
  return heldBy.some((guard) => inUse.includes(guard)) ? "if they are few" : "at once";
}

/** Whether the user would be held if everybody were in the scope. */
function isFreedByTheScope(user: User, { rules }: ReleaseContext): boolean {
  const everybody = { ...rules, onlyUsers: [], onlyPaths: [], onlyGroups: [] };
  return decide(user, everybody).decision === "hold";
}
