import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EVENT_REGIONS } from "../../core/partitions";
import { EVENT_SOURCE, toldPattern } from "../../core/told";
import { busPolicy, logDeliveryPolicy } from "../../policies/delivery";
import { NAMES_BEGIN } from "../../policies/organization-names";
import { dashboardName, dashboardUrl } from "../dashboard-address";
import { type MailsTo, mailFrom } from "../mail-from";
import { retriedInto } from "../queues";
import { TOLD_MAIL } from "../told";
import type { OrganizationChecked } from "./check-organization";
import { hubDashboardBody } from "./hub-dashboard-body";

/** How long what all accounts told can be looked up: as long as each account's decisions. */
const RETENTION_DAYS = 365;

export interface HubArgs {
  readonly notifyOn: readonly string[];
  readonly to: MailsTo;
  readonly checked: pulumi.Output<OrganizationChecked>;
}

/**
 * Where the organization's accounts tell what they did and found: a bus that takes their handlers' events, from where
 * people get the mails of this account's own, and a log of all of them, this account's too.
 */
export class Hub extends pulumi.ComponentResource {
  readonly bus: aws.cloudwatch.EventBus;
  readonly logGroup: aws.cloudwatch.LogGroup;
  /** All of them bring events to the topic or to the log. */
  readonly rules: readonly aws.cloudwatch.EventRule[];
  /** What their names begin with. */
  readonly rulesBegin: string;
  /** Where the console shows the dashboard of all accounts. */
  readonly dashboardUrl: pulumi.Output<string>;

  constructor(name: string, { notifyOn, to, checked }: HubArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Hub", name, {}, opts);
    const child = { parent: this };
    this.bus = new aws.cloudwatch.EventBus(name, { name: checked.apply(() => NAMES_BEGIN) }, child);
    new aws.cloudwatch.EventBusPolicy(
      name,
      {
        eventBusName: this.bus.name,
        policy: pulumi
          .all([checked, this.bus.arn])
          .apply(([{ organizationId }, busArn]) => JSON.stringify(busPolicy(busArn, organizationId))),
      },
      child,
    );
    this.logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: checked.apply(() => RETENTION_DAYS) },
      // As each account's own: asked for most when it is all over, and expiring by itself.
      { ...child, retainOnDelete: true },
    );
    const onTheBus = { eventBusName: this.bus.name };
    const everything = JSON.stringify({ source: [EVENT_SOURCE] });
    const mail = new aws.cloudwatch.EventRule(
      `${name}-mail`,
      {
        ...onTheBus,
        description: "require-mfa: events of the organization's accounts that are told by mail",
        eventPattern: JSON.stringify(toldPattern(undefined, notifyOn)),
      },
      child,
    );
    const theirs = new aws.cloudwatch.EventRule(
      `${name}-log`,
      { ...onTheBus, description: "require-mfa: all events of the organization's accounts", eventPattern: everything },
      child,
    );
    const ours = new aws.cloudwatch.EventRule(
      `${name}-own`,
      {
        description: "require-mfa: all events of this account, beside those of the organization's others",
        eventPattern: checked.apply(({ accountId }) =>
          JSON.stringify({ source: [EVENT_SOURCE], account: [accountId] }),
        ),
      },
      child,
    );
    this.rules = [mail, theirs, ours];
    this.rulesBegin = `${name}-`;
    const mayWrite = new aws.cloudwatch.LogResourcePolicy(
      name,
      {
        policyName: this.logGroup.name,
        policyDocument: pulumi
          .all([this.logGroup.arn, theirs.arn, ours.arn])
          .apply(([logGroupArn, ...ruleArns]) => JSON.stringify(logDeliveryPolicy(logGroupArn, ruleArns))),
      },
      child,
    );
    mailFrom(`${name}-mail`, { rule: mail, bus: this.bus, to, ...TOLD_MAIL }, this);
    const writeFrom = (ruleName: string, rule: aws.cloudwatch.EventRule, bus = {}) =>
      new aws.cloudwatch.EventTarget(
        ruleName,
        { rule: rule.name, ...bus, arn: this.logGroup.arn, ...retriedInto(to.untold) },
        { ...child, dependsOn: [mayWrite] },
      );
    writeFrom(`${name}-log`, theirs, onTheBus);
    writeFrom(`${name}-own`, ours);
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: dashboardName(name),
        dashboardBody: pulumi
          .all([this.logGroup.name, checked])
          .apply(([logGroup, { partition }]) =>
            JSON.stringify(hubDashboardBody({ stack: pulumi.getStack(), region: EVENT_REGIONS[partition], logGroup })),
          ),
      },
      child,
    );
    this.dashboardUrl = dashboardUrl(dashboard.dashboardName, checked);
    this.registerOutputs();
  }
}
