import { Sha256Node } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import * as v from "valibot";
import type { SweepEvent, SweepRequest } from "../core/sweep-request";
import { retrying } from "./iam/retry";

/** What the handler asks of Lambda about itself. */
export interface OwnFunction {
  /**
   * Starts this function's next run and does not wait for it (Lambda API Reference, Invoke with InvocationType Event).
   * Throws Error with Lambda's answer where it does not take the request.
   */
  readonly startNextRun: (request: SweepRequest) => Promise<void>;
  /**
   * Whether this run's instructions are still those that the function has (Lambda API Reference,
   * GetFunctionConfiguration). Throws Error where Lambda does not tell within some seconds.
   */
  readonly isCurrent: () => Promise<boolean>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const Configuration = v.object({ Environment: v.object({ Variables: v.record(v.string(), v.string()) }) });

/** Seconds that a sweep's write may wait for {@link OwnFunction.isCurrent}. */
const CONFIGURATION_TIMEOUT_SECONDS = 5;

/** Seconds that a run which has done all that it has time for may wait for {@link OwnFunction.startNextRun}. */
const START_TIMEOUT_SECONDS = 20;

/** The pauses before each further attempt at a call that Lambda could not answer: 7.75 s in all. */
const RETRY_PAUSES_SECONDS: readonly number[] = [0.25, 0.5, 1, 2, 4];

/** Lambda answered that something is wrong. */
class LambdaError extends Error {
  override readonly name = "LambdaError";

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/**
 * Lambda's API, one request at a time, signed by what signs the SDK's: its Lambda client would take the bundle beyond its
 * limit.
 *
 * @param environment what Lambda sets: the function's name, region, credentials and variables, and
 *   AWS_ENDPOINT_URL_LAMBDA where a test stands in for Lambda
 * @param pause waits so many seconds
 */
export function ownFunction(environment: Environment, pause: (seconds: number) => Promise<void>): OwnFunction {
  const call = (request: LambdaRequest): Promise<Response> =>
    retrying(() => callLambda(environment, request), isPassing, RETRY_PAUSES_SECONDS, pause);
  return {
    startNextRun: async (request) => {
      await call({
        method: "POST",
        resource: "invocations",
        headers: { "x-amz-invocation-type": "Event", "content-type": "application/json" },
        body: JSON.stringify({ sweep: request } satisfies SweepEvent),
        refusal: "Lambda did not take the sweep's next run",
        signal: AbortSignal.timeout(START_TIMEOUT_SECONDS * 1000),
      });
    },
    isCurrent: async () => {
      const signal = AbortSignal.timeout(CONFIGURATION_TIMEOUT_SECONDS * 1000);
      const refusal = "Lambda did not tell the function's configuration";
      const answer = await call({ method: "GET", resource: "configuration", headers: {}, refusal, signal });
      const { Variables } = v.parse(Configuration, await answer.json()).Environment;
      return Object.entries(Variables).every(([name, value]) => environment[name] === value);
    },
  };
}

interface LambdaRequest {
  readonly method: "GET" | "POST";
  /** What of the function is meant. */
  readonly resource: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What an error says before Lambda's own words. */
  readonly refusal: string;
  readonly signal: AbortSignal;
}

async function callLambda(environment: Environment, request: LambdaRequest): Promise<Response> {
  const { AWS_REGION: region = "", AWS_LAMBDA_FUNCTION_NAME: name = "", AWS_SESSION_TOKEN: sessionToken } = environment;
  const { method, resource, headers, body, refusal, signal } = request;
  const endpoint = environment["AWS_ENDPOINT_URL_LAMBDA"] ?? `https://lambda.${region}.${domainOf(region)}`;
  const url = new URL(`/2015-03-31/functions/${encodeURIComponent(name)}/${resource}`, endpoint);
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
      ...(sessionToken !== undefined && { sessionToken }),
    },
    region,
    service: "lambda",
    sha256: Sha256Node,
  });
  const { protocol, hostname, pathname, host } = url;
  const unsigned = { method, protocol, hostname, path: pathname, query: {}, headers: { host, ...headers }, body };
  const signed = await signer.sign(unsigned);
  const answer = await fetch(url, { method, headers: signed.headers, body: body ?? null, signal });
  if (answer.ok) return answer;
  throw new LambdaError(`${refusal}: ${answer.status} ${await answer.text()}`, answer.status);
}

/** Lambda's own failures, throttling, and a network that fails. */
function isPassing(error: unknown): boolean {
  if (error instanceof LambdaError) return error.status >= 500 || error.status === 429;
  return error instanceof TypeError;
}

function domainOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}
