import { brokenInWords } from "../../core/guard-state";
import { missingInWords } from "../../core/missing-groups";
import { unmatchedInWords } from "../../core/unmatched";
import type { SweepSummary } from "./sweep-summary";

/** Something that a sweep found and that wants a human: a line of the log, with what it is about. */
export interface Finding {
  readonly level: "WARN" | "ERROR";
  readonly finding:
    | "guard-broken"
    | "guard-reattached"
    | "missing-group"
    | "unholdable"
    | "unmatched"
    | "exempt-without-device"
    | "root-without-mfa"
    | "permissions-boundary"
    | "no-report"
    | "trail-missing"
    | "trail-unknown";
  readonly message: string;
  readonly [about: string]: unknown;
}

/** What falls short in a sweep. */
export interface Complaint {
  readonly message: string;
  /** Whether the same sweep, tried again, may come to something else. */
  readonly mayPass: boolean;
}

/** Everything that a sweep found beside where people stand. */
export function findingsOf(summary: SweepSummary): readonly Finding[] {
  const { guards, missingGroups, undecided, unholdable, unmatched, exemptUnprotected, bounded, reportFailure, trail } =
    summary;
  const when = (isSo: boolean, finding: Finding): readonly Finding[] => (isSo ? [finding] : []);
  return [
    ...guards.broken.map((fault): Finding => {
      return { level: "ERROR", finding: "guard-broken", message: brokenInWords([fault]), ...fault };
    }),
    ...guards.reattached.map((guard): Finding => {
      const message = `the policy of ${guard} was not attached to its group, so that the group held nobody; it is attached again`;
      return { level: "WARN", finding: "guard-reattached", message, guard };
    }),
    ...when(missingGroups.length > 0, {
      level: "ERROR",
      finding: "missing-group",
      message: `${missingInWords(missingGroups)}; ${undecidedInWords(undecided)}`,
      groups: missingGroups,
      users: undecided,
    }),
    ...unholdable.map((user): Finding => {
      const message = `no guard can hold ${user}, who is in ten groups and has as many managed policies as IAM allows`;
      return { level: "ERROR", finding: "unholdable", message, user };
    }),
    ...unmatched.map((entry): Finding => {
      return { level: "WARN", finding: "unmatched", message: unmatchedInWords([entry]), ...entry };
    }),
    ...when(exemptUnprotected.length > 0, {
      level: "WARN",
      finding: "exempt-without-device",
      message: "exempt, with a password and no MFA device",
      users: exemptUnprotected,
    }),
    ...when(summary.rootWithoutMfa, {
      level: "WARN",
      finding: "root-without-mfa",
      message: "the credential report shows no MFA device for the account's root user, whom no policy of a user binds",
    }),
    ...when(bounded.length > 0, {
      level: "WARN",
      finding: "permissions-boundary",
      message: "held, with a permissions boundary, which must allow what the door leaves open, or the user can't enrol",
      users: bounded,
    }),
    ...when(reportFailure !== undefined, {
      level: "WARN",
      finding: "no-report",
      message: `there was no credential report, so that whoever may be out of place was looked at live: ${reportFailure}`,
    }),
    ...(trail?.state === "missing" ? [{ level: "ERROR", finding: "trail-missing", message: trail.why } as const] : []),
    ...(trail?.state === "unknown" ? [{ level: "WARN", finding: "trail-unknown", message: trail.why } as const] : []),
  ];
}

/** What falls short at the end of a sweep's last run, if anything, with the way on. */
export function complaintAbout(summary: SweepSummary, maxReleases: number): Complaint | undefined {
  const { failures, unholdable, releasesStopped, releasesStoppedByScope, unmatched, missingGroups, guards, left } =
    summary;
  const stopped = releasesStopped.length;
  // A deploy does not wait until all are read.
  const byReport =
    summary.releasesByReportOf === undefined ? "" : `, by the credential report of ${summary.releasesByReportOf}`;
  const byScope = releasesStoppedByScope.length;
  const complaints: readonly (string | false)[] = [
    guards.broken.length > 0 && summary.mode !== "off" && brokenInWords(guards.broken),
    missingGroups.length > 0 && `${missingInWords(missingGroups)}; ${undecidedInWords(summary.undecided)}`,
    stopped > 0 &&
      `this sweep would free ${usersInWords(stopped)}${byReport}, and maxReleases lets a sweep free ${maxReleases}: none of them was freed. If they are to be free, confirm it: pulumi config set maxReleases ${stopped} && pulumi up`,
    byScope > 0 &&
      `${usersInWords(byScope)} would be free only for being outside the scope, of which an entry matches nobody, and stay held: ${unmatchedInWords(unmatched)}. Correct the entry, or remove it`,
    failures.length > 0 && `${usersInWords(failures.length)} could not be reconciled: ${failures.join("; ")}`,
    left > 0 && `there was no time for ${usersInWords(left)}, and the next scheduled sweep takes them up`,
  ];
  const told = complaints.filter((complaint) => complaint !== false);
  return told.length === 0 ? undefined : { message: told.join(". "), mayPass: failures.length > unholdable.length };
}

function undecidedInWords(undecided: readonly string[]): string {
  return undecided.length === 0
    ? "everybody is where the state says all the same"
    : `${usersInWords(undecided.length)} stay held or free as before, for it depends on that where they belong: ${undecided.join(", ")}`;
}

function usersInWords(count: number): string {
  return count === 1 ? "1 user" : `${count} users`;
}
