import { brokenInWords } from "../../core/guard-state";
import { GUARD_NAMES } from "../../core/guards";
import { listInWords, withShortLists } from "../../core/lists";
import { missingInWords } from "../../core/missing-groups";
import { unmatchedInWords } from "../../core/unmatched";
import type { SweepSummary } from "./sweep-summary";

/** Something that a sweep found and of which it tells: a line of the log, with what it is about. */
export interface Finding {
  readonly level: "INFO" | "WARN" | "ERROR";
  readonly finding:
    | "guard-broken"
    | "guard-reattached"
    | "missing-group"
    | "unholdable"
    | "releases-stopped"
    | "pending"
    | "unmatched"
    | "exempt-without-device"
    | "root-without-mfa"
    | "permissions-boundary"
    | "no-report"
    | "trail-missing"
    | "trail-unknown"
    | "nobody-held";
  readonly message: string;
  readonly [about: string]: unknown;
}

/** What falls short in a sweep. */
export interface Complaint {
  readonly message: string;
  /** Whether the same sweep, tried again, may come to something else. */
  readonly mayPass: boolean;
}

/** Everything that a sweep found beside where people stand, a line each; lists in them end at 100 items. */
export function findingsOf(summary: SweepSummary, maxReleases: number): readonly Finding[] {
  const { guards, missingGroups, undecided, unholdable, pending, unmatched, exemptUnprotected, bounded } = summary;
  const { releasesStopped, releasesStoppedByScope, reportFailure, trail } = summary;
  const when = (isSo: boolean, finding: Finding): readonly Finding[] => (isSo ? [finding] : []);
  const findings = [
    ...GUARD_NAMES.flatMap((guard) => {
      const broken = guards.broken.filter((fault) => fault.guard === guard);
      const faults = broken.map(({ fault, what }) => ({ fault, what }));
      const message = brokenInWords(broken);
      return when(broken.length > 0, { level: "ERROR", finding: "guard-broken", message, guard, faults });
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
    ...when(unholdable.length > 0, {
      level: "ERROR",
      finding: "unholdable",
      message: `no guard can hold who is in ten groups and has as many managed policies as IAM allows: ${listInWords(unholdable)}`,
      users: unholdable,
    }),
    ...when(releasesStopped.length > 0, {
      level: "ERROR",
      finding: "releases-stopped",
      message: tooManyInWords(summary, maxReleases),
      users: releasesStopped,
    }),
    ...when(releasesStoppedByScope.length > 0, {
      level: "ERROR",
      finding: "releases-stopped",
      message: byScopeInWords(summary),
      users: releasesStoppedByScope,
    }),
    ...when(pending.length > 0, {
      level: "INFO",
      finding: "pending",
      message: `to be held once it is due: ${listInWords(pending.map(({ user, due }) => `${user} (${due})`))}`,
      users: pending,
    }),
    ...when(unmatched.length > 0, {
      level: "WARN",
      finding: "unmatched",
      message: unmatchedInWords(unmatched),
      entries: unmatched,
    }),
    ...when(exemptUnprotected.length > 0, {
      level: "WARN",
      finding: "exempt-without-device",
      message: `exempt, with a password and no MFA device: ${listInWords(exemptUnprotected)}`,
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
      message: `held, with a permissions boundary, which must allow what the door leaves open, or they can't enrol: ${listInWords(bounded.map(({ user }) => user))}`,
      users: bounded,
    }),
    ...when(reportFailure !== undefined, {
      level: "WARN",
      finding: "no-report",
      message: `there was no credential report, so that whoever may be out of place was looked at live: ${reportFailure}`,
    }),
    ...(trail?.state === "missing" ? [{ level: "ERROR", finding: "trail-missing", message: trail.why } as const] : []),
    ...when(isEmptied(summary), {
      level: "INFO",
      finding: "nobody-held",
      message: "mode off, and nobody is under a guard",
    }),
    ...(trail?.state === "unknown" ? [{ level: "WARN", finding: "trail-unknown", message: trail.why } as const] : []),
  ];
  return findings.map(withShortLists);
}

/** What falls short at the end of a sweep's last run, if anything, with the way on. */
export function complaintAbout(summary: SweepSummary, maxReleases: number): Complaint | undefined {
  const { failures, unholdable, releasesStopped, releasesStoppedByScope, missingGroups, guards, left } = summary;
  const complaints: readonly (string | false)[] = [
    guards.broken.length > 0 && summary.mode !== "off" && brokenInWords(guards.broken),
    missingGroups.length > 0 && `${missingInWords(missingGroups)}; ${undecidedInWords(summary.undecided)}`,
    releasesStopped.length > 0 && tooManyInWords(summary, maxReleases),
    releasesStoppedByScope.length > 0 && `${byScopeInWords(summary)}. Correct the entry, or remove it`,
    failures.length > 0 && `${usersInWords(failures.length)} could not be reconciled: ${listInWords(failures, "; ")}`,
    left > 0 && `there was no time for ${usersInWords(left)}, and the next scheduled sweep takes them up`,
  ];
  const told = complaints.filter((complaint) => complaint !== false);
  return told.length === 0 ? undefined : { message: told.join(". "), mayPass: failures.length > unholdable.length };
}

/** Whether nobody is held any more, so far as the account could be read. */
function isEmptied({ mode, held, failures, left }: SweepSummary): boolean {
  return mode === "off" && GUARD_NAMES.every((guard) => held[guard] === 0) && failures.length === 0 && left === 0;
}

function tooManyInWords({ releasesStopped, releasesByReportOf }: SweepSummary, maxReleases: number): string {
  const count = releasesStopped.length;
  // A deploy does not wait until all are read.
  const byReport = releasesByReportOf === undefined ? "" : `, by the credential report of ${releasesByReportOf}`;
  return `this sweep would free ${usersInWords(count)}${byReport}, and maxReleases lets a sweep free ${maxReleases}: none of them was freed. If they are to be free, confirm it: pulumi config set maxReleases ${count} && pulumi up`;
}

function byScopeInWords({ releasesStoppedByScope, unmatched }: SweepSummary): string {
  return `${usersInWords(releasesStoppedByScope.length)} would be free only for being outside the scope, of which an entry matches nobody, and stay held: ${unmatchedInWords(unmatched)}`;
}

function undecidedInWords(undecided: readonly string[]): string {
  return undecided.length === 0
    ? "everybody is where the state says all the same"
    : `${usersInWords(undecided.length)} stay held or free as before, for it depends on that where they belong: ${listInWords(undecided)}`;
}

function usersInWords(count: number): string {
  return count === 1 ? "1 user" : `${count} users`;
}
