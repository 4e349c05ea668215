import type { Clock } from "../clock";
import { AccessDeniedError, type CredentialReport, type Iam, type UserDetail } from "../iam/iam";
import { retrying } from "../iam/retry";
import { type ReportRow, readCredentialReport } from "./credential-report";

/** A user as the account's bulk reads show them. */
export interface SnapshotUser {
  readonly detail: UserDetail;
  /** What the credential report says of this very user; undefined where it says nothing certain. */
  readonly row: ReportRow | undefined;
}

/** Everybody in the account, by two bulk reads, and the names of its groups. */
export interface AccountSnapshot {
  readonly users: readonly SnapshotUser[];
  readonly groups: readonly string[];
}

/** How a report that is being made is waited for. */
const REPORT_POLL_PAUSE_SECONDS = 2;
const MAX_REPORT_POLLS = 60;

/** A role that is seconds old may still be refused: IAM spreads a new policy within some seconds. */
const NEW_ROLE_PAUSES_SECONDS: readonly number[] = [1, 2, 4, 8, 8];

/**
 * Reads the whole account: the credential report tells of passwords and devices and may be four hours old; the authorization
 * details tell of paths, groups and policies as they are. At 5,000 users about eight calls, polls apart. A refusal for
 * want of permission is tried again for some seconds, for the role may have been made just now.
 *
 * @param mayWait whether there is still time to wait for the report, which is waited for two minutes at the most; without
 *   it nothing certain is known of anybody
 */
export async function takeAccountSnapshot(iam: Iam, clock: Clock, mayWait: () => boolean): Promise<AccountSnapshot> {
  const read = async (): Promise<AccountSnapshot> => {
    await iam.generateCredentialReport();
    const { users, groups } = await readAccount(iam);
    const report = await awaitReport(iam, clock, mayWait);
    const rows = report === undefined ? new Map<string, ReportRow>() : readCredentialReport(report.content);
    return { users: users.map((detail) => ({ detail, row: rowOf(detail, rows) })), groups };
  };
  return retrying(
    read,
    (error) => error instanceof AccessDeniedError,
    NEW_ROLE_PAUSES_SECONDS,
    (seconds) => clock.pause(seconds),
  );
}

async function readAccount(
  iam: Iam,
): Promise<{ readonly users: readonly UserDetail[]; readonly groups: readonly string[] }> {
  const users: UserDetail[] = [];
  const groups: string[] = [];
  let marker: string | undefined;
  do {
    const page = await iam.getAccountAuthorizationDetails(marker);
    users.push(...page.users);
    groups.push(...page.groups);
    marker = page.marker;
  } while (marker !== undefined);
  return { users, groups };
}

async function awaitReport(iam: Iam, clock: Clock, mayWait: () => boolean): Promise<CredentialReport | undefined> {
  for (let poll = 0; poll < MAX_REPORT_POLLS; poll++) {
    const report = await iam.getCredentialReport();
    if (typeof report !== "string") return report;
    if (!mayWait()) return undefined;
    // The stored report may have grown too old since it was asked for.
    if (report === "absent") await iam.generateCredentialReport();
    await clock.pause(REPORT_POLL_PAUSE_SECONDS);
  }
  return undefined;
}

/** The row of this user and not of an earlier one of the same name. */
function rowOf({ name, createdAt }: UserDetail, rows: ReadonlyMap<string, ReportRow>): ReportRow | undefined {
  const row = rows.get(name.toLowerCase());
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
  return row !== undefined && createdAt !== undefined && seconds(createdAt.getTime()) === seconds(row.createdAt)
    ? row
    : undefined;
}
