import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { ownFunction } from "../../handler/own-function";
import { failureOf } from "../support/failure";
import { signatureOf } from "../support/signature";

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stands in for Lambda's API, which answers every request with one status and one body. */
async function lambda(status: number, body = "") {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await text(request) });
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { received, close, endpoint: `http://127.0.0.1:${address.port}` };
}

const ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  AWS_LAMBDA_FUNCTION_NAME: "require-mfa-1a2b3c4",
  AWS_ACCESS_KEY_ID: "ASIAHANDLER",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "token",
};

const nobodyWaits = async (): Promise<void> => undefined;

describe("starting the next run", () => {
  it("invokes this very function, asynchronously, signed with its own credentials", async () => {
    const { received, close, endpoint } = await lambda(202);
    try {
      await ownFunction({ ...ENVIRONMENT, AWS_ENDPOINT_URL_LAMBDA: endpoint }, nobodyWaits).startNextRun({
        by: "deploy",
        run: 2,
      });
      const [request] = received;
      expect(received).to.have.lengthOf(1);
      expect(request?.method).to.equal("POST");
      expect(request?.url).to.equal("/2015-03-31/functions/require-mfa-1a2b3c4/invocations");
      expect(request?.body).to.equal('{"sweep":{"by":"deploy","run":2}}');
      expect(request?.headers["x-amz-invocation-type"]).to.equal("Event");
      expect(request?.headers["content-type"]).to.equal("application/json");
      expect(request?.headers["x-amz-security-token"]).to.equal("token");
      expect(request?.headers.authorization).to.match(
        /^AWS4-HMAC-SHA256 Credential=ASIAHANDLER\/\d{8}\/us-east-1\/lambda\/aws4_request, SignedHeaders=/,
      );
    } finally {
      close();
    }
  });

  it("throws what Lambda says where it does not take the request", async () => {
    const { close, endpoint } = await lambda(403, '{"Message":"not so"}');
    try {
      const { startNextRun } = ownFunction({ ...ENVIRONMENT, AWS_ENDPOINT_URL_LAMBDA: endpoint }, nobodyWaits);
      const failure = await startNextRun({ by: "schedule", run: 3 }).catch((error: unknown) => String(error));
      expect(failure).to.equal('AwsError: Lambda did not take the sweep\'s next run: 403 {"Message":"not so"}');
    } finally {
      close();
    }
  });
});

describe("a call to Lambda", () => {
  for (const [status, calls] of [
    [500, 6],
    [429, 6],
    [404, 1],
  ] as const) {
    it(`that is answered ${status} is made ${calls === 1 ? "once" : "again, with longer and longer pauses"}`, async () => {
      const { received, close, endpoint } = await lambda(status, "{}");
      const pauses: number[] = [];
      try {
        const { startNextRun } = ownFunction(
          { ...ENVIRONMENT, AWS_ENDPOINT_URL_LAMBDA: endpoint },
          async (seconds) => void pauses.push(seconds),
        );
        await failureOf(startNextRun({ by: "schedule", run: 3 }));
        expect(received).to.have.lengthOf(calls);
        expect(pauses).to.deep.equal(calls === 1 ? [] : [0.25, 0.5, 1, 2, 4]);
      } finally {
        close();
      }
    });
  }
});

describe("being current", () => {
  const isCurrent = async (status: number, configuration: object) => {
    const { received, close, endpoint } = await lambda(status, JSON.stringify(configuration));
    try {
      const environment = { ...ENVIRONMENT, AWS_ENDPOINT_URL_LAMBDA: endpoint, MODE: "strict", DRY_RUN: "false" };
      return { answer: await ownFunction(environment, nobodyWaits).isCurrent(), received };
    } finally {
      close();
    }
  };
  const told = (variables: Readonly<Record<string, string>>) => ({ Environment: { Variables: variables } });

  it("is asked of this very function's configuration, signed with its own credentials", async () => {
    const { answer, received } = await isCurrent(200, told({ MODE: "strict", DRY_RUN: "false" }));
    const [request] = received;
    expect(answer).to.equal(true);
    expect(received).to.have.lengthOf(1);
    expect(request?.method).to.equal("GET");
    expect(request?.url).to.equal("/2015-03-31/functions/require-mfa-1a2b3c4/configuration");
    if (request === undefined) throw new Error("no request");
    expect(request.headers.authorization).to.contain("/us-east-1/lambda/aws4_request");
    expect(request.headers.authorization).to.contain(`Signature=${signatureOf(request, "secret")}`);
  });

  it("is over where a variable has another value, and where there is a new one", async () => {
    expect((await isCurrent(200, told({ MODE: "off", DRY_RUN: "false" }))).answer).to.equal(false);
    expect((await isCurrent(200, told({ MODE: "strict", DRY_RUN: "false", MORE: "1" }))).answer).to.equal(false);
  });

  it("is not guessed where Lambda does not tell", async () => {
    const refused = await isCurrent(403, { Message: "not so" }).catch((error: unknown) => String(error));
    expect(refused).to.equal('AwsError: Lambda did not tell the function\'s configuration: 403 {"Message":"not so"}');
    const puzzling = await isCurrent(200, {}).catch((error: unknown) => String(error));
    expect(puzzling).to.contain("Environment");
  });
});
