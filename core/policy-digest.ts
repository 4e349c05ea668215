import { createHash } from "node:crypto";

/**
 * What tells one policy document from another: SHA-256 in base64url, 43 characters. It is of what the document says and
 * not of how it is written, because IAM "validates, processes, and transforms the policy before storing it" (IAM User
 * Guide, "Policy restructuring"): white space and the order of keys don't count, nor does the order of a list of texts,
 * nor whether a single text stands in a list. All other lists keep their order, that of the statements among them.
 *
 * @param document JSON, as IAM takes it; what IAM answers has to be decoded from its URL encoding first
 * @throws SyntaxError where it is no JSON; TypeError where it is no object
 */
export function policyDigest(document: string): string {
  const parsed: unknown = JSON.parse(document);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new TypeError("a policy document is an object of JSON");
  }
  return createHash("sha256")
    .update(JSON.stringify(inOneOrder(parsed)))
    .digest("base64url");
}

function inOneOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (!value.every((each) => typeof each === "string")) return value.map(inOneOrder);
    return value.length === 1 ? value[0] : value.toSorted();
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, inOneOrder(each)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
