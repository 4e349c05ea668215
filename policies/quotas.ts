/** Characters that a managed policy may have, white space not counted (IAM User Guide, "IAM and AWS STS quotas"). */
export const MANAGED_POLICY_QUOTA = 6_144;

/** Characters that the inline policies of a role may have together (same page). */
export const ROLE_INLINE_QUOTA = 10_240;
