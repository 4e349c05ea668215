import type { Mode } from "../core/modes";
import type { SweepRequest } from "../core/sweep-request";
import { wordsOf } from "../core/words-of";
import type { Outcome } from "./reconcile";
import type { Service } from "./service";
import { wrongSince } from "./sweep/drift";
import { findingsOf } from "./sweep/findings";
import { metricsOf } from "./sweep/metrics";
import { sweep } from "./sweep/sweep";
import type { SweepSummary } from "./sweep/sweep-summary";

/**
 * After so many seconds a deploy's first run begins with nobody new, to answer within 60, or a little more where it looks
 * at a guard a second time; nobody waits for the next.
 */
const DEPLOY_RUN_SECONDS = 40;

/** A sweep that falls short; everybody else is where the state says. */
export class SweepError extends Error {
  override readonly name = "SweepError";

  constructor(
    message: string,
    readonly summary: SweepSummary,
  ) {
    super(message);
  }
}

/**
 * Sweeps the account, and logs whom it moved, what it found and its figures.
 *
 * @throws SweepError where the sweep falls short and a deploy waits to hear of it, or trying again may help; what else
 *   sweeping throws
 */
export async function respondToSweep(request: SweepRequest, service: Service): Promise<SweepSummary> {
  const { log, clock, sweepEverySeconds, functionName, rules, startNextRun } = service;
  const started = clock.now();
  const isAwaited = request.by === "deploy" && request.run === 1;
  const secondsLeft = (): number => {
    const most = isAwaited ? DEPLOY_RUN_SECONDS - (clock.now() - started) / 1000 : Number.POSITIVE_INFINITY;
    return Math.min(service.secondsLeft(), most);
  };
  let drift = 0;
  const tell = (outcome: Outcome): void => {
    // A deploy's sweep changes what the deploy asked for; only a scheduled one finds what should have been done already.
    const since = request.by === "schedule" ? wrongSince(outcome, started, sweepEverySeconds) : undefined;
    if (since !== undefined) drift++;
    if (outcome.action === "none") return;
    log({
      level: since === undefined ? levelOf(outcome, rules.mode) : "WARN",
      sweep: request,
      ...outcome,
      ...(since && { drift: { since } }),
    });
  };
  const { summary, complaint, next } = await sweep(request, { ...service, secondsLeft }, tell).catch(
    (error: unknown) => {
      log({ level: "ERROR", sweep: request, action: "failed", error: String(error) });
      throw error;
    },
  );
  for (const { level, ...finding } of findingsOf(summary)) log({ level, sweep: request, ...finding });
  log({ level: summary.left > 0 ? "WARN" : "INFO", sweep: request, drift, summary });
  log(metricsOf(summary, drift, functionName, clock.now()));
  const failedStart = next && (await startNextRun(next).then(() => undefined, notStarted));
  const message = [failedStart ?? [], complaint?.message ?? []].flat().join(". ");
  if (message === "") return summary;
  log({ level: "ERROR", sweep: request, action: "failed", error: message });
  // What the next scheduled sweep would only find again is told once; Lambda would repeat the run twice for nothing.
  if (isAwaited || failedStart !== undefined || complaint?.mayPass) throw new SweepError(message, summary);
  return summary;
}

function notStarted(refusal: unknown): string {
  return `the next run could not be started: ${wordsOf(refusal)}`;
}

/**
 * The level of what a sweep did. Becoming exempt is worth more than a line among many, and so is becoming free without a
 * device: it is how someone gets out. So is a moment without a guard.
 */
function levelOf({ action, exempt, outBeforeIn, seen }: Outcome, mode: Mode): "INFO" | "WARN" {
  const isUnprotected = seen?.password === true && seen.devices.length === 0 && mode !== "off";
  return outBeforeIn || (action === "freed" && (exempt || isUnprotected)) ? "WARN" : "INFO";
}
