import { expect } from "chai";
import { serveConfiguration } from "../../fake-aws/lambda-api";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { ownFunction } from "../../handler/own-function";

describe("the stand-in for Lambda's API", () => {
  let lambda: LoopbackServer;
  beforeEach(async () => {
    lambda = await serveConfiguration({ MODE: "strict" });
  });
  afterEach(() => lambda.close());

  const functionOf = (mode: string) =>
    ownFunction(
      {
        MODE: mode,
        AWS_REGION: "us-east-1",
        AWS_LAMBDA_FUNCTION_NAME: "require-mfa-1a2b3c4",
        AWS_ACCESS_KEY_ID: "ASIAHANDLER",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_LAMBDA: lambda.url,
      },
      async () => undefined,
    );

  it("says of the variables that the function was started with that they are current, and of no others", async () => {
    expect([await functionOf("strict").isCurrent(), await functionOf("off").isCurrent()]).to.deep.equal([true, false]);
  });

  it("starts no other run", async () => {
    const refusal = await functionOf("strict")
      .startNextRun({ by: "deploy", run: 2 })
      .catch((error: unknown) => String(error));
    expect(refusal).to.match(/403/);
  });
});
