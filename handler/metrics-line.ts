/** The namespace of this program's metrics. */
const NAMESPACE = "require-mfa";

/**
 * Metrics as a line of the log that CloudWatch turns into metrics by itself (CloudWatch User Guide, "Embedded metric format
 * specification").
 *
 * @param values by the metrics' names; one that ends in Duration is in seconds, every other a count
 * @param functionName the one dimension: every stack has a function of its own
 * @param at milliseconds since 1970
 */
export function metricsLine(values: Readonly<Record<string, number>>, functionName: string, at: number) {
  const unitOf = (name: string) => (name.endsWith("Duration") ? "Seconds" : "Count");
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [["FunctionName"]],
          Metrics: Object.keys(values).map((Name) => ({ Name, Unit: unitOf(Name) })),
        },
      ],
    },
    FunctionName: functionName,
    ...values,
  };
}
