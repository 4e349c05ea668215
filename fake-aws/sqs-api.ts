import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { type LoopbackServer, listenOnLoopback } from "./loopback";
import type { ReceivedMessage, SqsQueue, Standing } from "./sqs-queue";

/** What SQS answers where it does not do what it is asked, by the code that SDKs tell. */
class SqsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

const AttributeValue = v.object({ DataType: v.literal("String"), StringValue: v.string() });

const Send = v.strictObject({
  QueueUrl: v.string(),
  MessageBody: v.pipe(v.string(), v.minLength(1)),
  MessageAttributes: v.optional(v.record(v.string(), AttributeValue), {}),
});

const Names = v.optional(v.array(v.string()), []);

/** At most 12 hours. */
const VisibilityTimeout = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(43_200));

const Receive = v.strictObject({
  QueueUrl: v.string(),
  MaxNumberOfMessages: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)), 1),
  VisibilityTimeout: v.optional(VisibilityTimeout, 30),
  WaitTimeSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20))),
  MessageSystemAttributeNames: Names,
  MessageAttributeNames: Names,
});

const Delete = v.strictObject({ QueueUrl: v.string(), ReceiptHandle: v.string() });

const ChangeVisibilities = v.strictObject({
  QueueUrl: v.string(),
  Entries: v.pipe(
    v.array(v.strictObject({ Id: v.string(), ReceiptHandle: v.string(), VisibilityTimeout })),
    v.minLength(1),
    v.maxLength(10),
  ),
});

/** One operation: reads its input, throws {@link SqsError} where that is amiss, and returns its output. */
type Operation = (input: unknown, queueOf: (url: string) => SqsQueue) => unknown;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  SendMessage: (input, queueOf) => {
    const { QueueUrl, MessageBody, MessageAttributes } = read(Send, input);
    const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
    const MessageId = queueOf(QueueUrl).send(MessageBody, Object.fromEntries(attributes));
    return { MessageId, MD5OfMessageBody: md5(MessageBody) };
  },
  // A long poll is answered at once: on this machine there are no servers that a short one would miss.
  ReceiveMessage: (input, queueOf) => {
    const request = read(Receive, input);
    const received = queueOf(request.QueueUrl).receive(request.MaxNumberOfMessages, request.VisibilityTimeout);
    return received.length === 0 ? {} : { Messages: received.map((message) => messageOf(message, request)) };
  },
  DeleteMessage: (input, queueOf) => {
    const { QueueUrl, ReceiptHandle } = read(Delete, input);
    // One of a message that is gone already is fine; what is no handle at all is not told apart from it.
    queueOf(QueueUrl).delete(ReceiptHandle);
    return {};
  },
  ChangeMessageVisibilityBatch: (input, queueOf) => {
    const { QueueUrl, Entries } = read(ChangeVisibilities, input);
    const changed = Entries.map(({ Id, ReceiptHandle, VisibilityTimeout: seconds }) => ({
      Id,
      code: REFUSALS[queueOf(QueueUrl).hide(ReceiptHandle, seconds)],
    }));
    return {
      Successful: changed.flatMap(({ Id, code }) => (code === undefined ? [{ Id }] : [])),
      Failed: changed.flatMap(({ Id, code }) => (code === undefined ? [] : [{ Id, Code: code, SenderFault: true }])),
    };
  },
};

/** Why the visibility of a message that stands so can't be changed. */
const REFUSALS: Readonly<Record<Standing, string | undefined>> = {
  hidden: undefined,
  visible: "MessageNotInflight",
  unknown: "ReceiptHandleIsInvalid",
};

/**
 * Serves queues by SQS's own protocol, AWS JSON 1.0, on a free loopback port: SendMessage, ReceiveMessage, DeleteMessage
 * and ChangeMessageVisibilityBatch. A queue is found by the last part of its URL; signatures are not verified.
 *
 * @param queues by name
 * @param isAllowed whether the caller may do this, `sqs:ReceiveMessage`; everything if left out
 */
export async function serveSqs(
  queues: Readonly<Record<string, SqsQueue>>,
  isAllowed: (action: string) => boolean = () => true,
): Promise<LoopbackServer> {
  const queueOf = (url: string): SqsQueue => {
    const queue = queues[url.slice(url.lastIndexOf("/") + 1)];
    if (queue !== undefined) return queue;
    throw new SqsError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
  };
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const body = await text(request);
    const [, name = ""] = /^AmazonSQS\.(\w+)$/.exec(String(request.headers["x-amz-target"])) ?? [];
    const operation = OPERATIONS[name];
    if (operation === undefined) throw new SqsError("InvalidAction", `${name} is not played here.`);
    // An action is the same for one message and for a batch of them (Service Authorization Reference, Amazon SQS).
    const action = `sqs:${name.replace(/Batch$/, "")}`;
    if (!isAllowed(action))
      throw new SqsError("AccessDenied", `The caller is not authorized to perform: ${action}`, 403);
    return operation(JSON.parse(body), queueOf);
  };
  const server = createServer(async (request, response) => {
    response.setHeader("x-amzn-requestid", randomUUID());
    response.setHeader("content-type", "application/x-amz-json-1.0");
    try {
      const output = await answer(request);
      response.end(JSON.stringify(output));
    } catch (error) {
      const { code, message, status } =
        error instanceof SqsError ? error : new SqsError("InternalFailure", `The stand-in failed: ${error}`, 500);
      // By this header SDKs tell the code that SQS's older protocol has.
      response.writeHead(status, { "x-amzn-query-error": `${code};Sender` });
      response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${code.split(".").at(-1)}`, message }));
    }
  });
  return listenOnLoopback(server);
}

/** A message as ReceiveMessage answers it: without attributes that were not asked for. */
function messageOf(
  { id, receiptHandle, body, attributes, sentAt, receives }: ReceivedMessage,
  { MessageSystemAttributeNames: ofSqs, MessageAttributeNames: ofSender }: v.InferOutput<typeof Receive>,
) {
  const known = { SentTimestamp: String(sentAt), ApproximateReceiveCount: String(receives) };
  const asked = (names: readonly string[], of: Readonly<Record<string, string>>) =>
    Object.entries(of).filter(([name]) => names.includes("All") || names.includes(name));
  return {
    MessageId: id,
    ReceiptHandle: receiptHandle,
    Body: body,
    MD5OfBody: md5(body),
    Attributes: Object.fromEntries(asked(ofSqs, known)),
    MessageAttributes: Object.fromEntries(
      asked(ofSender, attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
    ),
  };
}

function read<T extends v.GenericSchema>(schema: T, input: unknown): v.InferOutput<T> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "the request"}: ${issue.message}`);
  throw new SqsError("InvalidParameterValue", problems.join("; "));
}

function md5(value: string): string {
  return createHash("md5").update(value).digest("hex");
}
