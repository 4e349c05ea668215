import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { GuardsOf } from "../core/guards";
import type { SweepEvent } from "../core/sweep-request";
import { type Guard, listed } from "./guard";
import type { Handler } from "./handler";
import { retriedInto } from "./queues";

interface InvokeFromArgs {
  readonly rule: aws.cloudwatch.EventRule;
  readonly handler: Handler;
  readonly guards: GuardsOf<Guard>;
  /** The queue for what EventBridge could not bring to the handler, and for how many seconds it tries at most. */
  readonly undelivered: aws.sqs.Queue;
  readonly forSeconds?: number;
  /** What the handler is given in the place of the event. */
  readonly input?: SweepEvent;
}

/**
 * Lets a rule invoke the handler: a permission for that rule, and the target. The target waits for the permission, as an
 * event that came before would be lost, for what the handler itself may do, as without it the first events would fail,
 * and for the guards' policies, as a group without one holds nobody.
 */
export function invokeFrom(
  name: string,
  { rule, handler, guards, undelivered, forSeconds, input }: InvokeFromArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.EventTarget {
  // No sourceAccount: it would keep EventBridge from invoking (EventBridge User Guide, troubleshooting).
  const permission = new aws.lambda.Permission(
    name,
    {
      function: handler.function.name,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    { parent },
  );
  return new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      arn: handler.function.arn,
      ...(input !== undefined && { input: JSON.stringify(input) }),
      ...retriedInto(undelivered, forSeconds),
    },
    { parent, dependsOn: [permission, handler.permissions, ...listed(guards).map(({ attachment }) => attachment)] },
  );
}
