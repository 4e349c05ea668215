import * as pulumi from "@pulumi/pulumi";
import type { PolicyDocument } from "../policies/document";
import { MANAGED_POLICY_QUOTA, ROLE_INLINE_QUOTA } from "../policies/quotas";
import { REASONS } from "../policies/reasons";
import { type Expected, problemsIn } from "../policy-language/lint";

/** Of what a role's inline policies may take together, what the one takes that names the function. */
const OWN_FUNCTION_SHARE = 1_024;

/** Characters that each document may take. */
export const CHARACTERS = {
  guard: MANAGED_POLICY_QUOTA,
  handlerRole: ROLE_INLINE_QUOTA - OWN_FUNCTION_SHARE,
  ownFunction: OWN_FUNCTION_SHARE,
} as const;

/** Everything that is wrong with one policy, in a message that Pulumi prints without a stack trace. */
class PolicyError extends pulumi.RunError {
  constructor(name: string, problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      [`${count} in the policy ${name}; it was not deployed.`, ...problems.map((each) => `  ${each}`)].join("\n\n"),
    );
    // Pulumi never shows this stack, but formats it, and on Node 20 formatting a stack frame within node_modules/@pulumi
    // takes half a minute (nodejs/node#64011).
    this.stack = `PolicyError: ${this.message}`;
  }
}

/**
 * A policy document as its resource takes it, once nothing is wrong with it. Some of what can be wrong IAM takes, and
 * the guard then holds nobody; the rest it refuses when half of the stack stands.
 *
 * @throws PolicyError listing every problem.
 */
export async function policyJson(document: PolicyDocument, expected: Omit<Expected, "sids">): Promise<string> {
  const problems = await problemsIn(document, { ...expected, sids: Object.keys(REASONS) });
  if (problems.length > 0) throw new PolicyError(expected.name, problems);
  return JSON.stringify(document);
}
