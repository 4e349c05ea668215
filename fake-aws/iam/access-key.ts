import type { IncomingHttpHeaders } from "node:http";

/** The access key id by which a request is signed (IAM User Guide, "Elements of an AWS API request signature"). */
export function accessKeyIdOf({ authorization = "" }: IncomingHttpHeaders): string | undefined {
  return /\bCredential=([^/,\s]+)\//.exec(authorization)?.[1];
}
