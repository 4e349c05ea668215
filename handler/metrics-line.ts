import { METRIC_NAMESPACE, METRICS, type MetricName } from "../core/metrics";

/** Figures by the names of metrics. */
export type MetricValues = { readonly [Name in MetricName]?: number };

/**
 * Metrics as a line of the log that CloudWatch turns into metrics by itself (CloudWatch User Guide, "Embedded metric format
 * specification").
 *
 * @param values by the metrics' names, in the metrics' units
 * @param functionName the one dimension: every stack has a function of its own
 * @param at milliseconds since 1970
 */
export function metricsLine(values: MetricValues, functionName: string, at: number) {
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [["FunctionName"]],
          Metrics: Object.entries(METRICS)
            .filter(([name]) => name in values)
            .map(([Name, { unit }]) => ({ Name, Unit: unit })),
        },
      ],
    },
    FunctionName: functionName,
    ...values,
  };
}
