import { AwsClient } from "aws4fetch";
import type { SweepRequest } from "./sweep-summary";

/**
 * Lets this function start its own next run, asynchronously, by Lambda's Invoke (Lambda API Reference, Invoke with
 * InvocationType Event). One signed request: the SDK's Lambda client would take the bundle beyond its limit.
 *
 * @param environment what Lambda sets: the function's name, region and credentials, and AWS_ENDPOINT_URL_LAMBDA where a
 *   test stands in for Lambda
 * @throws Error with Lambda's answer where it does not take the request
 */
export function goOnByLambda(
  environment: Readonly<Record<string, string | undefined>>,
): (request: SweepRequest) => Promise<void> {
  return async (request) => {
    const { AWS_REGION: region = "", AWS_LAMBDA_FUNCTION_NAME: name = "" } = environment;
    const endpoint = environment["AWS_ENDPOINT_URL_LAMBDA"] ?? `https://lambda.${region}.${domainOf(region)}`;
    const { AWS_SESSION_TOKEN: sessionToken } = environment;
    const client = new AwsClient({
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
      ...(sessionToken !== undefined && { sessionToken }),
      service: "lambda",
      retries: 5,
      region,
    });
    const answer = await client.fetch(`${endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, {
      method: "POST",
      headers: { "X-Amz-Invocation-Type": "Event", "Content-Type": "application/json" },
      body: JSON.stringify({ sweep: request }),
    });
    if (answer.status !== 202) {
      throw new Error(`Lambda did not take the sweep's next run: ${answer.status} ${await answer.text()}`);
    }
  };
}

function domainOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}
