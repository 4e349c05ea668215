import * as pulumi from "@pulumi/pulumi";
import { noticesOf } from "../config/notices";
import { type GuardRefs, guardsOf } from "../core/guards";
import { secondsOfRate } from "../core/rate";
import type { RequireMfaArgs } from "../core/settings";
import { Alarms } from "./alarms";
import { checkArgs, checkBeforeDeploying } from "./checks";
import { Dashboard } from "./dashboard";
import { Guard, guardRefs } from "./guard";
import { Handler } from "./handler";
import { keepWhileHolding } from "./keep-while-holding";
import { lookAtAccount } from "./look-at-account";
import { Organization, type OrganizationOutputs } from "./organization/organization";
import { QueuePolicies, Queues } from "./queues";
import { Sweep } from "./sweep";
import { Tamper } from "./tamper";
import { Told } from "./told";
import { Trail } from "./trail";
import { Trigger } from "./trigger";

/** How a guard is named in IAM. */
interface GuardOutput {
  /** The name of the group whose members the guard holds. */
  readonly group: string;
  /** The ARN of the managed policy, attached to the group, and to a user who is in ten groups already. */
  readonly policyArn: string;
}

/** How each guard is named in IAM. */
export interface GuardOutputs extends GuardRefs {
  readonly quarantine: GuardOutput;
  readonly conditional: GuardOutput;
  readonly sealed: GuardOutput;
}

/** The URLs of the queues that keep what could not be delivered or carried out. */
export interface QueueOutputs {
  /** Events that EventBridge could not bring to the function. */
  readonly undelivered: string;
  /** Records of what the function failed at. */
  readonly failed: string;
  /** Events that EventBridge could not bring to the topic. */
  readonly untold: string;
}

/**
 * Makes MFA compulsory for the IAM users of the account that its provider works in: three guards, a handler that holds
 * and frees, the rules that bring it IAM's events, and a sweep that misses nobody.
 *
 * The provider's region must be the one where IAM's events arrive: us-east-1, us-gov-west-1 or cn-north-1.
 */
export class RequireMfa extends pulumi.ComponentResource {
  /** The mode that was deployed. */
  readonly mode: pulumi.Output<string>;
  /** Whether nobody new is held. */
  readonly dryRun: pulumi.Output<boolean>;
  /** The guards' groups and policies. */
  readonly guards: pulumi.Output<GuardOutputs>;
  /** The name of the Lambda function. */
  readonly handlerFunction: pulumi.Output<string>;
  /** The ARN of the function's role. */
  readonly handlerRoleArn: pulumi.Output<string>;
  /** The name of the log group in which each decision is a line. */
  readonly logGroup: pulumi.Output<string>;
  /** The name of the EventBridge rule that brings IAM's calls. */
  readonly rule: pulumi.Output<string>;
  /** The ARN of the topic that tells people, to which others may subscribe. */
  readonly topicArn: pulumi.Output<string>;
  /** The queues that keep what could not be delivered or carried out. */
  readonly queues: pulumi.Output<QueueOutputs>;
  /** Where the console shows the stack's dashboard. */
  readonly dashboardUrl: pulumi.Output<string>;
  /** What the last deploy's sweep found and did, as JSON. */
  readonly lastDeploySweep: pulumi.Output<string>;
  /** What goes beyond the account, where organizationTargets names somewhere. */
  readonly organization?: pulumi.Output<OrganizationOutputs>;

  /** @throws SettingsError listing everything that is wrong with the arguments, before anything is registered */
  constructor(name: string, args: RequireMfaArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:RequireMfa", name, {}, opts);
    const child = { parent: this };
    const settings = checkArgs(args, name);
    for (const notice of noticesOf(settings, new Date())) void pulumi.log.warn(notice, this);
    const { mode, notifyEmails, notifyOn, deployRoles, sweepEvery, createTrail, organizationTargets } = settings;
    const { lockout, impact } = lookAtAccount(name, settings, this);
    const checked = checkBeforeDeploying(name, settings, lockout, this);

    const guards = guardsOf((guard) => new Guard(`${name}-${guard}`, { guard, mode, checked }, child));
    const queues = new Queues(name, { checked }, child);
    const { undelivered, failed, untold } = queues;
    const handler = new Handler(name, { settings, guards, failed, checked }, child);
    const trigger = new Trigger(name, { rules: settings, handler, guards, undelivered }, child);
    const told = new Told(name, { notifyEmails, notifyOn, untold, checked }, child);
    const trail = createTrail ? new Trail(name, { checked }, child) : undefined;
    const sweep = new Sweep(name, { sweepEvery, handler, guards, trigger, told, trail, undelivered, checked }, child);
    const organization =
      organizationTargets.length > 0 ? new Organization(name, { settings, told, checked }, child) : undefined;
    const ofTheHub = organization?.hub.rules ?? [];
    const toHandler = [...trigger.rules, sweep.rule];
    const tamper = new Tamper(
      name,
      {
        deployRoles,
        handler,
        rules: [...toHandler, told.rule],
        hubRules: organization?.hub.rulesBegin,
        queues,
        alarms: `${name}-`,
        to: told,
      },
      child,
    );
    const queuePolicies = new QueuePolicies(
      name,
      { queues, toHandler, toTopic: [told.rule, ...tamper.rules, ...ofTheHub] },
      child,
    );
    const watched = {
      functionName: handler.function.name,
      sweepEverySeconds: secondsOfRate(sweepEvery),
      queues: { undelivered: undelivered.name, failed: failed.name, untold: untold.name },
    };
    const alarms = new Alarms(
      name,
      {
        mode,
        // Of its policy, without which no alarm could tell it anything.
        topicArn: told.topicPolicy.arn,
        ...watched,
        rules: {
          users: trigger.rule.name,
          guards: trigger.guardsRule.name,
          sweep: sweep.rule.name,
          told: told.rule.name,
          ...tamper.ruleNames,
        },
        sweep,
      },
      child,
    );
    const dashboard = new Dashboard(name, { ...watched, alarmArns: alarms.arns, checked }, child);
    keepWhileHolding(
      name,
      {
        mode,
        guards,
        handler,
        trigger,
        trail,
        sweep,
        told,
        tamper,
        queues,
        queuePolicies,
        alarms,
        dashboard,
        organization,
      },
      this,
    );

    // A preview waits for what it has to say of the account beside all that is registered, and ends with it.
    this.mode = pulumi.output(impact.then(() => mode));
    this.dryRun = pulumi.output(settings.dryRun);
    this.guards = pulumi.output(guardRefs(guards));
    this.handlerFunction = handler.function.name;
    this.handlerRoleArn = handler.role.arn;
    this.logGroup = handler.logGroup.name;
    this.rule = trigger.rule.name;
    this.topicArn = told.topic.arn;
    this.queues = pulumi.output({ undelivered: undelivered.url, failed: failed.url, untold: untold.url });
    this.dashboardUrl = dashboard.url;
    this.lastDeploySweep = sweep.result;
    if (organization !== undefined) this.organization = organization.outputs;
    this.registerOutputs({
      mode: this.mode,
      dryRun: this.dryRun,
      guards: this.guards,
      handlerFunction: this.handlerFunction,
      handlerRoleArn: this.handlerRoleArn,
      logGroup: this.logGroup,
      rule: this.rule,
      topicArn: this.topicArn,
      queues: this.queues,
      dashboardUrl: this.dashboardUrl,
      lastDeploySweep: this.lastDeploySweep,
      ...(this.organization !== undefined && { organization: this.organization }),
    });
  }
}
