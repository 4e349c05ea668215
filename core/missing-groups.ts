import { type DecidingState, type Decision, decide } from "./decide";
import { GUARD_NAMES, type GuardRefs } from "./guards";
import { listInWords } from "./lists";
import { isSameName } from "./names";
import { groupsNamed } from "./scope";
import type { Rules } from "./settings";
import { guardsHolding, type User } from "./user";

/** A decision where groups that the rules name do not exist. */
export interface DecisionDespiteMissing {
  readonly decision: Decision;
  /**
   * The missing groups on which it depends where the user belongs; then the decision leaves who is held held and who is
   * free free. Empty where all readings agree.
   */
  readonly undecidedBy: readonly string[];
}

/**
 * Decides where groups that onlyGroups or exemptGroups name do not exist. A group that was deleted has nobody in it, and
 * one that was renamed still does, under a name that nobody knows. So a user can be in a missing group only if in some
 * group that is neither a guard's nor named by the rules. For everybody else there is one reading; for them there is one
 * more a missing group, and where the readings differ, who is held stays held, under the guard that a hold asks for, and
 * who is free stays free.
 *
 * @param missing names of the groups that do not exist, as the rules spell them
 */
export function decideDespiteMissing(
  user: DecidingState & Pick<User, "policies">,
  rules: Rules,
  missing: readonly string[],
  guards: GuardRefs,
): DecisionDespiteMissing {
  const decision = decide(user, rules);
  const known = [...GUARD_NAMES.map((name) => guards[name].goneGroup ?? guards[name].group), ...groupsNamed(rules)];
  const mayBeRenamed = user.groups.some((joined) => !known.some((name) => isSameName(name, joined)));
  if (!mayBeRenamed) return { decision, undecidedBy: [] };
  // Who is in several of them is exempt by one or covered by one, so that one at a time shows every reading.
  const others = missing
    .map((group) => ({ group, decision: decide({ ...user, groups: [...user.groups, group] }, rules) }))
    .filter((other) => placeOf(other.decision) !== placeOf(decision));
  if (others.length === 0) return { decision, undecidedBy: [] };
  const isHeld = guardsHolding(user, guards).length > 0;
  const kept = [decision, ...others.map((other) => other.decision)].find(
    (reading) => (reading.decision === "hold") === isHeld,
  );
  const undecidedBy = others.map(({ group }) => group);
  const doubt = `it can't be told whether the user is in ${undecidedBy.join(" or ")}, which the settings name and IAM does not know`;
  const reason = `stays ${isHeld ? "held" : "free"}: ${doubt}`;
  return kept?.decision === "hold"
    ? { decision: { ...kept, reason }, undecidedBy }
    : { decision: { decision: "free", reason, exempt: false }, undecidedBy };
}

/** That groups do not exist which the settings name, in words fit for a log. */
export function missingInWords(missing: readonly string[]): string {
  return `onlyGroups or exemptGroups name what is no group of this account: ${listInWords(missing)}`;
}

/** The guard of a hold; undefined for who is free. */
function placeOf(decision: Decision): string | undefined {
  return decision.decision === "hold" ? decision.guard : undefined;
}
