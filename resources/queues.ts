import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { QUEUE_RETENTION_SECONDS, ruleRetries } from "../parts/retries";
import { queuePolicy } from "../policies/delivery";
import type { Checked } from "./checks";

export interface QueuesArgs {
  readonly checked: pulumi.Output<Checked>;
}

/**
 * What could not be delivered or carried out, kept so that nothing is lost: three queues, for what lies in them has three
 * forms, and another cure each. They keep records of CloudTrail, which names people and what they did and has no secrets:
 * it leaves passwords, keys and codes out itself.
 */
export class Queues extends pulumi.ComponentResource {
  /** What EventBridge could not bring to the handler: the event, with EventBridge's reasons as message attributes. */
  readonly undelivered: aws.sqs.Queue;
  /** What the handler failed at, at every try: Lambda's record, which has the event as `requestPayload`. */
  readonly failed: aws.sqs.Queue;
  /** What EventBridge could not bring to the topic: an event that nobody was told of. */
  readonly untold: aws.sqs.Queue;

  constructor(name: string, { checked }: QueuesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:Queues", name, {}, opts);
    const queue = (kept: string) =>
      new aws.sqs.Queue(
        `${name}-${kept}`,
        { messageRetentionSeconds: checked.apply(() => QUEUE_RETENTION_SECONDS), sqsManagedSseEnabled: true },
        { parent: this },
      );
    this.undelivered = queue("undelivered");
    this.failed = queue("failed");
    this.untold = queue("untold");
    this.registerOutputs();
  }
}

export interface QueuePoliciesArgs {
  readonly queues: Queues;
  /** The rules whose targets are the handler. */
  readonly toHandler: readonly aws.cloudwatch.EventRule[];
  /** The rules whose targets are the topic. */
  readonly toTopic: readonly aws.cloudwatch.EventRule[];
}

/**
 * The queues' policies, which name the rules and so come after them. Targets don't wait for them: EventBridge sends to a
 * queue only what it has given up on.
 */
export class QueuePolicies extends pulumi.ComponentResource {
  constructor(name: string, { queues, toHandler, toTopic }: QueuePoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("require-mfa:index:QueuePolicies", name, {}, opts);
    const allow = (kept: string, queue: aws.sqs.Queue, rules: readonly aws.cloudwatch.EventRule[]) =>
      new aws.sqs.QueuePolicy(
        `${name}-${kept}`,
        {
          queueUrl: queue.url,
          policy: pulumi
            .all([queue.arn, pulumi.all(rules.map(({ arn }) => arn))])
            .apply(([queueArn, ruleArns]) => JSON.stringify(queuePolicy(queueArn, ruleArns))),
        },
        { parent: this },
      );
    allow("undelivered", queues.undelivered, toHandler);
    allow("failed", queues.failed, []);
    allow("untold", queues.untold, toTopic);
    this.registerOutputs();
  }
}

/**
 * How a rule's target is tried again, and where what could not be delivered goes in the end.
 *
 * @param forSeconds as {@link ruleRetries} takes it
 */
export function retriedInto(queue: aws.sqs.Queue, forSeconds?: number) {
  return { retryPolicy: ruleRetries(forSeconds), deadLetterConfig: { arn: queue.arn } };
}
