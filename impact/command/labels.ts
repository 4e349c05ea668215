import type { Finding, Impact } from "../impact";
import type { Change } from "../people";

/** In the order in which people are shown. */
export const CHANGE_ORDER: readonly Change[] = ["held", "moved", "freed", "pending", "withheld", "unknown", "none"];

/** The changes of which none is told too. */
const ALWAYS_TOLD: readonly Change[] = ["held", "moved", "freed"];

/** What a change is called. */
export const CHANGES: Readonly<Record<Change, string>> = {
  held: "newly held",
  moved: "moved",
  freed: "freed",
  pending: "pending",
  withheld: "held but for dryRun",
  unknown: "not known",
  none: "stays",
};

/** What a finding is called where there is no room for its message. */
export const FINDINGS: Readonly<Record<Finding["finding"], string>> = {
  "access-key": "access key in use",
  "ses-smtp": "SMTP password",
  "service-credential": "credential for a service",
  certificate: "signing certificate",
  "no-app": "no authenticator app",
  "permissions-boundary": "permissions boundary",
  "nine-groups": "nine groups or more",
  "exempt-without-device": "exempt without a device",
  "releases-stopped": "release stopped",
  unmatched: "setting that matches nobody",
  "missing-group": "group missing",
  "trail-missing": "no trail",
  "trail-unknown": "trail not known",
  "root-without-mfa": "root without MFA",
  "not-read": "not looked at",
  unknown: "not in the report",
};

/** The changes of which figures are told: those that are always told of, and what there is of the others. */
export function changesTold({ changes }: Pick<Impact, "changes">): readonly Change[] {
  return CHANGE_ORDER.filter((change) => change !== "none" && (changes[change] > 0 || ALWAYS_TOLD.includes(change)));
}
