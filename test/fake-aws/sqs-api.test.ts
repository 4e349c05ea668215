import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  SQSClient,
  SQSServiceException,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { serveSqs } from "../../fake-aws/sqs-api";
import { type SqsQueue, sqsQueue } from "../../fake-aws/sqs-queue";
import { firstOf } from "../support/account";

const QueueUrl = "https://sqs.us-east-1.amazonaws.com/123456789012/failures";

describe("the stand-in for SQS", () => {
  let now: number;
  let queue: SqsQueue;
  let server: LoopbackServer;
  let client: SQSClient;
  let denied: string[];

  beforeEach(async () => {
    now = Date.parse("2026-11-20T09:00:00Z");
    denied = [];
    queue = sqsQueue(() => now);
    server = await serveSqs({ failures: queue }, (action) => !denied.includes(action));
    client = new SQSClient({
      endpoint: server.url,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
    });
  });
  afterEach(async () => {
    client.destroy();
    await server.close();
  });

  const receive = async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<readonly Message[]> =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];

  const bodiesOf = (messages: readonly Message[]) => messages.map(({ Body }) => Body);

  async function refusalOf(sending: Promise<unknown>) {
    const thrown: unknown = await sending.catch((error: unknown) => error);
    if (!(thrown instanceof SQSServiceException)) throw thrown;
    return { name: thrown.name, status: thrown.$metadata.httpStatusCode };
  }

  it("gives out what was sent, with the attributes that are asked for", async () => {
    const { MessageId } = await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: '{"a":"ü"}',
        MessageAttributes: { ERROR_CODE: { DataType: "String", StringValue: "NO_PERMISSIONS" } },
      }),
    );
    const [message] = await receive({ MessageSystemAttributeNames: ["All"], MessageAttributeNames: ["All"] });
    expect(message?.MessageId).to.equal(MessageId);
    expect(message?.Body).to.equal('{"a":"ü"}');
    expect(message?.MessageAttributes?.["ERROR_CODE"]?.StringValue).to.equal("NO_PERMISSIONS");
    expect(message?.Attributes).to.deep.equal({ SentTimestamp: "1795165200000", ApproximateReceiveCount: "1" });
  });

  it("leaves out attributes that nobody asks for", async () => {
    queue.send("{}", { ERROR_CODE: "NO_PERMISSIONS" });
    const [message] = await receive();
    expect(message?.Attributes ?? {}).to.deep.equal({});
    expect(message?.MessageAttributes ?? {}).to.deep.equal({});
  });

  it("gives out ten messages at most, and one where nothing else is asked", async () => {
    for (let n = 1; n <= 12; n++) queue.send(String(n));
    expect(bodiesOf(await receive())).to.deep.equal(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(bodiesOf(Messages ?? [])).to.deep.equal(["11"]);
    expect(await refusalOf(receive({ MaxNumberOfMessages: 11 }))).to.deep.equal({
      name: "InvalidParameterValue",
      status: 400,
    });
  });

  it("hides what it gave out for the time that was asked for, half a minute where none was", async () => {
    queue.send("1");
    expect(await receive()).to.have.lengthOf(1);
    now += 29_000;
    expect(await receive()).to.have.lengthOf(0);
    now += 1_000;
    expect(await receive({ VisibilityTimeout: 120 })).to.have.lengthOf(1);
    now += 119_000;
    expect(await receive()).to.have.lengthOf(0);
    now += 1_000;
    expect(await receive({ VisibilityTimeout: 0 })).to.have.lengthOf(1);
    expect(queue.visibleBodies).to.deep.equal(["1"]);
  });

  it("deletes by the handle of the last receive and by no other", async () => {
    queue.send("1");
    const [first] = await receive({ VisibilityTimeout: 0 });
    const [second] = await receive();
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    expect(queue.bodies).to.deep.equal(["1"]);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    expect(queue.bodies).to.deep.equal([]);
  });

  it("deletes by the last handle also after the message has come back into view", async () => {
    queue.send("1");
    const [message] = await receive();
    now += 31_000;
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    expect(queue.bodies).to.deep.equal([]);
  });

  it("brings hidden messages back into view, and says of which it can't", async () => {
    queue.send("1");
    const { ReceiptHandle } = firstOf(await receive({ VisibilityTimeout: 900 }));
    const release = () =>
      client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl,
          Entries: [
            { Id: "0", ReceiptHandle, VisibilityTimeout: 0 },
            { Id: "1", ReceiptHandle: "no.1", VisibilityTimeout: 0 },
          ],
        }),
      );
    const first = await release();
    expect(first.Successful).to.deep.equal([{ Id: "0" }]);
    expect(first.Failed).to.deep.equal([{ Id: "1", Code: "ReceiptHandleIsInvalid", SenderFault: true }]);
    expect(queue.visibleBodies).to.deep.equal(["1"]);
    expect((await release()).Failed?.map(({ Code }) => Code)).to.deep.equal([
      "MessageNotInflight",
      "ReceiptHandleIsInvalid",
    ]);
  });

  it("refuses a queue that is not there, and a caller who may not", async () => {
    const elsewhere = receive({ QueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/others" });
    expect(await refusalOf(elsewhere)).to.deep.equal({
      name: "QueueDoesNotExist",
      status: 400,
    });
    denied.push("sqs:ReceiveMessage");
    expect(await refusalOf(receive())).to.deep.equal({ name: "AccessDenied", status: 403 });
  });
});
