import { type IncomingMessage, request as requestByHttp } from "node:http";
import { request as requestByHttps } from "node:https";
import { text } from "node:stream/consumers";
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
 * @returns what the service answers with success
 * @throws AwsError where it answers otherwise; what Node throws where it does not answer, or the signal is aborted
 */
export async function awsCall(environment: Environment, request: AwsRequest): Promise<string> {
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
  const answer = await send(url, { method, headers: signed.headers, signal }, body);
  const { statusCode = 0 } = answer;
  const told = await text(answer);
  if (statusCode >= 200 && statusCode < 300) return told;
  throw new AwsError(`${refusal}: ${statusCode} ${told}`, statusCode);
}

/**
 * Sends by Node's own modules, which the SDK has loaded already: fetch would have a function that starts load another
 * client. No connection is kept, for Lambda freezes the function between invocations and whoever answers closes it.
 */
function send(
  url: URL,
  options: { readonly method: string; readonly headers: Record<string, string>; readonly signal: AbortSignal },
  body: string | undefined,
): Promise<IncomingMessage> {
  const byProtocol = url.protocol === "http:" ? requestByHttp : requestByHttps;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(options.signal.aborted ? options.signal.reason : error);
    byProtocol(url, { ...options, agent: false }, resolve)
      .on("error", fail)
      .end(body);
  });
}

/** Whether a failure may pass: the service's own, throttling, and a network that fails. */
export function isPassing(error: unknown): boolean {
  // Services that speak JSON 1.1 say it with status 400.
  if (error instanceof AwsError) return error.status >= 500 || error.status === 429 || /Throttling/.test(error.message);
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function domainOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}
