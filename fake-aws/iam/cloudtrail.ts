import type { Partition } from "../../core/partitions";
import type { Arns } from "./arns";
import type { IamError } from "./error";
import { identifierOf } from "./identifiers";
import type { Recorded } from "./parameters";
import { type Identity, roleIdOf, roleNameOf } from "./principal";
import { type IamResult, type IamValue, isList, isMap, isoSeconds, memberName } from "./values";

/** What a record says of a call's answer. */
type Element = string | number | boolean | readonly Element[] | { readonly [member: string]: Element };

/** Who called, never whom the call was about (CloudTrail User Guide, "CloudTrail userIdentity element"). */
interface UserIdentity {
  readonly type: "Root" | "IAMUser" | "AssumedRole";
  readonly principalId: string;
  readonly arn: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  /** An IAM user's name; of root the account's alias, if it has one. */
  readonly userName?: string;
  readonly sessionContext?: {
    readonly sessionIssuer?: {
      readonly type: "Role";
      readonly principalId: string;
      readonly arn: string;
      readonly accountId: string;
      readonly userName: string;
    };
    readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: "true" | "false" };
  };
}

/** A CloudTrail record of an IAM call: what EventBridge carries under `detail`. */
export interface CloudTrailRecord {
  readonly eventVersion: "1.09";
  readonly userIdentity: UserIdentity;
  /** ISO 8601 in UTC, to the second. */
  readonly eventTime: string;
  readonly eventSource: "iam.amazonaws.com";
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Readonly<Record<string, Recorded>> | null;
  readonly responseElements: { readonly [member: string]: Element } | null;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: false;
  readonly eventType: "AwsApiCall";
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  readonly eventCategory: "Management";
  readonly sessionCredentialFromConsole?: "true";
}

/** How a call ended. */
export type Outcome<R extends IamResult = IamResult> = { readonly result: R } | { readonly error: IamError };

/** What a record is made of. */
export interface RecordedCall {
  readonly action: string;
  readonly caller: Identity;
  readonly at: Date;
  readonly requestParameters: CloudTrailRecord["requestParameters"];
  readonly outcome: Outcome;
  readonly requestId: string;
  readonly eventId: string;
  readonly arns: Arns;
  readonly accountAlias: string | undefined;
  readonly rootHasDevice: boolean;
}

/** Where each partition records the events of IAM, which has one control plane. */
const REGIONS: Readonly<Record<Partition, string>> = {
  aws: "us-east-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
};

/** An address of TEST-NET-1 (RFC 5737), where a principal has none. */
const DEFAULT_SOURCE_ADDRESS = "192.0.2.10";

/** Makes the record of a mutating call. */
export function cloudTrailRecord(call: RecordedCall): CloudTrailRecord {
  const { action, caller, at, outcome, arns } = call;
  const error = "error" in outcome ? outcome.error : undefined;
  const isConsole = isConsoleSession(caller);
  return {
    eventVersion: "1.09",
    userIdentity: userIdentity(call),
    eventTime: isoSeconds(at),
    eventSource: "iam.amazonaws.com",
    eventName: action,
    awsRegion: REGIONS[arns.partition],
    sourceIPAddress: caller.principal.sourceIPAddress ?? DEFAULT_SOURCE_ADDRESS,
    userAgent: isConsole ? "AWS Internal" : "aws-sdk-js/3.1169.0",
    ...(error !== undefined && { errorCode: recordedCode(error), errorMessage: error.message }),
    // A call that is refused for want of permission is recorded without its parameters.
    requestParameters: error?.code === "AccessDenied" ? null : call.requestParameters,
    responseElements: "result" in outcome ? responseElements(outcome.result) : null,
    requestID: call.requestId,
    eventID: call.eventId,
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: arns.accountId,
    eventCategory: "Management",
    ...(isConsole && { sessionCredentialFromConsole: "true" }),
  };
}

/** Codes carry a suffix in records that they do not have in answers; AccessDenied does not. */
function recordedCode({ code }: IamError): string {
  return code === "AccessDenied" ? code : `${code.replace(/Error$/, "")}Exception`;
}

function isConsoleSession({ principal }: Identity): boolean {
  if (principal.type !== "IAMUser") return principal.type === "Root";
  return principal.mfa !== undefined && principal.byToken !== true;
}

function userIdentity({ caller, at, arns, accountAlias, rootHasDevice }: RecordedCall): UserIdentity {
  const { principal, arn, principalId, userName } = caller;
  const { accountId } = arns;
  const creationDate = isoSeconds(at);
  const session = { type: principal.type, principalId, arn, accountId, accessKeyId: identifierOf("ASIA", arn) };
  switch (principal.type) {
    case "Root":
      return {
        ...session,
        ...(accountAlias !== undefined && { userName: accountAlias }),
        sessionContext: { attributes: { creationDate, mfaAuthenticated: rootHasDevice ? "true" : "false" } },
      };
    case "IAMUser": {
      const named = { ...session, ...(userName !== undefined && { userName }) };
      if (principal.mfa === undefined) {
        return { ...named, accessKeyId: principal.accessKeyId ?? identifierOf("AKIA", arn) };
      }
      return {
        ...named,
        accessKeyId: principal.accessKeyId ?? session.accessKeyId,
        sessionContext: { attributes: { creationDate, mfaAuthenticated: principal.mfa ? "true" : "false" } },
      };
    }
    case "AssumedRole": {
      const { roleArn } = principal;
      return {
        ...session,
        sessionContext: {
          sessionIssuer: {
            type: "Role",
            principalId: roleIdOf(roleArn),
            arn: roleArn,
            accountId,
            userName: roleNameOf(roleArn),
          },
          attributes: { creationDate, mfaAuthenticated: "false" },
        },
      };
    }
  }
}

function responseElements(result: IamResult): CloudTrailRecord["responseElements"] {
  const members = elementsOf(result);
  return Object.keys(members).length === 0 ? null : members;
}

/** Nothing secret is recorded: neither blobs (a device's seed, its QR code) nor the secret of an access key. */
function elementsOf(result: IamResult): { readonly [member: string]: Element } {
  const entries = Object.entries(result).flatMap(([name, value]) =>
    value === undefined || value instanceof Uint8Array || isMap(value) || name === "SecretAccessKey"
      ? []
      : [[memberName(name), elementOf(value)] as const],
  );
  return Object.fromEntries(entries);
}

function elementOf(value: Exclude<IamValue, Uint8Array | ReadonlyMap<string, number>>): Element {
  if (typeof value !== "object") return value;
  if (value instanceof Date) return recordedDate(value);
  if (isList(value))
    return value.flatMap((item) => (item instanceof Uint8Array || isMap(item) ? [] : [elementOf(item)]));
  return elementsOf(value);
}

/** A date as it stands in responseElements: `Aug 1, 2024 1:42:21 PM`. */
function recordedDate(date: Date): string {
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const hour = date.getUTCHours();
  const [, minute, second] = date.toISOString().slice(11, 19).split(":");
  const day = `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day} ${hour % 12 || 12}:${minute}:${second} ${hour < 12 ? "AM" : "PM"}`;
}
