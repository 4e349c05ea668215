import { GUARD_NAMES, type GuardName, type GuardRefs, guardsOf } from "../../core/guards";
import { policyDigest } from "../../core/policy-digest";
import type { GroupDetail } from "../../handler/iam/iam";

/** The guards of a deployed stack, by the names that Pulumi's auto-naming gives them. */
export const GUARDS: GuardRefs = {
  quarantine: {
    group: "require-mfa-quarantine-1a2b3c4",
    policyArn: "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-quarantine-1a2b3c4",
  },
  conditional: {
    group: "require-mfa-conditional-1a2b3c4",
    policyArn: "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-conditional-1a2b3c4",
  },
  sealed: {
    group: "require-mfa-sealed-1a2b3c4",
    policyArn: "arn:aws:iam::123456789012:policy/require-mfa/dev/require-mfa-sealed-1a2b3c4",
  },
};

/** What a guard's policy says in tests; each another thing, so that none can be taken for the other. */
const documentOf = (guard: GuardName): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: guard, Effect: "Deny", Action: "*", Resource: "*" }],
  });

/** The guards' documents. */
export const GUARD_DOCUMENTS = guardsOf(documentOf);

/** What the handler is told that the guards' policies are to say. */
export const POLICY_DIGESTS = guardsOf((guard) => policyDigest(documentOf(guard)));

/** The guards' groups, as a bulk read shows them where all is well. */
export const GUARD_GROUPS: readonly GroupDetail[] = GUARD_NAMES.map((name) => ({
  name: GUARDS[name].group,
  arn: `arn:aws:iam::123456789012:group/require-mfa/dev/${GUARDS[name].group}`,
  policies: [GUARDS[name].policyArn],
  inlinePolicies: [],
}));

/** The guards' documents by their policies' ARNs. */
export const GUARD_POLICIES: ReadonlyMap<string, string> = new Map(
  GUARD_NAMES.map((name) => [GUARDS[name].policyArn, documentOf(name)]),
);
