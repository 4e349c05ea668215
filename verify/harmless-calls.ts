import { setTimeout } from "node:timers/promises";
import {
  GetUserCommand,
  IAMClient,
  ListMFADevicesCommand,
  ListUsersCommand,
  ListVirtualMFADevicesCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { awsCall, isPassing } from "../handler/aws-call";
import { retrying } from "../handler/iam/retry";
import type { AwsSettings, StaticKey } from "../impact/aws-settings";
import { environmentOf, placeOf } from "../impact/connect";

/** What calls are made by, with one key. */
export interface Speaker {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly describeTrails: () => Promise<unknown>;
  readonly close: () => void;
}

/** What a call is about. */
type Subject = "itself" | "another user" | "everything";

/** A call that reads and changes nothing. */
export interface HarmlessCall {
  /** `iam:GetUser`, and only one call of each action about each subject. */
  readonly action: string;
  readonly on: Subject;
  readonly make: (speaker: Speaker, userName: string) => Promise<unknown>;
}

/** How long one try of the list of trails may take. */
const TIMEOUT_MS = 30_000;

/** The pauses before each further try, as often as the SDK tries the other calls. */
const RETRY_PAUSES_SECONDS: readonly number[] = [0.5, 1];

/** Nobody has this name under a random one. Whoever may read the user is told that there is none. */
export const nobodyBeside = (userName: string): string => `${userName}-nobody`;

/**
 * What the test user tries, of three services: what a guard's door leaves open and what it does not. A session without MFA
 * may call nothing of IAM whatever policies say, so that only the last tells there what a guard does.
 */
export const HARMLESS_CALLS: readonly HarmlessCall[] = [
  { action: "sts:GetCallerIdentity", on: "everything", make: ({ sts }) => sts.send(new GetCallerIdentityCommand()) },
  {
    action: "iam:GetUser",
    on: "itself",
    make: ({ iam }, UserName) => iam.send(new GetUserCommand({ UserName })),
  },
  {
    action: "iam:GetUser",
    on: "another user",
    make: ({ iam }, userName) => iam.send(new GetUserCommand({ UserName: nobodyBeside(userName) })),
  },
  {
    action: "iam:ListMFADevices",
    on: "itself",
    make: ({ iam }, UserName) => iam.send(new ListMFADevicesCommand({ UserName })),
  },
  {
    action: "iam:ListVirtualMFADevices",
    on: "everything",
    make: ({ iam }) => iam.send(new ListVirtualMFADevicesCommand({ MaxItems: 1 })),
  },
  { action: "iam:ListUsers", on: "everything", make: ({ iam }) => iam.send(new ListUsersCommand({ MaxItems: 1 })) },
  { action: "cloudtrail:DescribeTrails", on: "everything", make: ({ describeTrails }) => describeTrails() },
];

/** The call as it is told: `iam:GetUser on itself`. */
export function callInWords({ action, on }: Pick<HarmlessCall, "action" | "on">): string {
  return on === "everything" ? action : `${action} on ${on}`;
}

/** What the test user is allowed of its own: exactly these calls. */
export function harmlessPolicy(): string {
  const actions = new Set(HARMLESS_CALLS.map(({ action }) => action).filter((action) => !action.startsWith("sts:")));
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "AllowTheHarmlessCalls", Effect: "Allow", Action: [...actions], Resource: "*" }],
  });
}

/** Speaks to AWS with this key. */
export function speakerOf(aws: AwsSettings, key: StaticKey): Speaker {
  const iam = new IAMClient({ ...placeOf(aws, "iam"), credentials: key });
  const sts = new STSClient({ ...placeOf(aws, "sts"), credentials: key });
  return {
    iam,
    sts,
    describeTrails: () =>
      retrying(
        () => describeTrails(aws, key),
        isPassing,
        RETRY_PAUSES_SECONDS,
        (seconds) => setTimeout(seconds * 1000),
      ),
    close: () => {
      iam.destroy();
      sts.destroy();
    },
  };
}

function describeTrails(aws: AwsSettings, key: StaticKey): Promise<unknown> {
  return awsCall(environmentOf(aws, key), {
    service: "cloudtrail",
    method: "POST",
    path: "/",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails",
    },
    body: "{}",
    refusal: "CloudTrail refused DescribeTrails",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
