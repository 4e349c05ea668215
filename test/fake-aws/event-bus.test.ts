import { expect } from "chai";
import { type EventBusServer, serveEventBus } from "../../fake-aws/event-bus";
import { awsCall } from "../../handler/aws-call";
import { HANDLER } from "../support/account";
import { PLACE } from "../support/quiet-bus";

const ENTRY = { Source: "require-mfa", DetailType: "User Held", Detail: '{"user":"alice"}' };

describe("the stand-in for EventBridge", () => {
  let bus: EventBusServer;
  let asked: unknown[];
  beforeEach(async () => {
    asked = [];
    bus = await serveEventBus({
      ...PLACE,
      now: () => new Date("2026-03-05T01:02:38.500Z"),
      principals: new Map([["ASIAHANDLER", HANDLER]]),
      allows: (...request) => {
        asked.push(request);
        return !JSON.stringify(request).includes("com.example");
      },
    });
  });
  afterEach(() => bus.close());

  const call = async (
    body: unknown,
    changed: { readonly target?: string; readonly region?: string; readonly key?: string } = {},
  ) => {
    const { target = "AWSEvents.PutEvents", region = "us-east-1", key = "ASIAHANDLER" } = changed;
    const answer = await awsCall(
      {
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: key,
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL: bus.url,
      },
      {
        service: "events",
        method: "POST",
        path: "/",
        headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
        body: JSON.stringify(body),
        refusal: "refused",
        signal: AbortSignal.timeout(10_000),
      },
    );
    return JSON.parse(answer);
  };
  const put = (...Entries: readonly object[]) => call({ Entries });
  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => "none",
      (error: unknown) => String(error),
    );

  it("takes an event and hands it on as rules see it", async () => {
    expect(await put(ENTRY)).to.deep.include({ FailedEntryCount: 0 });
    const [{ id, ...event } = { id: "" }, ...others] = bus.events;
    expect(others).to.deep.equal([]);
    expect(id).to.match(/^[0-9a-f-]{36}$/);
    expect(event).to.deep.equal({
      version: "0",
      "detail-type": "User Held",
      source: "require-mfa",
      account: "123456789012",
      time: "2026-03-05T01:02:38Z",
      region: "us-east-1",
      resources: [],
      detail: { user: "alice" },
    });
  });

  it("finds the events that a rule's pattern lets through", async () => {
    await put(ENTRY, { ...ENTRY, DetailType: "User Freed" });
    const through = bus.matching({ source: ["require-mfa"], account: ["123456789012"], "detail-type": ["User Freed"] });
    expect(through.map((event) => event["detail-type"])).to.deep.equal(["User Freed"]);
    expect(bus.matching({ source: ["aws.iam"] })).to.deep.equal([]);
  });

  it("asks for permission by the caller, the default bus and all sources of a call, and refuses the whole call", async () => {
    const refused = await refusal(put(ENTRY, { ...ENTRY, Source: "com.example" }));
    expect(refused).to.match(/^AwsError: refused: 400 .*AccessDeniedException/);
    expect(asked).to.deep.equal([
      [
        HANDLER,
        "events:PutEvents",
        "arn:aws:events:us-east-1:123456789012:event-bus/default",
        { "events:source": ["require-mfa", "com.example"] },
      ],
    ]);
    expect(bus.events).to.deep.equal([]);
  });

  it("takes all but what it counts as failed, in an answer that else is one", async () => {
    bus.refuseNext("InternalFailure");
    const answer = await put(ENTRY, { ...ENTRY, Source: "aws.iam" }, { ...ENTRY, Detail: "[]" }, ENTRY);
    expect(answer).to.deep.include({ FailedEntryCount: 3 });
    expect(answer).to.containSubset({
      Entries: [
        { ErrorCode: "InternalFailure" },
        { ErrorCode: "NotAuthorizedForSourceException" },
        { ErrorCode: "MalformedDetail" },
        { EventId: bus.events[0]?.id },
      ],
    });
  });

  const refusals: readonly (readonly [string, () => Promise<unknown>, string])[] = [
    ["more than ten entries", () => put(...Array(11).fill(ENTRY)), "400 .*ValidationException"],
    ["no entry", () => put(), "400 .*ValidationException"],
    ["an element that it does not know", () => put({ ...ENTRY, EventBusName: "other" }), "400 .*ValidationException"],
    ["more than 256 KB", () => put({ ...ENTRY, Detail: `{"text":"${"x".repeat(262_144)}"}` }), "400 .*over the limit"],
    ["another call", () => call({}, { target: "AWSEvents.PutRule" }), "400 .*UnknownOperationException"],
    ["a signature for another region", () => call({ Entries: [ENTRY] }, { region: "eu-central-1" }), "403 .*Unrecog"],
    ["a stranger", () => call({ Entries: [ENTRY] }, { key: "AKIASTRANGER" }), "403 .*UnrecognizedClientException"],
  ];
  for (const [title, made, expected] of refusals) {
    it(`refuses ${title}`, async () => {
      expect(await refusal(made())).to.match(new RegExp(`^AwsError: refused: ${expected}`));
    });
  }

  it("fails as often as it is told to", async () => {
    bus.failNext("ThrottlingException");
    expect(await refusal(put(ENTRY))).to.match(/400 .*ThrottlingException/);
    expect(await refusal(put(ENTRY))).to.equal("none");
    expect(bus.calls).to.deep.equal([1, 1]);
  });
});
