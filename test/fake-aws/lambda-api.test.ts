import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { serveInvocations, serveOwnFunction } from "../../fake-aws/lambda-api";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { ownFunction } from "../../handler/own-function";
import { HANDLER } from "../support/account";

describe("the stand-in for Lambda's API", () => {
  let lambda: LoopbackServer;
  let denied: string | undefined;
  let invoked: unknown[];
  beforeEach(async () => {
    denied = undefined;
    invoked = [];
    lambda = await serveOwnFunction({
      functionArn: "arn:aws:lambda:us-east-1:123456789012:function:require-mfa-1a2b3c4",
      variables: { MODE: "strict" },
      principals: new Map([["ASIAHANDLER", HANDLER]]),
      allows: (_, action) => action !== denied,
      onInvoke: (event) => void invoked.push(event),
    });
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

  it("takes the next run", async () => {
    await functionOf("strict").startNextRun({ by: "deploy", run: 2 });
    expect(invoked).to.deep.equal([{ sweep: { by: "deploy", run: 2 } }]);
  });

  it("refuses what the caller may not do", async () => {
    denied = "lambda:InvokeFunction";
    const start = functionOf("strict").startNextRun({ by: "deploy", run: 2 });
    expect(await start.catch((error: unknown) => String(error))).to.match(/403/);
    denied = "lambda:GetFunctionConfiguration";
    expect(
      await functionOf("strict")
        .isCurrent()
        .catch((error: unknown) => String(error)),
    ).to.match(/403/);
    expect(invoked).to.deep.equal([]);
  });
});

describe("the stand-in for Lambda's invocations", () => {
  let lambda: LoopbackServer;
  let client: LambdaClient;
  beforeEach(async () => {
    lambda = await serveInvocations({
      "require-mfa-1a2b3c4": async (event) => {
        if (JSON.stringify(event) === "{}") throw new TypeError("not an event");
        return event;
      },
    });
    client = new LambdaClient({
      endpoint: lambda.url,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
    });
  });
  afterEach(async () => {
    client.destroy();
    await lambda.close();
  });

  /** What the SDK says of an invocation, or of its refusal. */
  async function invoke(Payload: string, FunctionName = "require-mfa-1a2b3c4", more = {}) {
    const command = new InvokeCommand({ FunctionName, Payload, ...more });
    return client.send(command).then(
      ({ FunctionError, Payload: payload }) => ({ FunctionError, payload: payload?.transformToString() }),
      ({ name, message }: Error) => ({ name, message }),
    );
  }

  it("tells what the function returns", async () => {
    expect(await invoke('{"a":"ü"}')).to.deep.equal({ FunctionError: undefined, payload: '{"a":"ü"}' });
  });

  it("tells an error of the function as one of the function and not of the call", async () => {
    expect(await invoke("{}")).to.deep.equal({
      FunctionError: "Unhandled",
      payload: '{"errorType":"TypeError","errorMessage":"not an event","trace":[]}',
    });
  });

  it("refuses a function that is not there, and an invocation that nobody waits for", async () => {
    expect(await invoke("{}", "another")).to.deep.equal({
      name: "ResourceNotFoundException",
      message: "Function not found: another",
    });
    expect(await invoke("{}", undefined, { InvocationType: "Event" })).to.deep.equal({
      name: "AccessDeniedException",
      message: "not played here",
    });
  });
});
