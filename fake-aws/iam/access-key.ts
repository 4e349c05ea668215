import type { IncomingHttpHeaders } from "node:http";
import type { Principal } from "./principal";

/** The access key id by which a request is signed (IAM User Guide, "Elements of an AWS API request signature"). */
export function accessKeyIdOf({ authorization = "" }: IncomingHttpHeaders): string | undefined {
  return /\bCredential=([^/,\s]+)\//.exec(authorization)?.[1];
}

/** Who calls, by access key id: a Map, or what finds keys that calls make. */
export interface Principals {
  get(accessKeyId: string): Principal | undefined;
}
