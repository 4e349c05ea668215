import dns from "node:dns";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { restore, stub } from "sinon";
import { type LoopbackServer, listenOnLoopback } from "../../fake-aws/loopback";
import { type AwsRequest, awsCall, type Environment, isPassing } from "../../handler/aws-call";
import { failureOf } from "../support/failure";
import { signatureOf } from "../support/signature";

const ENVIRONMENT: Environment = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "ASIAHANDLER",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI",
  AWS_SESSION_TOKEN: "token",
};

const REQUEST: AwsRequest = {
  service: "lambda",
  method: "POST",
  path: "/2015-03-31/functions/require-mfa-1a2b3c4/invocations",
  headers: { "x-amz-invocation-type": "Event" },
  body: '{"sweep":{}}',
  refusal: "Lambda did not take it",
  signal: new AbortController().signal,
};

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("a call to AWS", () => {
  let server: LoopbackServer;
  let received: Received[];
  let answer: readonly [status: number, body: string];
  beforeEach(async () => {
    received = [];
    answer = [200, "{}"];
    server = await listenOnLoopback(
      createServer(async (request, response) => {
        received.push({ url: request.url ?? "", headers: request.headers, body: await text(request) });
        response.writeHead(answer[0]).end(answer[1]);
      }),
    );
  });
  afterEach(async () => {
    restore();
    await server.close();
  });

  it("is signed with the function's credentials, as AWS says how", async () => {
    expect(await awsCall({ ...ENVIRONMENT, AWS_ENDPOINT_URL: server.url }, REQUEST)).to.equal("{}");
    const [request] = received;
    if (request === undefined) throw new Error("no request");
    const { headers, body } = request;
    expect(body).to.equal('{"sweep":{}}');
    expect(headers).to.include({ "x-amz-invocation-type": "Event", "x-amz-security-token": "token" });
    expect(headers.authorization).to.match(
      /^AWS4-HMAC-SHA256 Credential=ASIAHANDLER\/\d{8}\/us-east-1\/lambda\/aws4_request, SignedHeaders=[a-z0-9;-]*x-amz-security-token/,
    );
    expect(headers.authorization).to.match(
      new RegExp(`, Signature=${signatureOf({ method: "POST", ...request }, "wJalrXUtnFEMI")}$`),
    );
  });

  it("carries no session's token where there is none", async () => {
    const { AWS_SESSION_TOKEN: _, ...lasting } = ENVIRONMENT;
    await awsCall({ ...lasting, AWS_ENDPOINT_URL: server.url }, REQUEST);
    expect(received[0]?.headers).to.not.have.property("x-amz-security-token");
  });

  it("goes to the service's own endpoint before the one for all", async () => {
    const environment = { ...ENVIRONMENT, AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ENDPOINT_URL_LAMBDA: server.url };
    await awsCall(environment, REQUEST);
    expect(received).to.have.lengthOf(1);
  });

  for (const [region, host] of [
    ["us-east-1", "events.us-east-1.amazonaws.com"],
    ["us-gov-west-1", "events.us-gov-west-1.amazonaws.com"],
    ["cn-north-1", "events.cn-north-1.amazonaws.com.cn"],
  ] as const) {
    it(`goes to ${host} where nothing else is said in ${region}`, async () => {
      const asked: unknown[] = [];
      const refused = Object.assign(new Error("there is no network here"), { code: "ENOTFOUND" });
      stub(dns, "lookup").callsFake((...given: readonly unknown[]) => {
        asked.push(given[0]);
        const callback = given.at(-1);
        if (typeof callback === "function") callback(refused);
      });
      const failure = await failureOf(
        awsCall({ ...ENVIRONMENT, AWS_REGION: region }, { ...REQUEST, service: "events" }),
      );
      expect(failure).to.equal(refused);
      expect(asked).to.deep.equal([host]);
    });
  }

  for (const status of [204, 299]) {
    it(`succeeds by ${status}`, async () => {
      answer = [status, ""];
      expect(await awsCall({ ...ENVIRONMENT, AWS_ENDPOINT_URL: server.url }, REQUEST)).to.equal("");
    });
  }

  for (const status of [300, 307, 400, 500]) {
    it(`fails by ${status}, and says what the service said`, async () => {
      answer = [status, '{"Message":"not so"}'];
      const failure = await failureOf(awsCall({ ...ENVIRONMENT, AWS_ENDPOINT_URL: server.url }, REQUEST));
      expect(String(failure)).to.equal(`AwsError: Lambda did not take it: ${status} {"Message":"not so"}`);
    });
  }

  const passing: readonly (readonly [status: number, body: string, passes: boolean])[] = [
    [400, '{"__type":"ThrottlingException"}', true],
    [400, '{"__type":"ValidationException"}', false],
    [403, "{}", false],
    [428, "{}", false],
    [429, "{}", true],
    [499, "{}", false],
    [500, "{}", true],
    [503, "{}", true],
  ];
  for (const [status, body, passes] of passing) {
    it(`that fails by ${status} ${body} may ${passes ? "" : "not "}come to something else when tried again`, async () => {
      answer = [status, body];
      expect(isPassing(await failureOf(awsCall({ ...ENVIRONMENT, AWS_ENDPOINT_URL: server.url }, REQUEST)))).to.equal(
        passes,
      );
    });
  }

  it("that a network fails may come to something else, and what is thrown for another reason not", () => {
    expect(isPassing(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }))).to.equal(true);
    // What a signal throws has a number for a code, and the time is over.
    expect(isPassing(new DOMException("The operation was aborted due to timeout", "TimeoutError"))).to.equal(false);
    expect(isPassing(new SyntaxError("Unexpected token"))).to.equal(false);
    expect(isPassing({ code: "ECONNREFUSED" })).to.equal(false);
    expect(isPassing("ECONNREFUSED")).to.equal(false);
  });
});
