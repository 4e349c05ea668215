import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { goOnByLambda } from "../handler/go-on";

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stands in for Lambda's API, which answers every request with one status. */
async function lambda(status: number) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await text(request) });
    response.writeHead(status).end(status === 202 ? "" : '{"Message":"not so"}');
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

describe("going on in another run", () => {
  it("invokes this very function, asynchronously, signed with its own credentials", async () => {
    const { received, close, endpoint } = await lambda(202);
    try {
      await goOnByLambda({ ...ENVIRONMENT, AWS_ENDPOINT_URL_LAMBDA: endpoint })({ by: "deploy", run: 2 });
      const [request] = received;
      expect(received).to.have.lengthOf(1);
      expect(request?.method).to.equal("POST");
      expect(request?.url).to.equal("/2015-03-31/functions/require-mfa-1a2b3c4/invocations");
      expect(request?.body).to.equal('{"sweep":{"by":"deploy","run":2}}');
      expect(request?.headers["x-amz-invocation-type"]).to.equal("Event");
      expect(request?.headers["x-amz-security-token"]).to.equal("token");
      expect(request?.headers.authorization).to.match(
        /^AWS4-HMAC-SHA256 Credential=ASIAHANDLER\/\d{8}\/us-east-1\/lambda\/aws4_request, SignedHeaders=/,
      );
    } finally {
      close();
    }
  });

  it("throws what Lambda says where it does not take the request", async () => {
    const { close, endpoint } = await lambda(403);
    try {
      const goOn = goOnByLambda({ ...ENVIRONMENT, AWS_ENDPOINT_URL_LAMBDA: endpoint });
      const failure = await goOn({ by: "schedule", run: 3 }).catch((error: unknown) => String(error));
      expect(failure).to.equal('Error: Lambda did not take the sweep\'s next run: 403 {"Message":"not so"}');
    } finally {
      close();
    }
  });
});
