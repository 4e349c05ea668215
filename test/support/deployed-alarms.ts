import * as pulumi from "@pulumi/pulumi";
import { Alarms } from "../../resources/alarms";

/** Where the alarms of tests go. */
export const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:require-mfa-1a2b3c4";

/** The name of the function. */
export const FUNCTION_NAME = "require-mfa-1a2b3c4";

/** Purposes and names of the queues and rules that tests have alarms for. */
export const QUEUES = { undelivered: "require-mfa-undelivered-1a2b3c4", failed: "require-mfa-failed-1a2b3c4" };
export const RULES = { users: "require-mfa-1a2b3c4", sweep: "require-mfa-sweep-1a2b3c4" };

/** Alarms by the end of their names (`guard-broken`), each with the inputs that the provider would get. */
export type DeployedAlarms = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * The alarms of a stack with the names of the tests' other supports. Pulumi keeps mocks for the whole process, so no two
 * calls may overlap.
 */
export async function deployedAlarms(sweepEverySeconds = 3_600): Promise<DeployedAlarms> {
  const alarms = new Map<string, Readonly<Record<string, unknown>>>();
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      if (type === "aws:cloudwatch/metricAlarm:MetricAlarm") alarms.set(name.replace("require-mfa-", ""), inputs);
      return { id: name, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
  await pulumi.runtime.runInPulumiStack(async () => {
    new Alarms("require-mfa", {
      mode: "quarantine",
      topicArn: pulumi.output(TOPIC_ARN),
      functionName: pulumi.output(FUNCTION_NAME),
      sweepEverySeconds,
      queues: QUEUES,
      rules: RULES,
      sweep: new pulumi.ComponentResource("require-mfa:index:Sweep", "require-mfa"),
    });
  });
  await pulumi.runtime.disconnect();
  return alarms;
}
