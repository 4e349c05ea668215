import { PlainError } from "../config/plain-error";
import type { PolicyDocument } from "../policies/document";
import { MANAGED_POLICY_QUOTA, ROLE_INLINE_QUOTA } from "../policies/quotas";
import { REASONS } from "../policies/reasons";
import { type Expected, problemsIn } from "../policy-language/lint";

/** Of what a role's inline policies may take together, what the log's takes. */
const LOG_SHARE = 1_024;

/** Characters that each document may take. */
export const CHARACTERS = {
  guard: MANAGED_POLICY_QUOTA,
  handlerRole: ROLE_INLINE_QUOTA - LOG_SHARE,
  handlerLog: LOG_SHARE,
} as const;

/** A policy that is to be deployed, and what it is held against. */
export interface Draft extends Omit<Expected, "sids"> {
  readonly document: PolicyDocument;
}

/** Everything that is wrong with policies that go together, in one message. */
class PolicyError extends PlainError {
  constructor(drafts: readonly Draft[], problems: readonly string[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const [first, ...more] = drafts.map(({ name }) => name);
    const fate =
      more.length === 0
        ? `the policy ${first}; it was not deployed`
        : `the policies ${[first, ...more].join(", ")}; they were not deployed`;
    super([`${count} in ${fate}.`, ...problems.map((each) => `  ${each}`)].join("\n\n"));
  }
}

/**
 * Confirms that nothing is wrong with policies that go together. Some of what can be wrong IAM takes, and the guard then
 * holds nobody; the rest it refuses when half of the stack stands.
 *
 * @throws PolicyError listing every problem of every document.
 */
export async function confirmPolicies(drafts: readonly Draft[]): Promise<void> {
  const sids = Object.keys(REASONS);
  const problems = await Promise.all(
    drafts.map(({ document, ...expected }) => problemsIn(document, { ...expected, sids })),
  );
  if (problems.some((each) => each.length > 0)) throw new PolicyError(drafts, problems.flat());
}

/** A policy document as its resource takes it, once it is confirmed. Throws as {@link confirmPolicies}. */
export async function policyJson(draft: Draft): Promise<string> {
  await confirmPolicies([draft]);
  return JSON.stringify(draft.document);
}
