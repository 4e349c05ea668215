import type { Condition } from "./document";

/**
 * A session that was not opened with MFA. `IfExists`, because long-term access keys carry no such key and a plain `Bool`
 * would let them through (IAM User Guide, "AWS global condition context keys", aws:MultiFactorAuthPresent).
 */
export const WITHOUT_MFA = { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } } as const satisfies Condition;
