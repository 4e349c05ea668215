import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { named } from "./aws-refusal";

/** A message that was received, and which nobody else receives for a while. */
export interface QueuedMessage {
  readonly queue: Queue;
  readonly id: string;
  /** Of the last receive: by an older one SQS deletes nothing. */
  readonly receiptHandle: string;
  readonly body: string;
  /** What the sender says beside the body, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** When the sender put it into the queue, ISO 8601. */
  readonly sentAt: string;
  /** How often it was received before now, about. */
  readonly receivedBefore: number;
}

/** A standard queue of SQS. */
export interface Queue {
  /** The last part of its URL. */
  readonly name: string;
  /**
   * Receives every message once, in whatever order SQS gives them, and hides it from others.
   *
   * @param hiddenSeconds for how long, where nobody calls {@link release}
   * @param onMore is told how many there are so far
   * @throws Error with what SQS says, having released what it received
   */
  receiveAll(hiddenSeconds: number, onMore: (count: number) => void): Promise<readonly QueuedMessage[]>;
  /** Lets messages be received by anybody again. Throws Error with what SQS says. */
  release(messages: readonly QueuedMessage[]): Promise<void>;
  /** Throws Error with what SQS says. */
  delete(message: QueuedMessage): Promise<void>;
}

const Message = v.object({
  MessageId: v.string(),
  ReceiptHandle: v.string(),
  Body: v.string(),
  Attributes: v.object({ SentTimestamp: v.string(), ApproximateReceiveCount: v.string() }),
  MessageAttributes: v.optional(v.record(v.string(), v.object({ StringValue: v.optional(v.string()) })), {}),
});

/** The most that SQS takes or gives in one request. */
const BATCH = 10;

/** A receive that waits asks all of SQS's servers; one that does not may miss messages (API Reference, ReceiveMessage). */
const WAIT_SECONDS = 1;

/** So many receives in a row that bring only what is known end the look: SQS may show a message twice. */
const MOST_FRUITLESS = 3;

/**
 * A queue by its URL. Its region is the one in the URL, or where there is none the SDK's default; its endpoint is AWS's or
 * what AWS_ENDPOINT_URL_SQS or AWS_ENDPOINT_URL says.
 */
export function queueOf(url: string): Queue {
  const region = regionOf(url);
  const client = new SQSClient({ useQueueUrlAsEndpoint: false, ...(region !== undefined && { region }) });
  const release = async (messages: readonly QueuedMessage[]): Promise<void> => {
    for (let from = 0; from < messages.length; from += BATCH) {
      const Entries = messages
        .slice(from, from + BATCH)
        .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }));
      // What it answers of single ones does not matter: who is not hidden any more, or gone, needs no release.
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries });
      await named("sqs:ChangeMessageVisibility", client.send(command));
    }
  };
  const queue: Queue = {
    name: url.slice(url.lastIndexOf("/") + 1),
    receiveAll: async (hiddenSeconds, onMore) => {
      const messages = new Map<string, QueuedMessage>();
      const command = new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: hiddenSeconds,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageSystemAttributeNames: ["SentTimestamp", "ApproximateReceiveCount"],
        MessageAttributeNames: ["All"],
      });
      try {
        for (let fruitless = 0; fruitless < MOST_FRUITLESS; ) {
          const { Messages = [] } = await named("sqs:ReceiveMessage", client.send(command));
          if (Messages.length === 0) break;
          const before = messages.size;
          for (const received of Messages) {
            const message = readReceived(received, queue);
            messages.set(message.id, message);
          }
          fruitless = messages.size === before ? fruitless + 1 : 0;
          onMore(messages.size);
        }
      } catch (error) {
        await release([...messages.values()]).catch(() => undefined);
        throw error;
      }
      return [...messages.values()];
    },
    release,
    delete: async ({ receiptHandle }) => {
      const command = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle });
      await named("sqs:DeleteMessage", client.send(command));
    },
  };
  return queue;
}

function readReceived(received: unknown, queue: Queue): QueuedMessage {
  const { MessageId, ReceiptHandle, Body, Attributes, MessageAttributes } = v.parse(Message, received);
  return {
    queue,
    id: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue = "" }]) => [name, StringValue]),
    ),
    sentAt: new Date(Number(Attributes.SentTimestamp)).toISOString(),
    receivedBefore: Number(Attributes.ApproximateReceiveCount) - 1,
  };
}

/**
 * The region in a queue's URL: `https://sqs.us-east-1.amazonaws.com/…`, also of an endpoint in a VPC
 * (`https://vpce-….sqs.us-east-1.vpce.amazonaws.com/…`). Undefined where there is none.
 */
export function regionOf(queueUrl: string): string | undefined {
  return /(?:^|\.)sqs(?:-fips)?\.([a-z]+(?:-[a-z]+)+-\d+)\./.exec(new URL(queueUrl).hostname)?.[1];
}
