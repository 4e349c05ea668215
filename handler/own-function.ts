import { AwsClient } from "aws4fetch";
import * as v from "valibot";
import type { SweepEvent, SweepRequest } from "../core/sweep-request";

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

/**
 * Lambda's API, one signed request at a time: the SDK's Lambda client would take the bundle beyond its limit.
 *
 * @param environment what Lambda sets: the function's name, region, credentials and variables, and
 *   AWS_ENDPOINT_URL_LAMBDA where a test stands in for Lambda
 */
export function ownFunction(environment: Environment): OwnFunction {
  return {
    startNextRun: async (request) => {
      const answer = await callLambda(environment, "invocations", {
        method: "POST",
        headers: { "X-Amz-Invocation-Type": "Event", "Content-Type": "application/json" },
        body: JSON.stringify({ sweep: request } satisfies SweepEvent),
      });
      if (answer.status !== 202) {
        throw new Error(`Lambda did not take the sweep's next run: ${answer.status} ${await answer.text()}`);
      }
    },
    isCurrent: async () => {
      const signal = AbortSignal.timeout(CONFIGURATION_TIMEOUT_SECONDS * 1000);
      const answer = await callLambda(environment, "configuration", { signal });
      if (!answer.ok) {
        throw new Error(`Lambda did not tell the function's configuration: ${answer.status} ${await answer.text()}`);
      }
      const { Variables } = v.parse(Configuration, await answer.json()).Environment;
      return Object.entries(Variables).every(([name, value]) => environment[name] === value);
    },
  };
}

function callLambda(environment: Environment, resource: string, request: RequestInit): Promise<Response> {
  const { AWS_REGION: region = "", AWS_LAMBDA_FUNCTION_NAME: name = "", AWS_SESSION_TOKEN: sessionToken } = environment;
  const endpoint = environment["AWS_ENDPOINT_URL_LAMBDA"] ?? `https://lambda.${region}.${domainOf(region)}`;
  const client = new AwsClient({
    accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    ...(sessionToken !== undefined && { sessionToken }),
    service: "lambda",
    retries: 5,
    region,
  });
  return client.fetch(`${endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/${resource}`, request);
}

function domainOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}
