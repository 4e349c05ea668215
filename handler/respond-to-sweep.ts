import { withShortLists } from "../core/lists";
import type { SweepRequest } from "../core/sweep-request";
import { wordsOf } from "../core/words-of";
import type { Outcome } from "./reconcile";
import type { Service } from "./service";
import { wrongSince } from "./sweep/drift";
import { findingsOf } from "./sweep/findings";
import { metricsOf } from "./sweep/metrics";
import { sweep } from "./sweep/sweep";
import type { SweepSummary } from "./sweep/sweep-summary";
import type { News } from "./told/news";
import { type Decided, newsOfSweptUsers } from "./told/news-of-decisions";
import { isFirstOfDay, newsOfFindings } from "./told/news-of-findings";
import { tell, tellAndCount } from "./told/tell";
import { warningsOfSweep } from "./warnings";

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
 * Sweeps the account. Logs and tells whom it moved and what it found, and logs its figures.
 *
 * @throws SweepError where the sweep falls short and a deploy waits to hear of it, or trying again may help; what else
 *   sweeping throws
 */
export async function respondToSweep(request: SweepRequest, service: Service): Promise<SweepSummary> {
  const { log, clock, sweepEverySeconds, functionName, rules, maxReleases, startNextRun } = service;
  const started = clock.now();
  const isAwaited = request.by === "deploy" && request.run === 1;
  const secondsLeft = (): number => {
    const most = isAwaited ? DEPLOY_RUN_SECONDS - (clock.now() - started) / 1000 : Number.POSITIVE_INFINITY;
    return Math.min(service.secondsLeft(), most);
  };
  let drift = 0;
  const decided: Decided[] = [];
  const note = (outcome: Outcome): void => {
    // A deploy's sweep changes what the deploy asked for; only a scheduled one finds what should have been done already.
    const since = request.by === "schedule" ? wrongSince(outcome, started, sweepEverySeconds) : undefined;
    if (since !== undefined) drift++;
    if (outcome.action === "none") return;
    const warnings = warningsOfSweep(outcome, rules.mode);
    const line = {
      level: since === undefined && warnings.length === 0 ? "INFO" : "WARN",
      sweep: request,
      ...outcome,
      ...(warnings.length > 0 && { warnings }),
      ...(since && { drift: { since } }),
    };
    log(line);
    decided.push({ outcome, warnings, isEnrolment: false, line, cause: causeInWords(request, since) });
  };
  const { summary, complaint, next } = await sweep(request, { ...service, secondsLeft }, note).catch(
    async (error: unknown) => {
      const failure = logFailure(String(error), request, service);
      await tellAndCount([...newsOfSweptUsers(decided, request), failure], service);
      throw error;
    },
  );
  const findings = findingsOf(summary, maxReleases).map(({ level, ...finding }) => {
    return { level, sweep: request, ...finding };
  });
  for (const finding of findings) log(finding);
  const answer = withShortLists(summary);
  log({ level: summary.left > 0 ? "WARN" : "INFO", sweep: request, drift, summary: answer });
  const failedStart = next && (await startNextRun(next).then(() => undefined, notStarted));
  const message = [failedStart ?? [], complaint?.message ?? []].flat().join(". ");
  const failure = message === "" ? undefined : logFailure(message, request, service);
  // What the next scheduled sweep would only find again is told once; Lambda would repeat the run twice for nothing.
  const fails = failure !== undefined && (isAwaited || failedStart !== undefined || complaint?.mayPass === true);
  const isCutShort = summary.left > 0 && next === undefined;
  const notTold = await tell(
    [
      ...newsOfSweptUsers(decided, request),
      ...newsOfFindings(findings, isFirstOfDay(request, started, sweepEverySeconds)),
      ...(failure !== undefined && (fails || isCutShort) ? [failure] : []),
    ],
    service,
  );
  // Of its start, for an alarm's periods are as long as from one start to the next.
  log(metricsOf(summary, { drift, notTold }, functionName, started));
  if (fails) throw new SweepError(message, answer);
  return answer;
}

/** Logs that a sweep fell short, and returns it to be told. */
function logFailure(error: string, sweep: SweepRequest, { log }: Service): News {
  const line = { level: "ERROR", sweep, action: "failed", error };
  log(line);
  return { detailType: "Sweep Failed", line, happened: `A sweep fell short: ${error}` };
}

function notStarted(refusal: unknown): string {
  return `the next run could not be started: ${wordsOf(refusal)}`;
}

function causeInWords({ by }: SweepRequest, since: string | undefined): string {
  const drift =
    since === undefined
      ? ""
      : `, which may have been so since ${since}: an event was lost, or somebody worked around the guards`;
  return `The sweep of ${by === "deploy" ? "a deploy" : "the schedule"} found it${drift}`;
}
