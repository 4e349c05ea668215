import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { deployRolesIn } from "../core/deploy-roles";
import type { Handler } from "./handler";
import { type MailsTo, mailFrom } from "./mail-from";
import type { Queues } from "./queues";
import { SERVICE_NAMES, TAMPER_VARIABLES, tamperLines, tamperPattern, type Watched } from "./tamper-events";

export interface TamperArgs {
  /** ARNs of the roles whose changes are deployments. */
  readonly deployRoles: readonly string[];
  readonly handler: Handler;
  /** All rules of the stack but for those that are made here. */
  readonly rules: readonly aws.cloudwatch.EventRule[];
  /** What the names of the hub's rules begin with, where there is one. */
  readonly hubRules?: string | undefined;
  readonly queues: Queues;
  /** What the names of the stack's alarms begin with. */
  readonly alarms: string;
  readonly to: MailsTo;
}

/**
 * What tells of changes of the stack itself: a rule a service, whose target is the topic, so that nothing of what may have
 * been changed has to work for it but the topic.
 */
export class Tamper extends pulumi.ComponentResource {
  /** A rule for each service, in the order of their names' list. */
  readonly rules: readonly aws.cloudwatch.EventRule[];
  /** Their names by what each is for. */
  readonly ruleNames: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: TamperArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Tamper", name, {}, opts);
    // A rule that watches itself has to know its name beforehand, and one like no other stack's: so all of them begin with
    // the function's, which has a random end.
    const prefix = args.handler.function.name.apply((functionName) => `${functionName}-tamper-`);
    const watched = this.watchedBy(args, prefix);
    const rules = SERVICE_NAMES.map((service) => {
      const ruleName = `${name}-tamper-${service}`;
      const rule = new aws.cloudwatch.EventRule(
        ruleName,
        {
          name: prefix.apply((beginning) => `${beginning}${service}`),
          description: "require-mfa: changes of itself, told by mail",
          // CloudTrail's records come on the default bus only, and eventBusName's default is that one.
          eventPattern: watched.apply((known) => JSON.stringify(tamperPattern(service, known))),
        },
        { parent: this },
      );
      const lines = watched.apply((known) => tamperLines(service, known));
      mailFrom(ruleName, { rule, to: args.to, variables: TAMPER_VARIABLES, lines }, this);
      return [`tamper-${service}`, rule] as const;
    });
    this.rules = rules.map(([, rule]) => rule);
    this.ruleNames = Object.fromEntries(rules.map(([purpose, rule]) => [purpose, rule.name]));
    this.registerOutputs();
  }

  private watchedBy(args: TamperArgs, tamperRules: pulumi.Output<string>): pulumi.Output<Watched> {
    const { deployRoles, handler, rules, hubRules, queues, alarms, to } = args;
    const { undelivered, failed, untold } = queues;
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    return pulumi.output({
      accountId,
      deployRoles: accountId.apply((account) => [...deployRolesIn(account, deployRoles)]),
      rules: pulumi.all(rules.map((rule) => rule.name)),
      tamperRules,
      ...(hubRules !== undefined && { hubRules }),
      functionName: handler.function.name,
      roleName: handler.role.name,
      logGroup: handler.logGroup.name,
      queues: pulumi.all([undelivered.name, failed.name, untold.name]),
      topic: to.topic.name,
      alarms,
    });
  }
}
