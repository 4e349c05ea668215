import { missingInWords } from "../core/missing-groups";
import type { Mode } from "../core/modes";
import { isSameName } from "../core/names";
import { GROUPS_OF_OTHERS } from "../core/plan";
import { type UnmatchedEntry, unmatchedInWords } from "../core/unmatched";
import type { UserDetail } from "../handler/iam/iam";
import { boundaryOf } from "../handler/sweep/sweep-summary";
import type { TrailCheck } from "../handler/trail/judge-trails";
import type { Boundary } from "./boundaries";
import type { Concerned, Finding } from "./impact";
import type { ServiceCredential } from "./more-of-iam";
import { comesUnderGuard, type Person, placeAfter } from "./people";
import type { ReportDetails, UsedKey } from "./report-details";

/** A user, and all that was read of the user. */
export interface Subject {
  readonly person: Person;
  readonly detail: UserDetail;
  /** Undefined where the report does not tell of the user with certainty. */
  readonly details: ReportDetails | undefined;
}

/** What was read of an account beside its users. */
export interface Evidence {
  /** Names of the users with an authenticator app; undefined where it was not read. */
  readonly usersWithApps: readonly string[] | undefined;
  readonly serviceCredentials: readonly ServiceCredential[];
  /** Those that {@link boundaryToGetPast} names, by ARN. */
  readonly boundaries: ReadonlyMap<string, Boundary>;
  /** What the ARNs of the account's users begin with, up to their paths: `arn:aws:iam::123456789012:user` */
  readonly usersArn: string;
  readonly unmatched: readonly UnmatchedEntry[];
  readonly missingGroups: readonly string[];
  /** Undefined where nobody looked. */
  readonly trail: TrailCheck | undefined;
  readonly rootHasDevice: boolean | undefined;
  /** What could not be read, and why. */
  readonly notRead: readonly string[];
  readonly mode: Mode;
  readonly maxReleases: number;
  readonly readAt: Date;
}

/** A key that was used within so many days is taken to be in use. */
const IN_USE_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What AWS's console makes for SMTP: users of such a name, in a group of this name (SES Developer Guide). */
const SMTP_USER = /^ses-smtp-user\./i;
const SMTP_GROUP = "AWSSESSendingGroupDoNotRename";

/** Everything that wants a look before the settings are deployed; of each kind there is one at most. */
export function findingsOf(subjects: readonly Subject[], evidence: Evidence): readonly Finding[] {
  const about = (finding: Finding["finding"], message: string, users: readonly Concerned[]): readonly Finding[] =>
    users.length === 0 ? [] : [{ finding, message, users }];
  const bare = (isSo: boolean, finding: Finding["finding"], message: string): readonly Finding[] =>
    isSo ? [{ finding, message, users: [] }] : [];
  const those = (whatOf: (subject: Subject) => string | boolean | undefined): readonly Concerned[] =>
    subjects.flatMap((subject) => {
      const what = whatOf(subject);
      if (what === undefined || what === false) return [];
      return [{ user: subject.person.user, ...(typeof what === "string" && { what }) }];
    });
  /** Of those alone who come under a guard. */
  const robots = (whatOf: (subject: Subject) => string | boolean | undefined) =>
    those((subject) => comesUnderGuard(subject.person) && whatOf(subject));
  const { unmatched, missingGroups, trail, notRead, mode } = evidence;
  return [
    ...about(
      "access-key",
      `access keys in use, which stop working once their users are held`,
      robots(usesOf(evidence)),
    ),
    ...about("ses-smtp", "SMTP passwords of SES, which stop working once their users are held", robots(sendsMail)),
    ...about(
      "service-credential",
      "credentials for one service alone, which never carry MFA and stop working once their users are held",
      robots(servicesOf(evidence)),
    ),
    ...about(
      "certificate",
      "signing certificates, which never carry MFA and stop working once their users are held",
      robots(({ details }) => (details?.certificates ?? 0) > 0),
    ),
    ...about(
      "no-app",
      "access keys, and MFA by a passkey or a hardware token: by a passkey `aws sts get-session-token` opens no session, `aws login` does",
      those((subject) => hasNoApp(subject, evidence)),
    ),
    ...about(
      "permissions-boundary",
      "to be held, and kept from enrolling by a permissions boundary, which must allow what the door leaves open",
      those(whatIsShut(evidence)),
    ),
    ...about(
      "nine-groups",
      "in nine groups or more, so that the guard's policy is attached to the user; who has as many policies as IAM allows too can be held by nothing",
      those(({ person, detail }) => {
        const isMany = isToBeHeld(person) && person.groups >= GROUPS_OF_OTHERS;
        return isMany && `${person.groups} groups, ${detail.policies.length} policies`;
      }),
    ),
    ...about(
      "exempt-without-device",
      "exempt, with a password and no MFA device",
      those(({ person }) => mode !== "off" && person.exempt && person.password === true && person.device === false),
    ),
    ...about(
      "releases-stopped",
      `a sweep would free none of these: ${whyStopped(subjects, evidence)}`,
      those(({ person }) => person.stoppedBy !== undefined),
    ),
    ...about(
      "unknown",
      "of these the credential report does not tell: the sweep reads them live",
      those(({ person }) => person.change === "unknown"),
    ),
    ...bare(unmatched.length > 0, "unmatched", unmatchedInWords(unmatched)),
    ...bare(missingGroups.length > 0, "missing-group", missingInWords(missingGroups)),
    ...bare(trail?.state === "missing", "trail-missing", trail?.why ?? ""),
    ...bare(trail?.state === "unknown", "trail-unknown", trail?.why ?? ""),
    ...bare(
      evidence.rootHasDevice === false,
      "root-without-mfa",
      "the credential report shows no MFA device for the account's root user, whom no policy of a user binds",
    ),
    ...bare(notRead.length > 0, "not-read", `not looked at: ${notRead.join("; ")}`),
  ];
}

/** Whether a guard holds the user after a sweep, or will. */
function isToBeHeld(person: Person): boolean {
  return comesUnderGuard(person) || placeAfter(person) !== "free";
}

const usesOf =
  ({ readAt }: Evidence) =>
  ({ details }: Subject): string | undefined => {
    const since = readAt.getTime() - IN_USE_DAYS * DAY_MS;
    const used = (details?.usedKeys ?? []).filter(({ usedAt }) => usedAt.getTime() >= since);
    return used.length === 0 ? undefined : used.map(useInWords).join(", ");
  };

function useInWords({ service, region, usedAt }: UsedKey): string {
  return `${service} in ${region} on ${usedAt.toISOString().slice(0, "YYYY-MM-DD".length)}`;
}

function sendsMail({ detail, details }: Subject): boolean {
  return (
    SMTP_USER.test(detail.name) ||
    detail.groups.some((group) => isSameName(group, SMTP_GROUP)) ||
    details?.usedKeys.some(({ service }) => service === "ses") === true
  );
}

const servicesOf =
  ({ serviceCredentials }: Evidence) =>
  ({ person }: Subject): string | undefined => {
    const own = serviceCredentials.filter(({ user }) => isSameName(user, person.user));
    return own.length === 0 ? undefined : [...new Set(own.map(({ service }) => service))].join(", ");
  };

/**
 * Whether it is of use to know if the user has an authenticator app: who has a device and an access key, and needs MFA in
 * each session.
 */
export function mayLackAnApp({ person, details }: Subject): boolean {
  const guard = comesUnderGuard(person) ? person.guard : placeAfter(person);
  const needsSessions = guard === "conditional" || guard === "sealed";
  return needsSessions && person.device === true && (details?.activeKeys ?? 0) > 0;
}

function hasNoApp(subject: Subject, { usersWithApps }: Evidence): boolean {
  if (usersWithApps === undefined || !mayLackAnApp(subject)) return false;
  return !usersWithApps.some((user) => isSameName(user, subject.person.user));
}

/** The permissions boundary by which a user who is to be held, and has no device yet, may be unable to enrol one. */
export function boundaryToGetPast({ person, detail }: Subject): string | undefined {
  return isToBeHeld(person) && person.device !== true ? boundaryOf(detail) : undefined;
}

const whatIsShut =
  ({ boundaries, usersArn }: Evidence) =>
  (subject: Subject): string | undefined => {
    const arn = boundaryToGetPast(subject);
    const { path, name } = subject.detail;
    const verdict = arn === undefined ? undefined : boundaries.get(arn)?.(`${usersArn}${path}${name}`);
    switch (verdict?.verdict) {
      case "shut":
        return `${arn} lacks ${verdict.lacking.join(", ")}`;
      case "unknown":
        return `${arn} may: ${verdict.why}`;
      default:
        return undefined;
    }
  };

function whyStopped(subjects: readonly Subject[], { maxReleases, unmatched }: Evidence): string {
  const isByScope = subjects.some(({ person }) => person.stoppedBy === "scope");
  const stopped = subjects.filter(({ person }) => person.stoppedBy === "maxReleases").length;
  return [
    ...(stopped > 0 ? [`${stopped} are more than maxReleases lets it free, ${maxReleases}`] : []),
    ...(isByScope
      ? [`only a scope would free them, of which an entry matches nobody (${unmatchedInWords(unmatched)})`]
      : []),
  ].join("; ");
}
