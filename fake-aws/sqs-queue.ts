import { randomUUID } from "node:crypto";

/** A message as a standard queue gives it out. */
export interface ReceivedMessage {
  readonly id: string;
  /** Of this receive; a later one makes it worthless. */
  readonly receiptHandle: string;
  readonly body: string;
  /** The sender's own attributes, all of them texts. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** This receive included. */
  readonly receives: number;
}

/** What a receipt handle is good for: nothing, or a message, which is hidden or can be received by anybody again. */
export type Standing = "unknown" | "visible" | "hidden";

/** A standard queue of SQS. Nothing in it expires. */
export interface SqsQueue {
  /** Puts a message into the queue and returns its id. */
  send(body: string, attributes?: Readonly<Record<string, string>>): string;
  /** Gives out visible messages, the longest there first, and hides each for so many seconds. */
  receive(atMost: number, hiddenSeconds: number): readonly ReceivedMessage[];
  /** Deletes a message by the handle of its last receive; by an older one nothing happens (API Reference, DeleteMessage). */
  delete(receiptHandle: string): Standing;
  /** Hides a message for so many seconds from now; only one that is hidden (API Reference, ChangeMessageVisibility). */
  hide(receiptHandle: string, seconds: number): Standing;
  /** The bodies of all messages, the longest there first, and of those alone that can be received now. */
  readonly bodies: readonly string[];
  readonly visibleBodies: readonly string[];
}

interface Stored {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentAt: number;
  receives: number;
  visibleFrom: number;
}

/** @param now milliseconds since 1970, by which messages come back into view; the machine's time if left out */
export function sqsQueue(now: () => number = Date.now): SqsQueue {
  const stored = new Map<string, Stored>();
  const visible = () => {
    const moment = now();
    return [...stored.values()].filter(({ visibleFrom }) => visibleFrom <= moment);
  };
  const handleOf = ({ id, receives }: Stored) => `${id}.${receives}`;
  const messageOf = (receiptHandle: string) => stored.get(receiptHandle.split(".", 1)[0] ?? "");
  const standingOf = (receiptHandle: string): Standing => {
    const message = messageOf(receiptHandle);
    if (message === undefined) return "unknown";
    return message.visibleFrom <= now() ? "visible" : "hidden";
  };
  return {
    send: (body, attributes = {}) => {
      const id = randomUUID();
      const sentAt = now();
      stored.set(id, { id, body, attributes, sentAt, receives: 0, visibleFrom: sentAt });
      return id;
    },
    receive: (atMost, hiddenSeconds) =>
      visible()
        .slice(0, atMost)
        .map((message) => {
          message.receives++;
          message.visibleFrom = now() + hiddenSeconds * 1000;
          const { visibleFrom: _, ...received } = message;
          return { ...received, receiptHandle: handleOf(message) };
        }),
    delete: (receiptHandle) => {
      const standing = standingOf(receiptHandle);
      const message = messageOf(receiptHandle);
      if (message !== undefined && handleOf(message) === receiptHandle) stored.delete(message.id);
      return standing;
    },
    hide: (receiptHandle, seconds) => {
      const standing = standingOf(receiptHandle);
      const message = messageOf(receiptHandle);
      if (message !== undefined && standing === "hidden") message.visibleFrom = now() + seconds * 1000;
      return standing;
    },
    get bodies() {
      return [...stored.values()].map(({ body }) => body);
    },
    get visibleBodies() {
      return visible().map(({ body }) => body);
    },
  };
}
