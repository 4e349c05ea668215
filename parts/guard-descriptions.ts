import type { GuardsOf } from "../core/guards";

/** Constant for ever: IAM can't change a policy's description, so a new wording would replace the policy. */
export const GUARD_DESCRIPTIONS: GuardsOf<string> = {
  quarantine: "require-mfa: denies everything but enrolling an MFA device",
  conditional: "require-mfa: denies everything but enrolling an MFA device unless signed in with MFA",
  sealed: "require-mfa: denies everything unless signed in with MFA",
};
