import * as v from "valibot";
import { readEvent } from "../core/events";
import { SweepEvent, type SweepRequest } from "../core/sweep-request";
import { type HandlerContext, type Outcome, reconcileAfterEvent } from "./reconcile";
import { wrongSince } from "./sweep/drift";
import { metricsOf } from "./sweep/metrics";
import { type SweepContext, sweep } from "./sweep/sweep";
import { SweepError, type SweepSummary } from "./sweep/sweep-summary";

/** Writes one line of the log: one JSON object. */
type Log = (line: Readonly<Record<string, unknown>>) => void;

/** What the function works with. */
export interface Service extends HandlerContext, SweepContext {
  /** Seconds between scheduled sweeps. */
  readonly sweepEverySeconds: number;
  readonly functionName: string;
  readonly log: Log;
}

/** What an event came to: the outcome for the user it was about, or why it was about nobody; or a sweep's summary. */
export type Response = Outcome | { readonly action: "ignored"; readonly reason: string } | SweepSummary;

/** After so many seconds a deploy's first run begins with nobody new, to answer within 60; nobody waits for the next. */
const DEPLOY_RUN_SECONDS = 40;

/**
 * Answers one invocation: a request for a sweep, or an event, whose user it puts where the state says. Logs one line a
 * decision.
 *
 * @throws what reconciling and sweeping throw, and TypeError for what is neither, so that Lambda counts the error and tries
 *   again
 */
export async function respond(given: unknown, service: Service): Promise<Response> {
  if (typeof given !== "object" || given === null || !("sweep" in given)) return respondToEvent(given, service);
  const request = v.safeParse(SweepEvent, given);
  if (request.success) return respondToSweep(request.output.sweep, service);
  const problems = request.issues.map((issue) => `${v.getDotPath(issue) ?? "sweep"}: ${issue.message}`);
  throw new TypeError(`not a request for a sweep: ${problems.join("; ")}`);
}

async function respondToEvent(event: unknown, service: Service): Promise<Response> {
  const { log } = service;
  const request = readEvent(event);
  if (request.kind === "nobody") {
    log({ level: "INFO", call: request.call, action: "ignored", reason: request.reason });
    return { action: "ignored", reason: request.reason };
  }
  try {
    const outcome = await reconcileAfterEvent(request.user, request.expected, service);
    log({ level: levelOf(outcome), call: request.call, ...outcome });
    return outcome;
  } catch (error) {
    // Lambda logs what is thrown, but not whom it was about.
    log({ level: "ERROR", call: request.call, user: request.user, action: "failed", error: String(error) });
    throw error;
  }
}

/** Becoming exempt is worth more than a line among many: it is how someone gets out. */
function levelOf({ lagging, action, exempt }: Outcome): "INFO" | "WARN" {
  return lagging || (action === "freed" && exempt) ? "WARN" : "INFO";
}

async function respondToSweep(request: SweepRequest, service: Service): Promise<Response> {
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
