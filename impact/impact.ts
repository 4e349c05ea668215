import type { GuardName } from "../core/guards";
import type { Settings } from "../core/settings";
import type { Change, Person } from "./people";

/** What a finding may be. */
export const FINDING_KINDS = [
  "access-key",
  "ses-smtp",
  "service-credential",
  "certificate",
  "no-app",
  "permissions-boundary",
  "nine-groups",
  "exempt-without-device",
  "releases-stopped",
  "unmatched",
  "missing-group",
  "trail-missing",
  "trail-unknown",
  "root-without-mfa",
  "not-read",
  "unknown",
] as const;

/** Something that wants a look before the settings are deployed. */
export interface Finding {
  readonly finding: (typeof FINDING_KINDS)[number];
  readonly message: string;
  /** Whom it is about, where it is about users. */
  readonly users: readonly Concerned[];
}

/** A user whom a finding is about. */
export interface Concerned {
  readonly user: string;
  /** What of the user it is about: a service and a day, an ARN. */
  readonly what?: string;
}

/** How many stand where. */
export type Places = Readonly<Record<GuardName | "free", number>>;

/** What a deploy by these settings would do to an account's users. */
export interface Impact {
  /** Twelve digits. */
  readonly account: string;
  /** As whom the account was read. */
  readonly caller: string;
  readonly stack: string;
  readonly settings: Settings;
  /** ISO 8601 */
  readonly readAt: string;
  /** When the credential report was made by which passwords and devices are known, ISO 8601; left out where there is none. */
  readonly reportOf?: string;
  /** The guards that stand already; none before a first deploy. */
  readonly deployed: readonly GuardName[];
  readonly users: number;
  readonly before: Places;
  readonly after: Places;
  readonly changes: Readonly<Record<Change, number>>;
  readonly people: readonly Person[];
  readonly findings: readonly Finding[];
  /** Calls to IAM and STS, polls of the report among them. */
  readonly calls: number;
}
