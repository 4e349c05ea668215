import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { GuardsOf } from "../handler/guards";
import { type Guard, listed } from "./guard";
import type { Handler } from "./handler";

/**
 * Lets a rule invoke the handler: a permission for that rule, and the target. The target waits for the permission, as an
 * event that came before would be lost, and for the guards' policies, as a group without one holds nobody.
 *
 * @param input what the handler is given in the place of the event
 */
export function invokeFrom(
  rule: aws.cloudwatch.EventRule,
  name: string,
  handler: Handler,
  guards: GuardsOf<Guard>,
  parent: pulumi.Resource,
  input?: unknown,
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
    { rule: rule.name, arn: handler.function.arn, ...(input !== undefined && { input: JSON.stringify(input) }) },
    { parent, dependsOn: [permission, ...listed(guards).map(({ attachment }) => attachment)] },
  );
}
