import { createServer } from "node:http";
import { expect } from "chai";
import type { DetailType } from "../../../core/told";
import { type EventBusServer, serveEventBus } from "../../../fake-aws/event-bus";
import { type LoopbackServer, listenOnLoopback } from "../../../fake-aws/loopback";
import type { Entry } from "../../../handler/told/entry";
import { eventBus } from "../../../handler/told/event-bus";
import { HANDLER } from "../../support/account";
import { PLACE } from "../../support/quiet-bus";

const entry = (detail: object = {}, detailType: DetailType = "User Held"): Entry => ({
  Source: "require-mfa",
  DetailType: detailType,
  Detail: JSON.stringify(detail),
});
const entries = (count: number, detail: object = {}) =>
  Array.from({ length: count }, (_, index) => entry({ index, ...detail }));

describe("putting events", () => {
  let bus: EventBusServer;
  let pauses: number[];
  beforeEach(async () => {
    pauses = [];
    bus = await serveEventBus({
      ...PLACE,
      now: () => new Date("2026-03-05T00:00:00Z"),
      principals: new Map([["ASIAHANDLER", HANDLER]]),
      allows: () => true,
    });
  });
  afterEach(() => bus.close());

  const putAt = (url: string, ...given: readonly Entry[]) =>
    eventBus(
      {
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "ASIAHANDLER",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_SESSION_TOKEN: "token",
        AWS_ENDPOINT_URL_EVENTBRIDGE: url,
      },
      async (seconds) => void pauses.push(seconds),
    ).putEvents(given);
  const put = (...given: readonly Entry[]) => putAt(bus.url, ...given);
  const taken = () => bus.events.map(({ detail }) => detail["index"]);

  it("takes one call for ten, and one more for each ten after them, in their order", async () => {
    expect(await put(...entries(10))).to.deep.equal([]);
    expect(bus.calls).to.deep.equal([10]);
    expect(await put(...entries(23))).to.deep.equal([]);
    expect(bus.calls).to.deep.equal([10, 10, 10, 3]);
    expect(taken().slice(10)).to.deep.equal(Array.from({ length: 23 }, (_, index) => index));
  });

  it("puts no more into a call than EventBridge takes", async () => {
    expect(await put(...entries(5, { text: "é".repeat(50_000) }))).to.deep.equal([]);
    expect(bus.calls).to.deep.equal([2, 2, 1]);
  });

  it("puts again only what was refused, where an answer says that some was for a reason that passes", async () => {
    bus.refuseNext("InternalFailure", 2);
    expect(await put(...entries(4))).to.deep.equal([]);
    expect(bus.calls).to.deep.equal([4, 2]);
    expect(taken()).to.deep.equal([2, 3, 0, 1]);
    expect(pauses).to.deep.equal([0.25]);
  });

  it("fills a call to 250,000 bytes, of source, type and detail alike", async () => {
    // require-mfa, User Held and {"text":""} are 11, 9 and 11 bytes.
    const ofBytes = (bytes: number) => entry({ text: "a".repeat(bytes - 31) });
    expect(await put(ofBytes(125_000), ofBytes(125_000))).to.deep.equal([]);
    expect(await put(ofBytes(125_000), ofBytes(125_001))).to.deep.equal([]);
    expect(bus.calls).to.deep.equal([2, 1, 1]);
  });

  it("puts nothing again that is refused for good, and tells what and why", async () => {
    bus.refuseNext("MalformedDetail");
    const [first, second] = [entry({}, "User Held"), entry({}, "User Freed")];
    expect(await put(first, second)).to.deep.equal([{ entry: first, reason: "MalformedDetail" }]);
    expect(bus.calls).to.deep.equal([2]);
  });

  for (const code of ["ThrottlingException", "InternalException"] as const) {
    it(`makes a call again that is answered ${code}, for some seconds`, async () => {
      bus.failNext(code, 2);
      expect(await put(...entries(3))).to.deep.equal([]);
      expect(bus.calls).to.deep.equal([3, 3, 3]);
      bus.failNext(code, 5);
      const refused = await put(...entries(3));
      expect(refused).to.have.lengthOf(3);
      expect(refused[0]?.reason).to.match(new RegExp(`^AwsError: EventBridge did not take the events: .*${code}`));
      expect(pauses).to.deep.equal([0.25, 0.5, 0.25, 0.5, 1, 2]);
    });
  }

  it("gives up at once where the call is refused for good, and goes on with the next call", async () => {
    bus.failNext("AccessDeniedException");
    const refused = await put(...entries(12));
    expect(refused).to.have.lengthOf(10);
    expect(taken()).to.deep.equal([10, 11]);
    expect(pauses).to.deep.equal([]);
  });

  describe("where the answer is none", () => {
    let other: LoopbackServer;
    afterEach(() => other.close());
    const answering = async (body: string) => {
      other = await listenOnLoopback(createServer((_, response) => response.end(body)));
      return putAt(other.url, ...entries(2));
    };

    it("takes nothing for put", async () => {
      const [refused, ...others] = await answering("<html>");
      expect(refused?.reason).to.match(/^SyntaxError: /);
      expect(others).to.have.lengthOf(1);
    });

    it("puts all that was refused again where one of them was for a reason that passes", async () => {
      const refused = await answering('{"Entries":[{"ErrorCode":"MalformedDetail"},{"ErrorCode":"InternalFailure"}]}');
      expect(refused.map(({ reason }) => reason)).to.deep.equal(["MalformedDetail", "InternalFailure"]);
      expect(pauses).to.deep.equal([0.25, 0.5, 1, 2]);
    });

    it("takes for put only what has an id", async () => {
      const refused = await answering('{"FailedEntryCount":0,"Entries":[{"EventId":"e"}]}');
      expect(refused.map(({ reason }) => reason)).to.deep.equal(["no id"]);
    });
  });

  it("throws nothing where nobody answers", async () => {
    const { url } = bus;
    await bus.close();
    const refused = await putAt(url, ...entries(2));
    bus = await serveEventBus({ ...PLACE, now: () => new Date(), principals: new Map(), allows: () => true });
    const reason = `Error: connect ECONNREFUSED ${new URL(url).host}`;
    expect(refused.map((each) => each.reason)).to.deep.equal([reason, reason]);
  });
});
