import { metricsLine } from "../metrics-line";
import type { SweepSummary } from "./sweep-summary";

/** What a sweep's metrics count beside what its summary does. */
interface Beside {
  readonly drift: number;
  /** How many events were not taken. */
  readonly notTold: number;
}

/** A sweep's metrics, as {@link metricsLine} takes functionName and at. */
export function metricsOf(summary: SweepSummary, { drift, notTold }: Beside, functionName: string, at: number) {
  const counts = {
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
    Failures: summary.failures.length,
    Unholdable: summary.unholdable.length,
    ReleasesStopped: summary.releasesStopped.length + summary.releasesStoppedByScope.length,
    MissingGroups: summary.missingGroups.length,
    // A further run does not look at the guards or for a trail, and must not say that they are well.
    ...(summary.run === 1 && {
      GuardBroken: summary.guards.broken.length,
      GuardReattached: summary.guards.reattached.length,
      TrailMissing: summary.trail?.state === "missing" ? 1 : 0,
    }),
    NotTold: notTold,
    RootWithoutMfa: summary.rootWithoutMfa ? 1 : 0,
    Left: summary.left,
    Calls: summary.calls,
  };
  return metricsLine({ ...counts, SweepDuration: summary.seconds }, functionName, at);
}
