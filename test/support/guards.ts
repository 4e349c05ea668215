import type { GuardRefs, GuardsOf } from "../../core/guards";

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

/** What the guards' policies are told to say: of no document that a test deploys. */
export const POLICY_DIGESTS: GuardsOf<string> = {
  quarantine: "Q".repeat(43),
  conditional: "C".repeat(43),
  sealed: "S".repeat(43),
};
