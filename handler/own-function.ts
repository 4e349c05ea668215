import * as v from "valibot";
import type { SweepEvent, SweepRequest } from "../core/sweep-request";
import { type AwsRequest, awsCall, type Environment, isPassing } from "./aws-call";
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

const Configuration = v.object({ Environment: v.object({ Variables: v.record(v.string(), v.string()) }) });

/** Seconds that a sweep's write may wait for {@link OwnFunction.isCurrent}. */
const CONFIGURATION_TIMEOUT_SECONDS = 5;

/** Seconds that a run which has done all that it has time for may wait for {@link OwnFunction.startNextRun}. */
const START_TIMEOUT_SECONDS = 20;

/** The pauses before each further attempt at a call that Lambda could not answer: 7.75 s in all. */
const RETRY_PAUSES_SECONDS: readonly number[] = [0.25, 0.5, 1, 2, 4];

/**
 * Lambda's API, as far as it is about the function itself.
 *
 * @param environment what Lambda sets: the function's name, region, credentials and variables, and
 *   AWS_ENDPOINT_URL_LAMBDA where a test stands in for Lambda
 * @param pause waits so many seconds
 */
export function ownFunction(environment: Environment, pause: (seconds: number) => Promise<void>): OwnFunction {
  const name = encodeURIComponent(environment["AWS_LAMBDA_FUNCTION_NAME"] ?? "");
  const call = ({ resource, ...request }: LambdaRequest): Promise<string> => {
    const path = `/2015-03-31/functions/${name}/${resource}`;
    const attempt = () => awsCall(environment, { service: "lambda", path, ...request });
    return retrying(attempt, isPassing, RETRY_PAUSES_SECONDS, pause);
  };
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
      const { Variables } = v.parse(Configuration, JSON.parse(answer)).Environment;
      return Object.entries(Variables).every(([name, value]) => environment[name] === value);
    },
  };
}

interface LambdaRequest extends Omit<AwsRequest, "service" | "path"> {
  /** What of the function is meant. */
  readonly resource: string;
}
