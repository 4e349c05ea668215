/** Where the event source's name is not the prefix of the service's actions. */
const PREFIXES: Readonly<Record<string, string>> = {
  monitoring: "cloudwatch",
  rdsdataapi: "rds-data",
  tagging: "tag",
};

/** Calls to S3 whose action has another name (Amazon S3 User Guide, "Required permissions for Amazon S3 API operations"). */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  HeadBucket: "ListBucket",
  HeadObject: "GetObject",
  ListBuckets: "ListAllMyBuckets",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  CopyObject: "PutObject",
  CreateMultipartUpload: "PutObject",
  UploadPart: "PutObject",
  CompleteMultipartUpload: "PutObject",
  DeleteObjects: "DeleteObject",
};

/** A call as IAM names it. */
export interface Action {
  /** "lambda" */
  readonly service: string;
  /** "lambda:ListFunctions"; there need not be such an action, for not every call is named after its. */
  readonly action: string;
}

/**
 * The action that a call is authorised as, by CloudTrail's names: the event source up to `.amazonaws.com` is the service,
 * the event's name the action, without the version that Lambda and CloudFront put at its end (`ListFunctions20150331`).
 * Characters that no action has are left out.
 */
export function actionOf(eventSource: string, eventName: string): Action {
  const source = eventSource.toLowerCase().replace(/\.amazonaws\.com(\.cn)?$/, "");
  const service = ownOf(PREFIXES, source) ?? (source.replace(/[^a-z0-9-]/g, "") || "unknown");
  const call =
    eventName.replace(/(?<=[a-z])\d{4}_?\d{2}_?\d{2}(v\d+)?$/, "").replace(/[^A-Za-z0-9-]/g, "") || "Unknown";
  const name = service === "s3" ? (ownOf(S3_ACTIONS, call) ?? call) : call;
  return { service, action: `${service}:${name}` };
}

function ownOf(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
