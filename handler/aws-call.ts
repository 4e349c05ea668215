import { Sha256Node } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";

/** What Lambda sets for the function: region, credentials and variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One request to a service of AWS. */
export interface AwsRequest {
  /** As signatures and endpoints name it; AWS_ENDPOINT_URL_ and its variable in capitals say where it is, if not at AWS. */
  readonly service: "lambda" | "events" | "cloudtrail";
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What an error says before the service's own words. */
  readonly refusal: string;
  readonly signal: AbortSignal;
}

/** A service of AWS answered that something is wrong. */
class AwsError extends Error {
  override readonly name = "AwsError";

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** The variables that say where a service is, if not at AWS (AWS SDKs and Tools Reference Guide, "Service-specific endpoints"). */
const ENDPOINT_VARIABLES = {
  lambda: "AWS_ENDPOINT_URL_LAMBDA",
  events: "AWS_ENDPOINT_URL_EVENTBRIDGE",
  cloudtrail: "AWS_ENDPOINT_URL_CLOUDTRAIL",
} as const;

/**
 * Makes one request to a service of AWS, signed by what signs the SDK's: the clients of further services would take the
 * bundle beyond its limit.
 *
 * @throws AwsError where the service does not answer with success; what fetch throws where it does not answer
 */
export async function awsCall(environment: Environment, request: AwsRequest): Promise<Response> {
  const { AWS_REGION: region = "", AWS_SESSION_TOKEN: sessionToken } = environment;
  const { service, method, path, headers, body, refusal, signal } = request;
  const endpoint =
    environment[ENDPOINT_VARIABLES[service]] ??
    environment["AWS_ENDPOINT_URL"] ??
    `https://${service}.${region}.${domainOf(region)}`;
  const url = new URL(path, endpoint);
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
      ...(sessionToken !== undefined && { sessionToken }),
    },
    region,
    service,
    sha256: Sha256Node,
  });
  const { protocol, hostname, pathname, host } = url;
  const unsigned = { method, protocol, hostname, path: pathname, query: {}, headers: { host, ...headers }, body };
  const signed = await signer.sign(unsigned);
  const answer = await fetch(url, { method, headers: signed.headers, body: body ?? null, signal });
  if (answer.ok) return answer;
  throw new AwsError(`${refusal}: ${answer.status} ${await answer.text()}`, answer.status);
}

/** Whether a failure may pass: the service's own, throttling, and a network that fails. */
export function isPassing(error: unknown): boolean {
  // Services that speak JSON 1.1 say it with status 400.
  if (error instanceof AwsError) return error.status >= 500 || error.status === 429 || /Throttling/.test(error.message);
  return error instanceof TypeError;
}

function domainOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}
