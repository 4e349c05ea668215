import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

interface Signed {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Signature Version 4 after the IAM User Guide, "Create a signed AWS API request", of the headers that are signed. */
export function signatureOf({ method, url, headers, body }: Signed, secret: string): string {
  const sha256 = (of: string) => createHash("sha256").update(of).digest("hex");
  const hmac = (key: string | Buffer, of: string) => createHmac("sha256", key).update(of).digest();
  const [, scope = "", signed = ""] =
    /Credential=[^/]+\/(\S+), SignedHeaders=([^,]+)/.exec(headers.authorization ?? "") ?? [];
  const [day = "", region = "", service = ""] = scope.split("/");
  const lines = signed.split(";").map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = [method, url, "", lines.join(""), signed, sha256(body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), "aws4_request");
  return hmac(key, toSign).toString("hex");
}
