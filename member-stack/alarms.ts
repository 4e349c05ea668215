import { ALARMS } from "../parts/alarm-table";
import { alarmOf, watchedBy } from "../parts/alarms";
import { alarmName, PHYSICAL_NAMES } from "../policies/organization-names";
import { logicalId, type Resources, resource } from "./template";

/** What CloudFormation does otherwise than Pulumi, for whoever is paged. */
const BY_A_STACKSET =
  "Here a StackSet deploys: what puts things right in the place of pulumi up --refresh is in docs/organization.md.";

/** The alarms, which tell the hub's topic. */
export function alarmResources(topicArn: string, sweepEverySeconds: number): Resources {
  const { function: functionName, queues, rules } = PHYSICAL_NAMES;
  return Object.fromEntries(
    ALARMS.flatMap((row) => {
      const { alarm, dimension, isEndTold } = alarmOf(row, sweepEverySeconds);
      const { alarmDescription } = alarm;
      return watchedBy(row, { functionName, queues, rules }).map(([ending, watched]) => [
        logicalId(ending, "alarm"),
        resource("AWS::CloudWatch::Alarm", {
          AlarmName: alarmName(ending),
          AlarmDescription: alarmDescription.includes("pulumi up --refresh")
            ? `${alarmDescription} ${BY_A_STACKSET}`
            : alarmDescription,
          Namespace: alarm.namespace,
          MetricName: alarm.metricName,
          Dimensions: [{ Name: dimension, Value: watched }],
          Period: alarm.period,
          Statistic: alarm.statistic,
          ComparisonOperator: alarm.comparisonOperator,
          Threshold: alarm.threshold,
          EvaluationPeriods: alarm.evaluationPeriods,
          DatapointsToAlarm: alarm.datapointsToAlarm,
          TreatMissingData: alarm.treatMissingData,
          AlarmActions: [topicArn],
          ...(isEndTold && { OKActions: [topicArn] }),
        }),
      ]);
    }),
  );
}
