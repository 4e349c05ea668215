import { QUEUE_RETENTION_SECONDS } from "../parts/retries";
import { queuePolicy } from "../policies/delivery";
import { PHYSICAL_NAMES } from "../policies/organization-names";
import type { Arns } from "./arns";
import { logicalId, type Resources, ref, resource } from "./template";

export type QueueName = keyof typeof PHYSICAL_NAMES.queues;

/** The logical ID of a queue. */
export function queueId(kept: QueueName): string {
  return logicalId(kept, "queue");
}

/** The queues for what could not be delivered or carried out, and who may send to them. */
export function queueResources(arns: Arns): Resources {
  const { rules, queues } = PHYSICAL_NAMES;
  const queue = (kept: QueueName, ...senders: readonly string[]) => [
    [
      queueId(kept),
      resource("AWS::SQS::Queue", {
        QueueName: queues[kept],
        MessageRetentionPeriod: QUEUE_RETENTION_SECONDS,
        SqsManagedSseEnabled: true,
      }),
    ],
    [
      `${queueId(kept)}Policy`,
      resource("AWS::SQS::QueuePolicy", {
        Queues: [ref(queueId(kept))],
        PolicyDocument: queuePolicy(arns.queue(queues[kept]), senders.map(arns.rule)),
      }),
    ],
  ];
  return Object.fromEntries([
    ...queue("undelivered", rules.users, rules.guards, rules.sweep),
    ...queue("failed"),
    ...queue("untold", rules.told),
  ]);
}
