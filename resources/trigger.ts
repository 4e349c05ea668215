import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { eventPattern } from "../handler/events";
import type { GuardsOf } from "../handler/guards";
import { type Guard, whereaboutsOf } from "./guard";
import type { Handler } from "./handler";

/** The EventBridge rule that brings IAM's calls to the handler: rule, target, permission. */
export class Trigger extends pulumi.ComponentResource {
  readonly rule: aws.cloudwatch.EventRule;

  constructor(handler: Handler, guards: GuardsOf<Guard>, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Trigger", "trigger", {}, opts);
    const parent = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, parent);
    this.rule = new aws.cloudwatch.EventRule(
      "require-mfa",
      {
        description: "require-mfa: calls that change where an IAM user belongs",
        // IAM's calls are told on the default bus only, and eventBusName's default is that one.
        eventPattern: pulumi
          .all([accountId, pulumi.output(whereaboutsOf(guards)), handler.role.arn])
          .apply(([account, whereabouts, handlerRoleArn]) =>
            JSON.stringify(eventPattern({ accountId: account, guards: whereabouts, handlerRoleArn })),
          ),
      },
      parent,
    );
    // No sourceAccount: it would keep EventBridge from invoking (EventBridge User Guide, troubleshooting).
    const permission = new aws.lambda.Permission(
      "require-mfa",
      {
        function: handler.function.name,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: this.rule.arn,
      },
      parent,
    );
    new aws.cloudwatch.EventTarget(
      "require-mfa",
      { rule: this.rule.name, arn: handler.function.arn },
      // An event that arrives before the permission would be lost.
      { parent: this, dependsOn: [permission] },
    );
    this.registerOutputs();
  }
}
