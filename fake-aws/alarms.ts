import * as v from "valibot";

/**
 * What CloudWatch would do: alarms as they are deployed, over metrics as they come. It knows a closed part of what an
 * alarm can be and throws on the rest, as CloudWatch refuses what it does not know. The rules are those of the CloudWatch
 * User Guide, "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data", and of the API Reference,
 * PutMetricAlarm.
 */

/** One value of a metric. */
export interface Datum {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const Directive = v.object({
  Namespace: v.string(),
  Dimensions: v.array(v.array(v.string())),
  Metrics: v.array(v.object({ Name: v.string() })),
});
const EmbeddedMetrics = v.looseObject({
  _aws: v.object({ Timestamp: v.number(), CloudWatchMetrics: v.array(Directive) }),
});

/**
 * The metrics that a line of a function's log carries (CloudWatch User Guide, "Embedded metric format specification"); none
 * where it carries none. Throws where a dimension or a value that it promises is not there.
 */
export function metricsIn(line: Readonly<Record<string, unknown>>): readonly Datum[] {
  if (!("_aws" in line)) return [];
  const { _aws, ...members } = v.parse(EmbeddedMetrics, line);
  const member = <T>(schema: v.GenericSchema<unknown, T>, name: string): T => v.parse(schema, members[name]);
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => ({
        namespace: Namespace,
        metricName: Name,
        dimensions: Object.fromEntries(names.map((name) => [name, member(v.string(), name)])),
        value: member(v.number(), Name),
        at: _aws.Timestamp,
      })),
    ),
  );
}

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** An alarm that has come into another state. */
export interface StateChange {
  readonly to: AlarmState;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The ARNs that are told. */
  readonly actions: readonly string[];
}

const DAY_SECONDS = 86_400;

const WholeNumber = v.pipe(v.number(), v.integer(), v.minValue(1));
const Actions = v.pipe(v.array(v.pipe(v.string(), v.startsWith("arn:"))), v.maxLength(5));
const Inputs = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.maxLength(255))),
  alarmDescription: v.pipe(v.string(), v.maxLength(1_024)),
  namespace: v.string(),
  metricName: v.string(),
  dimensions: v.record(v.string(), v.pipe(v.string(), v.minLength(1))),
  statistic: v.picklist(["Average", "Maximum", "Minimum", "SampleCount", "Sum"]),
  period: v.pipe(WholeNumber, v.multipleOf(60)),
  comparisonOperator: v.picklist([
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanThreshold",
  ]),
  threshold: v.number(),
  evaluationPeriods: WholeNumber,
  datapointsToAlarm: WholeNumber,
  treatMissingData: v.picklist(["breaching", "ignore", "missing", "notBreaching"]),
  alarmActions: Actions,
  okActions: v.optional(Actions, []),
});

type Inputs = v.InferOutput<typeof Inputs>;

/** What AWS does not tell of CloudWatch. */
export interface Unknowns {
  /** At how many periods it looks; it is more than it evaluates, two more if left out. */
  readonly evaluationRange?: number;
  /** Seconds from the time of a datum until it counts; none if left out. */
  readonly delaySeconds?: number;
}

const MINUTE_MS = 60_000;

/** An alarm, read. */
export interface Alarm {
  /** Seconds. */
  readonly period: number;
  /**
   * The states that it comes into while time passes, evaluated on every full minute. It begins, made at `from`, with
   * insufficient data, and looks back on what was there before.
   */
  changes(data: readonly Datum[], from: Date, until: Date, unknowns?: Unknowns): readonly StateChange[];
}

/**
 * Reads an alarm as the resource's inputs say it, every output known.
 *
 * @throws Error on all that is not known here and on all that CloudWatch refuses
 */
export function readAlarm(inputs: unknown): Alarm {
  const alarm = v.parse(Inputs, inputs);
  const { period, evaluationPeriods, datapointsToAlarm, alarmActions, okActions } = alarm;
  const longest = period < 3_600 ? DAY_SECONDS : 7 * DAY_SECONDS;
  if (evaluationPeriods * period > longest)
    throw new Error(`${evaluationPeriods} × ${period} s are more than ${longest} s`);
  if (datapointsToAlarm > evaluationPeriods) throw new Error("more data points are to breach than are evaluated");
  const breaches = breachOf(alarm);
  return {
    period,
    changes: (data, from, until, { evaluationRange = evaluationPeriods + 2, delaySeconds = 0 } = {}) => {
      const seriesAt = seriesOf(alarm, data, evaluationRange, delaySeconds);
      const actions = { ALARM: alarmActions, OK: okActions, INSUFFICIENT_DATA: [] };
      const changes: StateChange[] = [];
      let state: AlarmState = "INSUFFICIENT_DATA";
      for (let at = Math.ceil(from.getTime() / MINUTE_MS) * MINUTE_MS; at <= until.getTime(); at += MINUTE_MS) {
        const next = stateAfter(
          seriesAt(at).map((value) => (value === undefined ? undefined : breaches(value))),
          alarm,
          state,
        );
        if (next !== state) changes.push({ to: next, at, actions: actions[next] });
        state = next;
      }
      return changes;
    },
  };
}

/** How an alarm counts the data points of its evaluation range. */
interface Counting {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: "breaching" | "ignore" | "missing" | "notBreaching";
}

/**
 * The state after an evaluation. As long as there are as many data points as are evaluated, the latest of them count,
 * however old, and what is missing does not.
 *
 * @param range whether each data point of the evaluation range breaches, oldest first; undefined where it is missing
 */
export function stateAfter(
  range: readonly (boolean | undefined)[],
  { evaluationPeriods, datapointsToAlarm, treatMissingData }: Counting,
  before: AlarmState,
): AlarmState {
  const evaluated = range.filter((breaches) => breaches !== undefined).slice(-evaluationPeriods);
  const breaching = evaluated.filter(Boolean).length;
  const toFill = evaluationPeriods - evaluated.length;
  const filled = treatMissingData === "breaching" ? toFill : 0;
  if (breaching + filled >= datapointsToAlarm) return "ALARM";
  if (toFill === 0 || breaching < evaluated.length) return "OK";
  // Nothing that is there is within the threshold, and it is not enough to breach.
  switch (treatMissingData) {
    case "breaching":
    case "notBreaching":
      return "OK";
    case "ignore":
      return before;
    case "missing": {
      const age = breaching === 0 ? 0 : range.length - range.indexOf(true);
      return age >= datapointsToAlarm ? "ALARM" : "INSUFFICIENT_DATA";
    }
  }
}

/** Tells an alarm's values in so many periods that end at a moment, oldest first; undefined where there is none. */
function seriesOf({ period, statistic, ...alarm }: Inputs, data: readonly Datum[], periods: number, delay: number) {
  const key = ({ namespace, metricName, dimensions }: Pick<Datum, "namespace" | "metricName" | "dimensions">) =>
    JSON.stringify([namespace, metricName, Object.entries(dimensions).sort()]);
  const own = data
    .filter((datum) => key(datum) === key(alarm))
    // Metrics are kept by the minute.
    .map(({ at, value }) => ({
      minute: Math.floor(at / MINUTE_MS) * MINUTE_MS,
      countsFrom: at + delay * 1_000,
      value,
    }));
  const length = period * 1_000;
  return (now: number): readonly (number | undefined)[] =>
    Array.from({ length: periods }, (_, index) => {
      const end = now - (periods - 1 - index) * length;
      const inPeriod = own.filter(
        ({ minute, countsFrom }) => minute >= end - length && minute < end && countsFrom <= now,
      );
      return aggregate(
        inPeriod.map(({ value }) => value),
        statistic,
      );
    });
}

function aggregate(values: readonly number[], statistic: Inputs["statistic"]): number | undefined {
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (statistic) {
    case "Average":
      return sum / values.length;
    case "Maximum":
      return Math.max(...values);
    case "Minimum":
      return Math.min(...values);
    case "SampleCount":
      return values.length;
    case "Sum":
      return sum;
  }
}

function breachOf({ comparisonOperator, threshold }: Inputs) {
  return (value: number): boolean => {
    switch (comparisonOperator) {
      case "GreaterThanOrEqualToThreshold":
        return value >= threshold;
      case "GreaterThanThreshold":
        return value > threshold;
      case "LessThanOrEqualToThreshold":
        return value <= threshold;
      case "LessThanThreshold":
        return value < threshold;
    }
  };
}
