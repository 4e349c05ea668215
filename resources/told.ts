import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { toldPattern } from "../core/told";
import { topicPolicy } from "../policies/delivery";
import type { Checked } from "./checks";
import { type MailsTo, mailFrom } from "./mail-from";

export interface ToldArgs {
  readonly notifyEmails: readonly string[];
  readonly notifyOn: readonly string[];
  /** The queue for what could not be delivered to the topic. */
  readonly untold: aws.sqs.Queue;
  readonly checked: pulumi.Output<Checked>;
}

/** The mail of an event that a handler puts. */
export const TOLD_MAIL = {
  variables: {
    type: "$.detail-type",
    message: "$.detail.message",
    link: "$.detail.consoleLink",
    account: "$.account",
    region: "$.region",
    time: "$.time",
    id: "$.id",
  },
  // Behind the link a space, or programs that read mail would take the quotation mark for a part of it.
  lines: ["<type>, account <account>", "<message>", "See <link> in the console", "Event <id> of <time>, in <region>"],
} as const;

/** What tells people: a topic, a mail subscription an address, and a rule that brings it the handler's events. */
export class Told extends pulumi.ComponentResource implements MailsTo {
  readonly topic: aws.sns.Topic;
  /** Whoever has something published waits for it. */
  readonly topicPolicy: aws.sns.TopicPolicy;
  readonly untold: aws.sqs.Queue;
  readonly rule: aws.cloudwatch.EventRule;
  /** Whoever has the handler put events waits for it. */
  readonly target: aws.cloudwatch.EventTarget;

  constructor(name: string, args: ToldArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Told", name, {}, opts);
    const { notifyEmails, notifyOn, untold, checked } = args;
    const child = { parent: this };
    this.untold = untold;
    // No key, on purpose: docs/decisions/0014. The name is what a mail says it is from.
    this.topic = new aws.sns.Topic(name, { displayName: checked.apply(() => "require-mfa") }, child);
    this.topicPolicy = new aws.sns.TopicPolicy(
      name,
      {
        arn: this.topic.arn,
        policy: pulumi
          .all([this.topic.arn, checked])
          .apply(([arn, { organization }]) => JSON.stringify(topicPolicy(arn, organization?.organizationId))),
      },
      child,
    );
    for (const address of notifyEmails) this.subscribe(`${name}-${address}`, address);
    const toldName = `${name}-told`;
    const { accountId } = aws.getCallerIdentityOutput({}, child);
    this.rule = new aws.cloudwatch.EventRule(
      toldName,
      {
        description: "require-mfa: events that are told by mail",
        // The handler puts its events on the default bus, and eventBusName's default is that one.
        eventPattern: pulumi
          .all([accountId, checked])
          .apply(([account]) => JSON.stringify(toldPattern(account, notifyOn))),
      },
      child,
    );
    this.target = mailFrom(toldName, { rule: this.rule, to: this, ...TOLD_MAIL }, this);
    this.registerOutputs();
  }

  /** Subscribes an address, and says at each deploy that it has not confirmed for as long as it has not. */
  private subscribe(name: string, address: string): void {
    const { pendingConfirmation } = new aws.sns.TopicSubscription(
      name,
      { topic: this.topic.arn, protocol: "email", endpoint: address },
      { parent: this },
    );
    pendingConfirmation.apply((isPending) => {
      if (isPending) void pulumi.log.warn(unconfirmed(address), this);
    });
  }
}

function unconfirmed(address: string): string {
  return `${address} gets no mail before it has confirmed, by the link in a mail of AWS («AWS Notification - Subscription Confirmation»)`;
}
