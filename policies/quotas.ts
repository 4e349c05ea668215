/** Characters that a managed policy may have, white space not counted (IAM User Guide, "IAM and AWS STS quotas"). */
export const MANAGED_POLICY_QUOTA = 6_144;

/** Characters that the inline policies of a role may have together (same page). */
export const ROLE_INLINE_QUOTA = 10_240;

/**
 * Characters that a service control policy may have wherever it is attached, white space counted: 10,240 since May 2026,
 * and older quotas say half of it (AWS Organizations User Guide, "Quotas for AWS Organizations").
 */
export const SCP_QUOTA = 5_120;
