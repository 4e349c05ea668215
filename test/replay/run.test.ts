import { expect } from "chai";
import * as v from "valibot";
import type { Progress } from "../../command-line/progress";
import { serveInvocations } from "../../fake-aws/lambda-api";
import { serveSqs } from "../../fake-aws/sqs-api";
import { type SqsQueue, sqsQueue } from "../../fake-aws/sqs-queue";
import { invokerOf } from "../../replay/invoke";
import { queueOf } from "../../replay/queue";
import { run } from "../../replay/run";
import { failureOf } from "../support/failure";
import { peopleOf } from "../support/people";
import { newWorld } from "../support/world";
import { DEAD_LETTER_ATTRIBUTES, eventOf, recordOfFailure } from "./letters";

const FUNCTION = "require-mfa-1a2b3c4";

const PLACE = {
  queueUrls: [
    "https://sqs.us-east-1.amazonaws.com/123456789012/undelivered",
    "https://sqs.us-east-1.amazonaws.com/123456789012/failed",
  ],
  functionName: FUNCTION,
};

/** An event of a call about a user, made at so many minutes past nine. */
const callAbout = (userName: string, minutes = 0, eventName = "CreateUser") =>
  eventOf({
    eventName,
    eventTime: new Date(Date.UTC(2026, 10, 20, 9, minutes)).toISOString(),
    requestParameters: { userName },
  });

/** The record in an event that the function is invoked with. */
const detailOf = (event: unknown) => v.parse(v.object({ detail: v.unknown() }), event).detail;

describe("a replay", () => {
  let now: number;
  let undelivered: SqsQueue;
  let failed: SqsQueue;
  let denied: string[];
  /** What the callers of SQS were allowed. */
  let actions: Set<string>;
  let invoked: unknown[];
  let invoke: (event: unknown) => Promise<unknown>;
  let servers: { readonly close: () => Promise<void> }[];
  let environment: NodeJS.ProcessEnv;

  beforeEach(async () => {
    now = Date.parse("2026-11-20T10:00:00Z");
    denied = [];
    actions = new Set();
    invoked = [];
    invoke = async () => undefined;
    undelivered = sqsQueue(() => now);
    failed = sqsQueue(() => now);
    const sqs = await serveSqs({ undelivered, failed }, (action) => {
      actions.add(action);
      return !denied.includes(action);
    });
    const lambda = await serveInvocations({
      [FUNCTION]: (event) => {
        invoked.push(event);
        return invoke(event);
      },
    });
    servers = [sqs, lambda];
    environment = { ...process.env };
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ENDPOINT_URL_SQS: sqs.url,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    });
  });

  afterEach(async () => {
    process.env = environment;
    await Promise.all(servers.map((server) => server.close()));
  });

  /** Runs the command and returns what it says and its exit code. */
  async function replay({ execute = false, place = PLACE } = {}) {
    const said: string[] = [];
    const progress: Progress = { doing: () => undefined, say: (...lines) => void said.push(...lines) };
    const exitCode = await run(
      {
        queues: place.queueUrls.map(queueOf),
        functionName: place.functionName,
        invoke: invokerOf(place.functionName, "us-east-1"),
      },
      execute,
      progress,
    );
    return { said, exitCode };
  }

  const send = (queue: SqsQueue, body: unknown, attributes?: Readonly<Record<string, string>>) =>
    queue.send(typeof body === "string" ? body : JSON.stringify(body), attributes);

  it("shows without --execute what waits, and leaves all of it where anybody can receive it at once", async () => {
    send(undelivered, callAbout("alice", 5), DEAD_LETTER_ATTRIBUTES);
    send(failed, recordOfFailure(callAbout("bob", 1)));
    const poison = send(failed, "poison");
    send(failed, recordOfFailure({ sweep: { by: "schedule" } }));
    expect(await replay()).to.deep.equal({
      exitCode: 0,
      said: [
        "undelivered: 1 message",
        "failed: 3 messages",
        "  1  2026-11-20T09:01:00.000Z  CreateUser about bob",
        "     failed: AccessDenied: not allowed to add alice (RetriesExhausted, 3 attempts); not received before",
        "  2  2026-11-20T09:05:00.000Z  CreateUser about alice",
        "     not delivered: NO_PERMISSIONS: Lambda function is not authorized to be invoked; not received before",
        "  3  2026-11-20T10:00:00.000Z  a sweep",
        "     failed: AccessDenied: not allowed to add alice (RetriesExhausted, 3 attempts); not received before",
        `  ?  2026-11-20T10:00:00.000Z  message ${poison} in failed can't be replayed`,
        "     it is no JSON; not received before",
        "Nothing was replayed; --execute invokes require-mfa-1a2b3c4 3 times, and deletes what succeeds.",
      ],
    });
    expect(invoked).to.deep.equal([]);
    expect([undelivered.visibleBodies.length, failed.visibleBodies.length]).to.deep.equal([1, 3]);
    expect([...actions]).to.have.members(["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"]);
    // A second look says that there was a first.
    expect((await replay()).said).to.include("     it is no JSON; received once before");
  });

  it("says with two lines that there is nothing", async () => {
    for (const execute of [false, true]) {
      expect(await replay({ execute })).to.deep.equal({
        exitCode: 0,
        said: ["undelivered: 0 messages", "failed: 0 messages"],
      });
    }
  });

  it("invokes the function with each event as it was, in the order of the calls, and deletes the messages", async () => {
    send(undelivered, callAbout("alice", 5), DEAD_LETTER_ATTRIBUTES);
    send(failed, recordOfFailure(callAbout("bob", 1)));
    expect(await replay({ execute: true })).to.deep.equal({
      exitCode: 0,
      said: [
        "undelivered: 1 message",
        "failed: 1 message",
        "✓  1  2026-11-20T09:01:00.000Z  CreateUser about bob",
        "✓  2  2026-11-20T09:05:00.000Z  CreateUser about alice",
      ],
    });
    expect(invoked).to.deep.equal([callAbout("bob", 1), callAbout("alice", 5)]);
    expect([...undelivered.bodies, ...failed.bodies]).to.deep.equal([]);
    expect([...actions]).to.have.members(["sqs:ReceiveMessage", "sqs:DeleteMessage"]);
  });

  it("leaves what fails in the queue, receivable at once, goes on with the rest and ends with 1", async () => {
    invoke = async (event) => {
      if (JSON.stringify(event).includes("alice")) throw new RangeError("no guard can hold alice");
    };
    send(failed, recordOfFailure(callAbout("alice", 1)));
    send(failed, recordOfFailure(callAbout("bob", 2)));
    const { said, exitCode } = await replay({ execute: true });
    expect(exitCode).to.equal(1);
    expect(said.slice(2)).to.deep.equal([
      "✗  1  2026-11-20T09:01:00.000Z  CreateUser about alice",
      "      RangeError: no guard can hold alice",
      "✓  2  2026-11-20T09:02:00.000Z  CreateUser about bob",
      "Left in the queues: 1 message.",
    ]);
    expect(failed.visibleBodies).to.deep.equal([JSON.stringify(recordOfFailure(callAbout("alice", 1)))]);
  });

  it("leaves what it can't read, tells it and ends with 1", async () => {
    const poison = send(failed, "poison\u001b[2J");
    send(failed, recordOfFailure(callAbout("bob")));
    const { said, exitCode } = await replay({ execute: true });
    expect(exitCode).to.equal(1);
    expect(said.slice(3)).to.deep.equal([
      `  ?  2026-11-20T10:00:00.000Z  message ${poison} in failed can't be replayed`,
      "     it is no JSON; not received before",
      "Left in the queues: 1 message.",
    ]);
    expect(failed.visibleBodies).to.deep.equal(["poison\u001b[2J"]);
  });

  it("sweeps once, afresh and last, for all sweeps that were asked for", async () => {
    send(failed, recordOfFailure({ sweep: { by: "schedule" } }));
    send(failed, recordOfFailure({ sweep: { by: "deploy", run: 4, firstRunAt: Date.UTC(2026, 10, 19) } }));
    send(undelivered, { ...eventOf({}), source: "aws.events", "detail-type": "Scheduled Event" });
    send(failed, recordOfFailure(callAbout("bob")));
    const { said, exitCode } = await replay({ execute: true });
    expect(invoked).to.deep.equal([callAbout("bob"), { sweep: { by: "schedule" } }]);
    expect(said.at(-1)).to.match(/^✓ {2}2 {2}\S+ {2}a sweep, for the 3 that were asked for$/);
    expect(exitCode).to.equal(0);
    expect([...undelivered.bodies, ...failed.bodies]).to.deep.equal([]);
  });

  it("goes through more messages than one receive brings", async () => {
    for (let n = 0; n < 47; n++) send(failed, recordOfFailure(callAbout(`user-${n}`, n)));
    expect((await replay()).said[1]).to.equal("failed: 47 messages");
    expect(failed.visibleBodies).to.have.lengthOf(47);
    expect((await replay({ execute: true })).exitCode).to.equal(0);
    expect(invoked).to.have.lengthOf(47);
    expect(failed.bodies).to.deep.equal([]);
  });

  it("takes a message once that SQS shows again and again, and comes to an end", async () => {
    // Each time that anybody asks it is a quarter of an hour later, so that nothing stays hidden.
    const restless = sqsQueue(() => {
      now += 900_000;
      return now;
    });
    for (let n = 0; n < 3; n++) send(restless, recordOfFailure(callAbout(`user-${n}`, n)));
    const sqs = await serveSqs({ failed: restless });
    servers.push(sqs);
    process.env["AWS_ENDPOINT_URL_SQS"] = sqs.url;
    const place = { ...PLACE, queueUrls: PLACE.queueUrls.slice(1) };
    expect((await replay({ place })).said[0]).to.equal("failed: 3 messages");
    await replay({ execute: true, place });
    expect(invoked).to.have.lengthOf(3);
    expect(restless.bodies).to.deep.equal([]);
  });

  it("replays the same event twice where it waits twice", async () => {
    send(undelivered, callAbout("alice"), DEAD_LETTER_ATTRIBUTES);
    send(failed, recordOfFailure(callAbout("alice")));
    expect((await replay({ execute: true })).exitCode).to.equal(0);
    expect(invoked).to.deep.equal([callAbout("alice"), callAbout("alice")]);
  });

  it("says that messages stay hidden for a while where the caller may not release them", async () => {
    denied.push("sqs:ChangeMessageVisibility");
    send(failed, recordOfFailure(callAbout("alice")));
    const { said, exitCode } = await replay();
    expect(exitCode).to.equal(0);
    expect(said.at(-1)).to.equal(
      "sqs:ChangeMessageVisibility failed: AccessDenied: The caller is not authorized to perform: " +
        "sqs:ChangeMessageVisibility: nobody can receive 1 message of failed, hidden for 120 seconds at most",
    );
    expect(failed.visibleBodies).to.deep.equal([]);
    now += 120_000;
    expect(failed.visibleBodies).to.have.lengthOf(1);
  });

  it("throws what SQS says where it may not receive, and releases what it has from the other queue", async () => {
    send(undelivered, callAbout("alice"), DEAD_LETTER_ATTRIBUTES);
    const queueUrls = [...PLACE.queueUrls.slice(0, 1), "https://sqs.us-east-1.amazonaws.com/123456789012/nowhere"];
    const failure = await failureOf(replay({ place: { ...PLACE, queueUrls } }));
    expect(failure.message).to.equal(
      "sqs:ReceiveMessage failed: QueueDoesNotExist: The specified queue does not exist.",
    );
    expect(undelivered.visibleBodies).to.have.lengthOf(1);
  });

  it("stops where Lambda does not run the function, and leaves everything", async () => {
    for (const user of ["alice", "bob"]) send(failed, recordOfFailure(callAbout(user)));
    const lambda = await serveInvocations({});
    servers.push(lambda);
    process.env["AWS_ENDPOINT_URL_LAMBDA"] = lambda.url;
    const failure = await failureOf(replay({ execute: true }));
    expect(failure.message).to.equal(
      "lambda:InvokeFunction failed: ResourceNotFoundException: Function not found: require-mfa-1a2b3c4",
    );
    expect(failed.visibleBodies).to.have.lengthOf(2);
  });

  it("stops where it may not delete, for it would replay the rest in vain", async () => {
    denied.push("sqs:DeleteMessage");
    for (const user of ["alice", "bob"]) send(failed, recordOfFailure(callAbout(user)));
    const failure = await failureOf(replay({ execute: true }));
    expect(failure.message).to.match(/^sqs:DeleteMessage failed: AccessDenied/);
    expect(invoked).to.have.lengthOf(1);
    expect(failed.visibleBodies).to.have.lengthOf(2);
  });

  it("does no harm to whom the account's state has long put in place, however often it is done", async () => {
    const world = await newWorld();
    servers.push(world);
    const { person } = peopleOf(world);
    person("alice");
    const record = world.recordOf("CreateLoginProfile", { UserName: "alice", Password: "correct-horse" });
    await world.handle({ mode: "quarantine" }, record);
    expect(world.standing("alice")).to.equal("quarantine");
    invoke = async (event) => {
      await world.handle({ mode: "quarantine" }, detailOf(event));
    };
    const writes = () => world.calls().filter((call) => /^(Add|Remove|Attach|Detach)/.test(call)).length;
    const before = writes();
    for (const letter of ["first", "second"]) {
      send(failed, recordOfFailure(eventOf(record)));
      expect((await replay({ execute: true })).exitCode, letter).to.equal(0);
    }
    expect(writes()).to.equal(before);
    expect(world.standing("alice")).to.equal("quarantine");

    // Who has enrolled since is free, whatever the old event was about.
    await world.handle({ mode: "quarantine" }, world.enrol("alice"));
    expect(world.standing("alice")).to.equal("free");
    send(failed, recordOfFailure(eventOf(record)));
    expect((await replay({ execute: true })).exitCode).to.equal(0);
    expect(world.standing("alice")).to.equal("free");
  });

  it("makes up for what was lost", async () => {
    const world = await newWorld();
    servers.push(world);
    const { person } = peopleOf(world);
    person("alice");
    const record = world.recordOf("CreateLoginProfile", { UserName: "alice", Password: "correct-horse" });
    person("bob", "password");
    invoke = async (event) => {
      if (JSON.stringify(event).includes('"sweep"')) return (await world.sweep({ mode: "quarantine" }, {})).summary;
      return void (await world.handle({ mode: "quarantine" }, detailOf(event)));
    };
    send(undelivered, eventOf(record), DEAD_LETTER_ATTRIBUTES);
    send(undelivered, { sweep: { by: "schedule" } }, DEAD_LETTER_ATTRIBUTES);
    expect((await replay({ execute: true })).exitCode).to.equal(0);
    expect([world.standing("alice"), world.standing("bob")]).to.deep.equal(["quarantine", "quarantine"]);
  });
});
