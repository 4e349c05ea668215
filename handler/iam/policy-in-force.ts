import type { Iam } from "./iam";

/** What a managed policy is read by. */
export type PolicyReader = Pick<Iam, "getDefaultPolicyVersion" | "getPolicyDocument">;

/**
 * The document of a managed policy's default version, which is the one in force, JSON, by two calls.
 *
 * @throws what IAM refuses either for
 */
export async function policyInForce(iam: PolicyReader, policyArn: string): Promise<string> {
  return iam.getPolicyDocument(policyArn, await iam.getDefaultPolicyVersion(policyArn));
}
