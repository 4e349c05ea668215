/** The namespace of the metrics that the handler puts. */
export const METRIC_NAMESPACE = "require-mfa";

/**
 * When a metric is put: at each sweep, zero too; or only where an event brought something to count; or both. In a sweep's
 * further runs those of the guards and of the trail are left out, at which only the first looks.
 */
type PutAt = "sweeps" | "events" | "both";

interface Metric {
  readonly unit: "Count" | "Seconds";
  readonly putAt: PutAt;
}

/** The metrics that the handler puts, by name, in the order in which they are told everywhere. */
export const METRICS = {
  Users: { unit: "Count", putAt: "sweeps" },
  HeldInQuarantine: { unit: "Count", putAt: "sweeps" },
  HeldInConditional: { unit: "Count", putAt: "sweeps" },
  HeldInSealed: { unit: "Count", putAt: "sweeps" },
  Free: { unit: "Count", putAt: "sweeps" },
  Exempt: { unit: "Count", putAt: "sweeps" },
  ExemptUnprotected: { unit: "Count", putAt: "sweeps" },
  Withheld: { unit: "Count", putAt: "sweeps" },
  Pending: { unit: "Count", putAt: "sweeps" },
  NewlyHeld: { unit: "Count", putAt: "sweeps" },
  Moved: { unit: "Count", putAt: "sweeps" },
  Freed: { unit: "Count", putAt: "sweeps" },
  Drift: { unit: "Count", putAt: "sweeps" },
  Failures: { unit: "Count", putAt: "sweeps" },
  Unholdable: { unit: "Count", putAt: "both" },
  ReleasesStopped: { unit: "Count", putAt: "sweeps" },
  MissingGroups: { unit: "Count", putAt: "both" },
  GuardBroken: { unit: "Count", putAt: "both" },
  GuardReattached: { unit: "Count", putAt: "both" },
  TrailMissing: { unit: "Count", putAt: "sweeps" },
  NotTold: { unit: "Count", putAt: "both" },
  RootWithoutMfa: { unit: "Count", putAt: "sweeps" },
  ReportMissing: { unit: "Count", putAt: "sweeps" },
  Left: { unit: "Count", putAt: "sweeps" },
  Calls: { unit: "Count", putAt: "sweeps" },
  SweepDuration: { unit: "Seconds", putAt: "sweeps" },
  SecondsSinceCall: { unit: "Seconds", putAt: "events" },
} as const satisfies Readonly<Record<string, Metric>>;

/** The name of a metric that the handler puts. */
export type MetricName = keyof typeof METRICS;

/** The name of a metric that every sweep puts. */
export type SweepMetricName = {
  [Name in MetricName]: (typeof METRICS)[Name]["putAt"] extends "events" ? never : Name;
}[MetricName];
