import { setTimeout } from "node:timers/promises";
import { IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Clock } from "../handler/clock";
import { awsIam } from "../handler/iam/aws-iam";
import { AccessDeniedError, type Iam } from "../handler/iam/iam";
import { lookAtTrails } from "../handler/trail/check-trail";
import type { TrailCheck } from "../handler/trail/judge-trails";
import type { AwsSettings, RoleToAssume, ServiceName, StaticKey } from "./aws-settings";
import { type Caller, userOfArn } from "./caller";
import { type MoreOfIam, moreOfIam } from "./more-of-iam";

/** An account as it is read. */
export interface Connection {
  readonly caller: Caller;
  readonly iam: Iam;
  readonly more: MoreOfIam;
  /** For what else is asked of IAM, by the same credentials. */
  readonly client: IAMClient;
  /** Whether a trail brings IAM's events; throws nothing. */
  readonly checkTrail: () => Promise<TrailCheck>;
  readonly clock: Clock;
  /** How many calls to IAM and STS have been made, the report's polls among them. */
  readonly calls: () => number;
  readonly close: () => void;
}

/** What a call may take: a network that is not there must not hold up a deploy. */
const TIMEOUTS_MS = { connectionTimeout: 2_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

const clock: Clock = {
  now: Date.now,
  pause: (seconds) => setTimeout(seconds * 1000),
};

/** Who calls, and by which key. */
export interface Identity {
  readonly key: StaticKey;
  readonly caller: Caller;
}

/**
 * Assumes the roles of the configuration, if there are any, one call to STS each, and asks who calls, by one more.
 *
 * @throws what STS refuses, or the network
 */
export async function identify(aws: AwsSettings, found: StaticKey): Promise<Identity> {
  // On Node 20 the SDK would warn whoever deploys of next year's minimum.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  let key = found;
  for (const role of aws.roles) key = await withSts(aws, key, (sts) => assume(role, sts));
  return { key, caller: await withSts(aws, key, (sts) => callerOf(sts, key)) };
}

/**
 * Connects to an account: assumes the roles of the configuration, if there are any, and asks who calls.
 *
 * @param onCall is told the name of each call to IAM once it is answered
 * @throws what STS refuses, or the network
 */
export async function connect(
  aws: AwsSettings,
  found: StaticKey,
  onCall: (name: string) => void = () => undefined,
): Promise<Connection> {
  const { key, caller } = await identify(aws, found);
  let calls = aws.roles.length + 1;
  let isClosed = false;
  const client = new IAMClient({ ...placeOf(aws, "iam"), credentials: key });
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        if (isClosed) throw new Error("the connection is closed");
        calls++;
        const answer = await next(args);
        onCall(commandName);
        return answer;
      },
    { step: "initialize", name: "countCalls" },
  );
  return {
    caller,
    iam: impatient(awsIam(client, clock.pause)),
    more: moreOfIam(client),
    client,
    checkTrail: () => lookAtTrails(environmentOf(aws, key)),
    clock,
    calls: () => calls,
    close: () => {
      isClosed = true;
      client.destroy();
    },
  };
}

/** What tells a call that goes without the SDK where and as whom to ask. */
export function environmentOf(
  { region, endpoints }: AwsSettings,
  { accessKeyId, secretAccessKey, sessionToken }: StaticKey,
) {
  return {
    ...process.env,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    ...(endpoints.cloudtrail !== undefined && { AWS_ENDPOINT_URL_CLOUDTRAIL: endpoints.cloudtrail }),
  };
}

/** Where a service is, and how long it is waited for. */
export function placeOf({ region, endpoints }: AwsSettings, service: ServiceName) {
  const endpoint = endpoints[service];
  return { region, requestHandler: TIMEOUTS_MS, ...(endpoint !== undefined && { endpoint }) };
}

async function withSts<T>(aws: AwsSettings, key: StaticKey, use: (sts: STSClient) => Promise<T>): Promise<T> {
  const sts = new STSClient({ ...placeOf(aws, "sts"), credentials: key });
  try {
    return await use(sts);
  } finally {
    sts.destroy();
  }
}

async function assume({ roleArn, externalId, sessionName }: RoleToAssume, sts: STSClient): Promise<StaticKey> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName ?? "require-mfa-impact",
      ExternalId: externalId,
    }),
  );
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

async function callerOf(sts: STSClient, { sessionToken }: StaticKey): Promise<Caller> {
  const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand());
  return { accountId: Account, arn: Arn, user: userOfArn(Arn), isLongTermKey: sessionToken === undefined };
}

/**
 * A sweep tries again for half a minute where it is not allowed to read, for its role may be new. Whoever deploys is
 * simply not allowed, and is not to wait: so the refusal goes by another name.
 */
function impatient(iam: Iam): Iam {
  const refused = (error: unknown): never => {
    throw error instanceof AccessDeniedError ? new Error(error.message, { cause: error }) : error;
  };
  return {
    ...iam,
    getAccountAuthorizationDetails: (marker) => iam.getAccountAuthorizationDetails(marker).catch(refused),
    generateCredentialReport: () => iam.generateCredentialReport().catch(refused),
    getCredentialReport: () => iam.getCredentialReport().catch(refused),
  };
}
