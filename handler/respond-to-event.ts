import { readEvent } from "../core/events";
import { missingInWords } from "../core/missing-groups";
import type { DetailType } from "../core/told";
import { wordsOf } from "../core/words-of";
import { type MetricValues, metricsLine } from "./metrics-line";
import { causeInWords, logOf, secondsSince } from "./origin-log";
import { type EventOutcome, reconcileAfterEvent, SupersededError, UnholdableError } from "./reconcile";
import type { Service } from "./service";
import type { News } from "./told/news";
import { newsOfDecision } from "./told/news-of-decisions";
import { tellAndCount } from "./told/tell";
import { warningsOf } from "./warnings";

/**
 * Puts the user whom an event is about where the state says. Logs and tells the decision, with who called.
 *
 * @throws Error where the event could not be carried out, so that Lambda counts it and tries again
 */
export async function respondToEvent(event: unknown, service: Service): Promise<void> {
  const { log, clock, rules, functionName } = service;
  const request = readEvent(event);
  const { call, origin } = request;
  const decided = logOf(call, origin, service);
  const counted = (values: MetricValues) => log(metricsLine(values, functionName, clock.now()));
  if (request.kind === "nobody") {
    decided({ level: "INFO", action: "ignored", reason: request.reason });
    return;
  }
  const { user } = request;
  const cause = causeInWords(call, origin);
  let reconciled: EventOutcome;
  try {
    reconciled = await reconcileAfterEvent(user, request.expected, service);
  } catch (error) {
    if (error instanceof SupersededError) {
      decided({ level: "WARN", user, action: "superseded", reason: error.message });
    } else {
      // Lambda logs what is thrown, but not whom it was about.
      const isUnholdable = error instanceof UnholdableError;
      const finding = isUnholdable ? { finding: "unholdable" } : {};
      const line = decided({ level: "ERROR", user, action: "failed", ...finding, error: String(error) });
      if (isUnholdable) counted({ Unholdable: 1 });
      const [detailType, what]: [DetailType, string] = isUnholdable
        ? ["User Unholdable", `No guard can hold ${user}, for both of IAM's quotas are full`]
        : ["Event Failed", `An event about ${user} was not carried out: ${wordsOf(error)}`];
      await tellAndCount([{ detailType, line, happened: `${what}. ${cause}` }], service);
    }
    // What the error says of the user is for the log, and not for whoever invokes the function.
    throw new Error("the event was not carried out; the function's log says why", { cause: error });
  }
  const { outcome, first, missingGroups } = reconciled;
  const warnings = warningsOf(request, first, outcome, rules);
  const line = decided(warnings.length === 0 ? { level: "INFO", ...outcome } : { level: "WARN", ...outcome, warnings });
  const isEnrolment = request.enrolment !== undefined;
  const news: News[] = [...newsOfDecision({ outcome, warnings, isEnrolment, line, cause })];
  const { secondsSinceCall } = secondsSince(origin, clock.now());
  if (outcome.writes.length > 0 && secondsSinceCall !== undefined) counted({ SecondsSinceCall: secondsSinceCall });
  if (missingGroups.length > 0) {
    const undecided = outcome.undecidedBy !== undefined;
    const effect = undecided
      ? `${user} stays ${outcome.decision === "hold" ? "held" : "free"}, for it depends on that where they belong`
      : `${user} is where the state says all the same`;
    const error = `${missingInWords(missingGroups)}; ${effect}`;
    const missing = { level: "ERROR", finding: "missing-group", call, user, groups: missingGroups, undecided, error };
    log(missing);
    counted({ MissingGroups: missingGroups.length });
    news.push({ detailType: "Group Missing", line: missing, happened: `${error}. ${cause}` });
  }
  await tellAndCount(news, service);
}
