import type { SweepMetricName } from "../../core/metrics";
import { metricsLine } from "../metrics-line";
import type { SweepSummary } from "./sweep-summary";

/** What only a sweep's first run looks at: a further one must not say that the guards are well, or that there is a trail. */
type OfFirstRun = "GuardBroken" | "GuardReattached" | "TrailMissing";

/** What a sweep's metrics count beside what its summary does. */
interface Beside {
  readonly drift: number;
  /** How many events were not taken. */
  readonly notTold: number;
}

/** A sweep's metrics, zero too, as {@link metricsLine} takes functionName and at. */
export function metricsOf(summary: SweepSummary, { drift, notTold }: Beside, functionName: string, at: number) {
  const ofEveryRun: Readonly<Record<Exclude<SweepMetricName, OfFirstRun>, number>> = {
    Users: summary.users,
    HeldInQuarantine: summary.held.quarantine,
    HeldInConditional: summary.held.conditional,
    HeldInSealed: summary.held.sealed,
    Free: summary.free,
    Exempt: summary.exempt.length,
    ExemptUnprotected: summary.exemptUnprotected.length,
    Withheld: summary.withheld.length,
    Pending: summary.pending.length,
    NewlyHeld: summary.newlyHeld,
    Moved: summary.moved,
    Freed: summary.freed,
    Drift: drift,
    // Who can't be held has a metric, and so an alarm, of their own.
    Failures: summary.failures.length - summary.unholdable.length,
    Unholdable: summary.unholdable.length,
    ReleasesStopped: summary.releasesStopped.length + summary.releasesStoppedByScope.length,
    MissingGroups: summary.missingGroups.length,
    NotTold: notTold,
    RootWithoutMfa: summary.rootWithoutMfa ? 1 : 0,
    ReportMissing: summary.reportFailure === undefined ? 0 : 1,
    Left: summary.left,
    Calls: summary.calls,
    SweepDuration: summary.seconds,
  };
  const ofFirstRun: Readonly<Record<OfFirstRun, number>> = {
    GuardBroken: summary.guards.broken.length,
    GuardReattached: summary.guards.reattached.length,
    TrailMissing: summary.trail?.state === "missing" ? 1 : 0,
  };
  return metricsLine({ ...ofEveryRun, ...(summary.run === 1 && ofFirstRun) }, functionName, at);
}
