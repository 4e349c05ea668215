import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { retriedInto } from "./queues";

/** Where mails go out from. */
export interface MailsTo {
  readonly topic: aws.sns.Topic;
  /** What lets rules publish. */
  readonly topicPolicy: aws.sns.TopicPolicy;
  /** The queue for what could not be delivered to the topic. */
  readonly untold: aws.sqs.Queue;
}

interface MailFromArgs {
  readonly rule: aws.cloudwatch.EventRule;
  /** The bus that the rule is on; the default one if left out. */
  readonly bus?: aws.cloudwatch.EventBus;
  readonly to: MailsTo;
  /** What the lines may name, by where it stands in the event: `{ account: "$.account" }`. */
  readonly variables: Readonly<Record<string, string>>;
  /** The mail, line by line, variables in angle brackets: `"account <account>"`. Other angle brackets can't be had. */
  readonly lines: pulumi.Input<readonly string[]>;
}

/**
 * Lets a rule write a mail of each event to the topic. The target waits for the topic's policy, or the first events would
 * not be told.
 *
 * EventBridge delivers each line in quotation marks, and takes the value of a variable as it is: a line end in it breaks
 * the line, and a quotation mark stays one. A variable that the event has not is left out (EventBridge User Guide, "Input
 * transformation").
 */
export function mailFrom(
  name: string,
  { rule, bus, to, variables, lines }: MailFromArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.EventTarget {
  return new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      ...(bus && { eventBusName: bus.name }),
      arn: to.topic.arn,
      inputTransformer: {
        inputPaths: variables,
        inputTemplate: pulumi.output(lines).apply((all) => all.map((line) => JSON.stringify(line)).join("\n")),
      },
      ...retriedInto(to.untold),
    },
    { parent, dependsOn: [to.topicPolicy] },
  );
}
