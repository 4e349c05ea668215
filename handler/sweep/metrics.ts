import { GUARD_NAMES } from "../../core/guards";
import type { SweepSummary } from "./sweep-summary";

/** The namespace of this program's metrics. */
const NAMESPACE = "require-mfa";

/**
 * A sweep's metrics as a line of the log that CloudWatch turns into metrics by itself (CloudWatch User Guide, "Embedded
 * metric format specification").
 *
 * @param functionName the one dimension: every stack has a function of its own
 * @param at milliseconds since 1970
 */
export function metricsOf(summary: SweepSummary, drift: number, functionName: string, at: number) {
  const counts = {
    Users: summary.users,
    ...heldByGuard(summary),
    Free: summary.free,
    Exempt: summary.exempt.length,
    Withheld: summary.withheld.length,
    NewlyHeld: summary.newlyHeld,
    Moved: summary.moved,
    Freed: summary.freed,
    Drift: drift,
    Failures: summary.failures.length,
    ReleasesStopped: summary.releasesStopped.length,
    Left: summary.left,
    Calls: summary.calls,
  };
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [["FunctionName"]],
          Metrics: [
            ...Object.keys(counts).map((Name) => ({ Name, Unit: "Count" })),
            { Name: "SweepDuration", Unit: "Seconds" },
          ],
        },
      ],
    },
    FunctionName: functionName,
    ...counts,
    SweepDuration: summary.seconds,
  };
}

/** HeldInQuarantine and its brothers. */
function heldByGuard({ held }: SweepSummary): Readonly<Record<string, number>> {
  const metricOf = (guard: string) => `HeldIn${guard.charAt(0).toUpperCase()}${guard.slice(1)}`;
  return Object.fromEntries(GUARD_NAMES.map((guard) => [metricOf(guard), held[guard]]));
}
