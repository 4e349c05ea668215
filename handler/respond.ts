import * as v from "valibot";
import { type CallOrigin, readEvent } from "../core/events";
import { missingInWords } from "../core/missing-groups";
import { SweepEvent, type SweepRequest } from "../core/sweep-request";
import {
  type EventContext,
  type EventOutcome,
  type Outcome,
  reconcileAfterEvent,
  SupersededError,
  UnholdableError,
} from "./reconcile";
import { wrongSince } from "./sweep/drift";
import { metricsOf } from "./sweep/metrics";
import { type SweepContext, sweep } from "./sweep/sweep";
import { SweepError, type SweepSummary } from "./sweep/sweep-summary";
import { warningsOf } from "./warnings";

/** Writes one line of the log: one JSON object. */
type Log = (line: Readonly<Record<string, unknown>>) => void;

/** What the function works with. */
export interface Service extends EventContext, SweepContext {
  /** Seconds between scheduled sweeps. */
  readonly sweepEverySeconds: number;
  readonly functionName: string;
  readonly log: Log;
}

/**
 * What an invoker is told: a sweep's summary, and of an event nothing. Who may invoke the function could otherwise ask it
 * where any user stands; the log tells that.
 */
export type Response = SweepSummary | undefined;

/** After so many seconds a deploy's first run begins with nobody new, to answer within 60; nobody waits for the next. */
const DEPLOY_RUN_SECONDS = 40;

/**
 * Answers one invocation: a request for a sweep, or an event, whose user it puts where the state says. Logs one line a
 * decision.
 *
 * @throws what sweeping throws; Error where an event could not be carried out, so that Lambda counts it and tries again;
 *   and TypeError for what is neither
 */
export async function respond(given: unknown, service: Service): Promise<Response> {
  if (typeof given !== "object" || given === null || !("sweep" in given)) return respondToEvent(given, service);
  const request = v.safeParse(SweepEvent, given);
  if (request.success) return respondToSweep(request.output.sweep, service);
  const problems = request.issues.map((issue) => `${v.getDotPath(issue) ?? "sweep"}: ${issue.message}`);
  throw new TypeError(`not a request for a sweep: ${problems.join("; ")}`);
}

async function respondToEvent(event: unknown, service: Service): Promise<undefined> {
  const { log, clock, rules } = service;
  const request = readEvent(event);
  const { call, origin } = request;
  const decided = (line: Readonly<Record<string, unknown>> & { readonly level: Level }): void => {
    const { level, ...rest } = line;
    log({ level, call, ...origin, ...secondsSince(origin, clock.now()), ...rest });
  };
  if (request.kind === "nobody") {
    decided({ level: "INFO", action: "ignored", reason: request.reason });
    return;
  }
  const { user } = request;
  let reconciled: EventOutcome;
  try {
    reconciled = await reconcileAfterEvent(user, request.expected, service);
  } catch (error) {
    if (error instanceof SupersededError) {
      decided({ level: "WARN", user, action: "superseded", reason: error.message });
    } else {
      // Lambda logs what is thrown, but not whom it was about.
      const finding = error instanceof UnholdableError ? { finding: "unholdable" } : {};
      decided({ level: "ERROR", user, action: "failed", ...finding, error: String(error) });
    }
    // What the error says of the user is for the log, and not for whoever invokes the function.
    throw new Error("the event was not carried out; the function's log says why", { cause: error });
  }
  const { outcome, first, missingGroups } = reconciled;
  const warnings = warningsOf(request, first, outcome, rules);
  decided(warnings.length === 0 ? { level: "INFO", ...outcome } : { level: "WARN", ...outcome, warnings });
  if (missingGroups.length > 0) {
    const undecided = outcome.undecidedBy !== undefined;
    const effect = undecided
      ? `${user} stays ${outcome.decision === "hold" ? "held" : "free"}, for it depends on that where they belong`
      : `${user} is where the state says all the same`;
    const error = `${missingInWords(missingGroups)}; ${effect}`;
    log({ level: "ERROR", finding: "missing-group", call, user, groups: missingGroups, undecided, error });
  }
}

type Level = "INFO" | "WARN" | "ERROR";

/** Seconds from the call to this moment; nothing where the record gives no time. */
function secondsSince({ eventTime }: CallOrigin, now: number): { readonly secondsSinceCall?: number } {
  const called = Date.parse(eventTime ?? "");
  return Number.isNaN(called) ? {} : { secondsSinceCall: Math.round((now - called) / 1000) };
}

/**
 * The level of what a sweep did. Becoming exempt is worth more than a line among many: it is how someone gets out. So is
 * a moment without a guard.
 */
function levelOf({ action, exempt, outBeforeIn }: Outcome): "INFO" | "WARN" {
  return outBeforeIn || (action === "freed" && exempt) ? "WARN" : "INFO";
}

async function respondToSweep(request: SweepRequest, service: Service): Promise<SweepSummary> {
  const { log, clock, sweepEverySeconds, functionName } = service;
  const started = clock.now();
  const lastSweep = started - sweepEverySeconds * 1000;
  const mostSeconds = request.by === "deploy" && request.run === 1 ? DEPLOY_RUN_SECONDS : Number.POSITIVE_INFINITY;
  const hasTime = () => service.hasTime() && clock.now() < started + mostSeconds * 1000;
  let drift = 0;
  const tell = (outcome: Outcome): void => {
    // A deploy's sweep changes what the deploy asked for; only a scheduled one finds what should have been done already.
    const since = request.by === "schedule" ? wrongSince(outcome, lastSweep) : undefined;
    if (since !== undefined) drift++;
    if (outcome.action === "none") return;
    log({
      level: since === undefined ? levelOf(outcome) : "WARN",
      sweep: request,
      ...outcome,
      ...(since && { drift: { since } }),
    });
  };
  const summed = (summary: SweepSummary): void => {
    log({ level: summary.left > 0 ? "WARN" : "INFO", sweep: request, drift, summary });
    log(metricsOf(summary, drift, functionName, clock.now()));
  };
  try {
    const summary = await sweep(request, { ...service, hasTime }, tell);
    summed(summary);
    return summary;
  } catch (error) {
    if (error instanceof SweepError) summed(error.summary);
    log({ level: "ERROR", sweep: request, action: "failed", error: String(error) });
    throw error;
  }
}
