import type { ReceivedMessage, SqsQueue } from "../fake-aws/sqs-queue";
import type { Queue, QueuedMessage } from "../replay/queue";

/** A queue in memory as the replay knows queues, which in AWS it reaches by the SDK. */
export function inMemory(name: string, queue: SqsQueue): Queue {
  const itself: Queue = {
    name,
    receiveAll: async (hiddenSeconds) => queue.receive(queue.visibleBodies.length, hiddenSeconds).map(asQueued),
    release: async (messages) => {
      for (const { receiptHandle } of messages) queue.hide(receiptHandle, 0);
    },
    delete: async ({ receiptHandle }) => {
      queue.delete(receiptHandle);
    },
  };
  const asQueued = ({ sentAt, receives, ...message }: ReceivedMessage): QueuedMessage => {
    return { queue: itself, ...message, sentAt: new Date(sentAt).toISOString(), receivedBefore: receives - 1 };
  };
  return itself;
}
