import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Mode } from "../core/modes";
import { ALARMS, type AlarmRow } from "../parts/alarm-table";
import { alarmOf, type NamesByPurpose, type WatchedNames, watchedBy } from "../parts/alarms";

export interface AlarmsArgs {
  readonly mode: Mode;
  /** The SNS topic that is told. */
  readonly topicArn: pulumi.Input<string>;
  readonly functionName: pulumi.Input<string>;
  /** From one sweep to the next. */
  readonly sweepEverySeconds: number;
  /** The names of the dead-letter queues. */
  readonly queues: NamesByPurpose<pulumi.Input<string>>;
  /** The names of the rules, which are on the default bus. */
  readonly rules: NamesByPurpose<pulumi.Input<string>>;
  /** What is there only once the deploy's sweep is through. */
  readonly sweep: pulumi.Resource;
}

/** CloudWatch's alarms. In mode off they are the same: scheduled sweeps go on until the stack is destroyed. */
export class Alarms extends pulumi.ComponentResource {
  /** The alarm that no sweep comes. */
  readonly heartbeat: aws.cloudwatch.MetricAlarm;
  /** All others. */
  readonly others: readonly aws.cloudwatch.MetricAlarm[];
  /** The ARNs of all, known without waiting for the deploy's sweep. */
  readonly arns: pulumi.Output<readonly string[]>;

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Alarms", name, {}, opts);
    const { mode, functionName, queues, rules, topicArn, sweep } = args;
    const topicName = pulumi.output(topicArn).apply(topicNameOf);
    const names: WatchedNames<pulumi.Input<string>> = { functionName, queues, rules, topicName };
    const [heartbeat, ...others] = ALARMS;
    // By name, so that its ARN can be told before it is there.
    const heartbeatName = pulumi.interpolate`${functionName}-${heartbeat.name}`;
    this.heartbeat = new aws.cloudwatch.MetricAlarm(
      `${name}-${heartbeat.name}`,
      { name: heartbeatName, ...inputsOf(heartbeat, functionName, args) },
      // Nothing that keeps a destroy from beginning may wait for a sweep, which may fail; so this keeps it itself.
      { parent: this, dependsOn: [sweep], protect: mode !== "off" },
    );
    this.others = others.flatMap((row) =>
      watchedBy(row, names).map(
        ([ending, watched]) =>
          new aws.cloudwatch.MetricAlarm(`${name}-${ending}`, inputsOf(row, watched, args), { parent: this }),
      ),
    );
    this.arns = pulumi
      .all([heartbeatName, pulumi.all(this.others.map(({ arn }) => arn))])
      .apply(([ofHeartbeat, arns]) => [...arns.slice(0, 1).map((arn) => besides(arn, ofHeartbeat)), ...arns]);
    this.registerOutputs();
  }
}

/** The ARN of what has another name, and all else is as in this one. */
function besides(arn: string, name: string): string {
  return arn.slice(0, arn.lastIndexOf(":") + 1) + name;
}

/** A topic's name, which is the last part of its ARN. */
function topicNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

function inputsOf(
  row: AlarmRow,
  watched: pulumi.Input<string>,
  { topicArn, sweepEverySeconds }: AlarmsArgs,
): aws.cloudwatch.MetricAlarmArgs {
  const { alarm, dimension, isEndTold } = alarmOf(row, sweepEverySeconds);
  return {
    ...alarm,
    dimensions: { [dimension]: watched },
    alarmActions: [topicArn],
    ...(isEndTold && { okActions: [topicArn] }),
  };
}
