import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { eventPattern } from "../core/events";
import type { GuardsOf } from "../core/guards";
import { groupsNamed, type ScopeRules } from "../core/scope";
import { type Guard, guardRefs } from "./guard";
import type { Handler } from "./handler";
import { invokeFrom } from "./invoke-from";

export interface TriggerArgs {
  readonly rules: ScopeRules;
  readonly handler: Handler;
  readonly guards: GuardsOf<Guard>;
}

/** The EventBridge rule that brings IAM's calls to the handler: rule, target, permission. */
export class Trigger extends pulumi.ComponentResource {
  readonly rule: aws.cloudwatch.EventRule;
  readonly target: aws.cloudwatch.EventTarget;

  constructor(name: string, { rules, handler, guards }: TriggerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Trigger", name, {}, opts);
    const child = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, child);
    this.rule = new aws.cloudwatch.EventRule(
      name,
      {
        description: "require-mfa: calls that change where an IAM user belongs",
        // IAM's calls are told on the default bus only, and eventBusName's default is that one.
        eventPattern: pulumi
          .all([accountId, pulumi.output(guardRefs(guards)), handler.role.arn])
          .apply(([account, refs, handlerRoleArn]) =>
            JSON.stringify(
              eventPattern({ accountId: account, guards: refs, groups: groupsNamed(rules), handlerRoleArn }),
            ),
          ),
      },
      child,
    );
    this.target = invokeFrom(name, { rule: this.rule, handler, guards }, this);
    this.registerOutputs();
  }
}
