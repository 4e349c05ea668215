import { listInWords, withShortLists } from "../../core/lists";
import type { SweepRequest } from "../../core/sweep-request";
import type { DetailType } from "../../core/told";
import type { Outcome } from "../reconcile";
import type { Warning } from "../warnings";
import type { News } from "./news";

/** What became of one user, why it wants a look, and the line of the log about it. */
export interface Decided {
  readonly outcome: Outcome;
  readonly warnings: readonly Warning[];
  /** Whether it is about a device that was enrolled. */
  readonly isEnrolment: boolean;
  readonly line: News["line"];
  /** What brought it about, in words. */
  readonly cause: string;
}

/** What became of a user: what was done, and what wants a look. */
export function newsOfDecision({ outcome, warnings, isEnrolment, line, cause }: Decided): readonly News[] {
  const { user, seen, reason } = outcome;
  const told = (detailType: DetailType, what: string): News => {
    return { detailType, line, happened: `${what}. ${cause}` };
  };
  const given = (...any: readonly Warning[]) => warnings.some((warning) => any.includes(warning));
  const news: News[] = [];
  const done = doneInWords(outcome);
  if (done !== undefined) news.push(told(...done));
  if (given("device-by-another", "second-device-without-mfa")) {
    const how = given("device-by-another") ? "by someone else" : "beside another one, in a session without MFA";
    news.push(told("Suspicious Enrolment", `An MFA device was enrolled for ${user} ${how}`));
  } else if (isEnrolment && seen !== undefined && seen.devices.length > 0) {
    news.push(told("Device Enrolled", `${user} has enrolled an MFA device`));
  }
  if (given("freed-as-exempt", "scope-changed-without-device")) {
    const what = given("scope-changed-without-device")
      ? `${user}, with a password and no MFA device, came into the scope or out of it`
      : `${user} was held and is exempt now`;
    news.push(told("Scope Changed", `${what} (${reason})`));
  }
  if (given("exempt-without-device")) {
    news.push(told("Exempt User Unprotected", `${user} has a password and no MFA device, and is ${reason}`));
  }
  return news;
}

function doneInWords({
  user,
  action,
  guard,
  reason,
  due,
  seen,
  outBeforeIn,
}: Outcome): [DetailType, string] | undefined {
  switch (action) {
    case "held":
      return ["User Held", `${user} is held in ${guard} now (${reason})`];
    case "moved": {
      const gap = outBeforeIn ? ", at full quotas for a moment under no guard" : "";
      return ["User Moved", `${user} was moved from ${seen?.heldBy.join(" and ")} to ${guard} (${reason})${gap}`];
    }
    case "freed":
      return ["User Freed", `${user} is free now (${reason})`];
    case "pending":
      return ["User Pending", `${user} is to be held in ${guard} from ${due} on (${reason})`];
    case "gone":
      return ["User Gone", `There is no user ${user} any more`];
    case "none":
    case "withheld":
      return undefined;
  }
}

/** Beyond so many, what a sweep did is told in one event. */
const MOST_EVENTS = 10;

/**
 * What a sweep did: news of each user whom it held, moved or freed, or one of all of them. Who is pending is a finding of
 * the sweep's.
 */
export function newsOfSweptUsers(decided: readonly Decided[], request: SweepRequest): readonly News[] {
  const changed = decided.filter(({ outcome }) => ["held", "moved", "freed"].includes(outcome.action));
  if (changed.length <= MOST_EVENTS) return changed.flatMap(newsOfDecision);
  const users = changed
    .map(({ outcome: { user, action, guard } }) => ({ user, action, ...(guard && { guard }) }))
    .sort((one, other) => (one.user < other.user ? -1 : 1));
  const names = users.map(({ user, action }) => `${user} (${action})`);
  return [
    {
      detailType: "Users Changed",
      line: { level: "WARN", sweep: request, changed: users.length, ...withShortLists({ users }) },
      happened: `A sweep has changed where ${users.length} users stand: ${listInWords(names)}`,
    },
  ];
}
