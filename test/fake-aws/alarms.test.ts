import { expect } from "chai";
import { type AlarmState, type Datum, metricsIn, readAlarm, stateAfter, type Unknowns } from "../../fake-aws/alarms";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:told";
const HOUR = 3_600;

/** An alarm on a metric of a function, one data point of one over zero, in minutes; some of it otherwise. */
const alarm = (otherwise: Readonly<Record<string, unknown>> = {}) => ({
  alarmDescription: "Something is the matter. First: look.",
  namespace: "shop",
  metricName: "Failures",
  dimensions: { FunctionName: "till" },
  statistic: "Sum",
  period: 60,
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: "notBreaching",
  alarmActions: [TOPIC],
  ...otherwise,
});
const START = new Date("2026-03-05T01:00:00Z");
const minutesLater = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const datum = (minute: number, value: number, metricName = "Failures"): Datum => ({
  namespace: "shop",
  metricName,
  dimensions: { FunctionName: "till" },
  value,
  at: minutesLater(minute).getTime(),
});

/** What an alarm does over some minutes, each change as `minute state`. */
function played(inputs: unknown, data: readonly Datum[], minutes: number, unknowns?: Unknowns): readonly string[] {
  const changes = readAlarm(inputs).changes(data, START, minutesLater(minutes), unknowns);
  return changes.map(({ to, at }) => `${(at - START.getTime()) / 60_000} ${to}`);
}

describe("the stand-in for CloudWatch's alarms", () => {
  describe("counts missing data as AWS's tables say", () => {
    const KEPT = "as it was";
    /** [M of 3, the evaluation range, the state where missing data is missing, ignored, breaching, not breaching]. */
    const TABLES: readonly (readonly [number, string, string, string, string, string])[] = [
      [3, "0 - X - X", "OK", "OK", "OK", "OK"],
      [3, "0 - - - -", "OK", "OK", "OK", "OK"],
      [3, "- - - - -", "INSUFFICIENT_DATA", KEPT, "ALARM", "OK"],
      [3, "0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
      [3, "- - X - -", "ALARM", KEPT, "ALARM", "OK"],
      [2, "0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
      [2, "0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
      [2, "0 - X - -", "OK", "OK", "ALARM", "OK"],
      [2, "- - - - 0", "OK", "OK", "ALARM", "OK"],
      [2, "- - - X -", "ALARM", KEPT, "ALARM", "OK"],
    ];
    const WAYS = ["missing", "ignore", "breaching", "notBreaching"] as const;
    for (const [datapointsToAlarm, range, ...expected] of TABLES) {
      it(`${datapointsToAlarm} of 3: ${range}`, () => {
        const points = range.split(" ").map((sign) => (sign === "-" ? undefined : sign === "X"));
        const after = (before: AlarmState) =>
          WAYS.map((treatMissingData) =>
            stateAfter(points, { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }, before),
          );
        for (const before of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const) {
          expect(after(before)).to.deep.equal(expected.map((state) => (state === KEPT ? before : state)));
        }
      });
    }

    it("and goes to ALARM by a data point that is old enough only", () => {
      const counting = { evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData: "missing" } as const;
      const none = undefined;
      expect(stateAfter([none, none, none, none, true], counting, "OK")).to.equal("INSUFFICIENT_DATA");
      expect(stateAfter([none, none, none, true, none], counting, "OK")).to.equal("INSUFFICIENT_DATA");
    });
  });

  it("evaluates every minute, by the periods that end then, and as far back as it looks for data", () => {
    expect(played(alarm(), [datum(2.5, 1), datum(3.5, 0)], 10)).to.deep.equal(["0 OK", "3 ALARM", "4 OK"]);
    expect(played(alarm(), [datum(2.5, 1)], 10, { evaluationRange: 1 })).to.deep.equal(["0 OK", "3 ALARM", "4 OK"]);
    expect(played(alarm(), [datum(2.5, 1)], 10, { evaluationRange: 3 })).to.deep.equal(["0 OK", "3 ALARM", "6 OK"]);
    expect(played(alarm(), [datum(2.5, 1), datum(3.5, 0)], 10, { delaySeconds: 60 })).to.deep.equal([
      "0 OK",
      "4 ALARM",
      "5 OK",
    ]);
  });

  it("tells again what is over where long periods have no data", () => {
    const hourly = alarm({ period: HOUR, threshold: 1 });
    const changes = ["0 OK", "41 ALARM", "71 OK", "101 ALARM", "131 OK"];
    expect(played(hourly, [datum(10, 1), datum(40, 1)], 150)).to.deep.equal(changes);
    const byTheMinute = alarm({ evaluationPeriods: 60, datapointsToAlarm: 2 });
    expect(played(byTheMinute, [datum(10, 1), datum(40, 1)], 600)).to.deep.equal(["0 OK", "41 ALARM", "73 OK"]);
  });

  it("tells the topic of the ends that it is to tell", () => {
    const toldBy = (inputs: unknown) =>
      readAlarm(inputs)
        .changes([datum(1, 1)], START, minutesLater(5))
        .map(({ to, actions }) => [to, ...actions]);
    expect(toldBy(alarm())).to.deep.equal([["OK"], ["ALARM", TOPIC], ["OK"]]);
    expect(toldBy(alarm({ okActions: [TOPIC] }))).to.deep.equal([
      ["OK", TOPIC],
      ["ALARM", TOPIC],
      ["OK", TOPIC],
    ]);
  });

  it("goes by older data points while it finds any, so that one that ceases is told late", () => {
    const beats = [datum(0, 7), datum(60, 7), datum(120, 7)];
    const heartbeat = alarm({
      statistic: "SampleCount",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      treatMissingData: "breaching",
      period: HOUR,
    });
    const begin = ["0 ALARM", "1 OK"];
    expect(played(heartbeat, beats, 600, { evaluationRange: 2 })).to.deep.equal([...begin, "241 ALARM"]);
    expect(played(heartbeat, beats, 600, { evaluationRange: 3 })).to.deep.equal([...begin, "301 ALARM"]);
    expect(played(heartbeat, beats, 600, { evaluationRange: 5 })).to.deep.equal([...begin, "421 ALARM"]);
  });

  it("takes no metric for another: by name, namespace and all dimensions", () => {
    const others = [
      datum(1, 1, "Losses"),
      { ...datum(1, 1), namespace: "AWS/Lambda" },
      { ...datum(1, 1), dimensions: { FunctionName: "other" } },
      { ...datum(1, 1), dimensions: { FunctionName: "till", Resource: "till" } },
    ];
    expect(played(alarm(), others, 5)).to.deep.equal(["0 OK"]);
  });

  it("reads metrics from a line of a log, and from no other", () => {
    expect(
      metricsIn({
        _aws: {
          Timestamp: 1_790_000_000_000,
          CloudWatchMetrics: [
            { Namespace: "shop", Dimensions: [["FunctionName"]], Metrics: [{ Name: "Sales", Unit: "Count" }] },
          ],
        },
        FunctionName: "till",
        Sales: 7,
        Losses: 1,
      }),
    ).to.deep.equal([
      {
        namespace: "shop",
        metricName: "Sales",
        dimensions: { FunctionName: "till" },
        value: 7,
        at: 1_790_000_000_000,
      },
    ]);
    expect(metricsIn({ level: "INFO", Sales: 7 })).to.deep.equal([]);
    const promised = {
      _aws: {
        Timestamp: 0,
        CloudWatchMetrics: [{ Namespace: "shop", Dimensions: [["FunctionName"]], Metrics: [{ Name: "Sales" }] }],
      },
    };
    expect(() => metricsIn({ ...promised, FunctionName: "till" })).to.throw();
    expect(() => metricsIn({ ...promised, Sales: 1 })).to.throw();
  });

  describe("refuses what CloudWatch refuses", () => {
    const REFUSED: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
      ["a period that is no number of minutes", { period: 90 }],
      ["more than a day of periods shorter than an hour", { period: 1_800, evaluationPeriods: 49 }],
      ["more than seven days", { period: 86_400, evaluationPeriods: 8 }],
      ["more data points to breach than are evaluated", { datapointsToAlarm: 2 }],
      ["a description of more than 1,024 characters", { alarmDescription: "a".repeat(1_025) }],
      ["an action that is no ARN", { alarmActions: ["told"] }],
      ["a statistic that there is not", { statistic: "Median" }],
      ["what is not known here", { evaluateLowSampleCountPercentiles: "ignore" }],
    ];
    for (const [title, otherwise] of REFUSED) {
      it(title, () => {
        expect(() => readAlarm(alarm(otherwise))).to.throw();
      });
    }

    it("and takes what is as long as may be", () => {
      readAlarm(alarm({ period: 1_800, evaluationPeriods: 48 }));
      readAlarm(alarm({ period: 86_400, evaluationPeriods: 7 }));
    });
  });
});
