import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { eventPattern, type PatternScope } from "../core/events";
import { guardEventPattern } from "../core/guard-events";
import type { GuardsOf } from "../core/guards";
import { groupsNamed, type ScopeRules } from "../core/scope";
import { RULE_DESCRIPTIONS } from "../parts/rules";
import { type Guard, guardRefs } from "./guard";
import type { Handler } from "./handler";
import { invokeFrom } from "./invoke-from";

export interface TriggerArgs {
  readonly rules: ScopeRules;
  readonly handler: Handler;
  readonly guards: GuardsOf<Guard>;
  /** The queue for what EventBridge could not bring to the handler. */
  readonly undelivered: aws.sqs.Queue;
}

/** The EventBridge rules that bring IAM's calls to the handler, those about users and those about guards. */
export class Trigger extends pulumi.ComponentResource {
  /** Of the calls about users. */
  readonly rule: aws.cloudwatch.EventRule;
  readonly guardsRule: aws.cloudwatch.EventRule;
  /** Both. */
  readonly rules: readonly aws.cloudwatch.EventRule[];
  /** Whoever relies on the rules waits for their targets. */
  readonly targets: readonly aws.cloudwatch.EventTarget[];

  constructor(name: string, args: TriggerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Trigger", name, {}, opts);
    const { rules, handler, guards, undelivered } = args;
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const scope = pulumi
      .all([accountId, pulumi.output(guardRefs(guards)), handler.role.arn])
      .apply(([account, refs, handlerRoleArn]) => ({ accountId: account, guards: refs, handlerRoleArn }));
    const ruleFor = (ruleName: string, description: string, patternOf: (scope: PatternScope) => unknown) =>
      new aws.cloudwatch.EventRule(
        ruleName,
        // IAM's calls are told on the default bus only, and eventBusName's default is that one.
        { description, eventPattern: scope.apply((known) => JSON.stringify(patternOf(known))) },
        { parent: this },
      );
    this.rule = ruleFor(name, RULE_DESCRIPTIONS.users, (known) =>
      eventPattern({ ...known, groups: groupsNamed(rules) }),
    );
    const guardsName = `${name}-guards`;
    this.guardsRule = ruleFor(guardsName, RULE_DESCRIPTIONS.guards, guardEventPattern);
    this.rules = [this.rule, this.guardsRule];
    this.targets = [
      invokeFrom(name, { rule: this.rule, handler, guards, undelivered }, this),
      invokeFrom(guardsName, { rule: this.guardsRule, handler, guards, undelivered }, this),
    ];
    this.registerOutputs();
  }
}
