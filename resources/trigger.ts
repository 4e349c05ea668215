import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { eventPattern } from "../handler/events";
import type { GuardsOf } from "../handler/guards";
import { groupsNamed, type ScopeRules } from "../handler/scope";
import { type Guard, whereaboutsOf } from "./guard";
import type { Handler } from "./handler";
import { invokeFrom } from "./invoke-from";

/** The EventBridge rule that brings IAM's calls to the handler: rule, target, permission. */
export class Trigger extends pulumi.ComponentResource {
  readonly rule: aws.cloudwatch.EventRule;
  readonly target: aws.cloudwatch.EventTarget;

  constructor(rules: ScopeRules, handler: Handler, guards: GuardsOf<Guard>, opts?: pulumi.ComponentResourceOptions) {
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
            JSON.stringify(
              eventPattern({ accountId: account, guards: whereabouts, groups: groupsNamed(rules), handlerRoleArn }),
            ),
          ),
      },
      parent,
    );
    this.target = invokeFrom(this.rule, "require-mfa", handler, guards, this);
    this.registerOutputs();
  }
}
