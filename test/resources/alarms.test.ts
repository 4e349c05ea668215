import { expect } from "chai";
import { METRICS } from "../../core/metrics";
import { readAlarm } from "../../fake-aws/alarms";
import { ALARMS } from "../../parts/alarm-table";
import { type DeployedAlarms, deployedAlarms, TOPIC_ARN } from "../support/deployed-alarms";

describe("the alarms, as they are deployed", () => {
  let alarms: DeployedAlarms;
  before(async () => {
    alarms = await deployedAlarms();
  });

  it("are one for each of the table, and of queues and rules one for each", () => {
    expect([...alarms.keys()].sort()).to.deep.equal([
      "destination",
      "drift",
      "errors",
      "exempt-unprotected",
      "failures",
      "guard-broken",
      "heartbeat",
      "missing-groups",
      "not-told",
      "notifications",
      "pending",
      "queue-failed",
      "queue-undelivered",
      "releases-stopped",
      "report-missing",
      "rule-queue-sweep",
      "rule-queue-users",
      "rule-sweep",
      "rule-users",
      "throttles",
      "trail-missing",
      "unholdable",
    ]);
  });

  it("watch a sweep's figure from one sweep to the next, and keep their state where one is late", () => {
    const { alarmDescription: _, ...failures } = alarms.get("failures") ?? {};
    expect(failures).to.deep.equal({
      namespace: "require-mfa",
      metricName: "Failures",
      dimensions: { FunctionName: "require-mfa-1a2b3c4" },
      statistic: "Maximum",
      period: 3_600,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: "ignore",
      alarmActions: [TOPIC_ARN],
      okActions: [TOPIC_ARN],
    });
    const ofSweeps = ALARMS.filter(
      ({ watches }) => watches.of === "handler" && METRICS[watches.metric].putAt !== "events",
    );
    expect(ofSweeps).to.have.lengthOf(12);
    for (const { name, period, missing } of ofSweeps) {
      const expected = { period: "sweepEvery", missing: name === "heartbeat" ? "breaching" : "ignore" };
      expect({ period, missing }, name).to.deep.equal(expected);
    }
  });

  it("listen for two sweeps, and take silence for none", () => {
    const { alarmDescription: _, ...heartbeat } = alarms.get("heartbeat") ?? {};
    expect(heartbeat).to.deep.equal({
      name: "require-mfa-1a2b3c4-heartbeat",
      namespace: "require-mfa",
      metricName: "Users",
      dimensions: { FunctionName: "require-mfa-1a2b3c4" },
      period: 3_600,
      statistic: "SampleCount",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      treatMissingData: "breaching",
      alarmActions: [TOPIC_ARN],
      okActions: [TOPIC_ARN],
    });
  });

  it("watch a topic by its name", () => {
    expect(alarms.get("notifications")).to.deep.include({
      namespace: "AWS/SNS",
      metricName: "NumberOfNotificationsFailed",
      dimensions: { TopicName: "require-mfa-1a2b3c4" },
      treatMissingData: "notBreaching",
    });
  });

  it("tell the topic, and whoever is paged what to do first", () => {
    for (const [name, inputs] of alarms) {
      expect(inputs["alarmActions"], name).to.deep.equal([TOPIC_ARN]);
      expect(inputs["alarmDescription"], name).to.match(/^[A-Z][ -~]+\. First step: [A-Za-z][ -~]+[.?]$/);
    }
  });

  it("are what CloudWatch takes, however often a sweep comes", () => {
    for (const inputs of alarms.values()) {
      const periods = inputs["period"] === 3_600 ? [900, 3_600, 86_400] : [inputs["period"]];
      for (const period of periods) readAlarm({ ...inputs, period });
    }
  });
});
