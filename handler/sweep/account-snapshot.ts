import type { User } from "../../core/user";
import { wordsOf } from "../../core/words-of";
import type { Clock } from "../clock";
import {
  AccessDeniedError,
  type CredentialReport,
  type GroupDetail,
  type Iam,
  LimitExceededError,
  ThrottledError,
  type UserDetail,
} from "../iam/iam";
import { retrying } from "../iam/retry";
import { type ReportRow, type ReportRows, readCredentialReport } from "./credential-report";

/** A user as the account's bulk reads show them. */
export interface SnapshotUser {
  readonly detail: UserDetail;
  /** What the credential report says of this very user; undefined where it says nothing certain. */
  readonly row: ReportRow | undefined;
}

/** The account's users and groups, by one bulk read. */
export interface Account {
  readonly users: readonly UserDetail[];
  readonly groups: readonly GroupDetail[];
}

/** What the credential report says beside its users' rows. */
interface ReportFacts {
  readonly generatedAt: Date;
  /** Whether root has an MFA device; undefined where the report does not say. */
  readonly rootHasDevice: boolean | undefined;
}

/** Everybody in the account, by two bulk reads, and its groups. */
export interface AccountSnapshot {
  readonly users: readonly SnapshotUser[];
  readonly groups: readonly GroupDetail[];
  /** Undefined where there is no report; then everybody has to be looked at live. */
  readonly report: ReportFacts | undefined;
  /** Why there is no report, where it is not for want of time. */
  readonly reportFailure: string | undefined;
}

/** How a report that is being made is waited for. */
const REPORT_POLL_PAUSE_SECONDS = 2;
const MAX_REPORT_POLLS = 60;

/** Milliseconds: IAM makes no other report for so long (API Reference, GenerateCredentialReport). */
export const REPORT_LIFETIME_MS = 4 * 60 * 60 * 1000;

/** A role that is seconds old may still be refused: IAM spreads a new policy within some seconds. */
const NEW_ROLE_PAUSES_SECONDS: readonly number[] = [1, 2, 4, 8, 8];

/**
 * Reads the whole account: the credential report tells of passwords and devices and may be four hours old; the authorization
 * details tell of paths, groups and policies as they are. At 5,000 users about eight calls, polls apart. A refusal for
 * want of permission is tried again for some seconds, for the role may have been made just now.
 *
 * @param mayWait whether there is still time to wait for the report, which is waited for two minutes at the most; without
 *   it nothing certain is known of anybody
 * @throws what IAM refuses the authorization details for; a report that can't be had stops nothing
 */
export async function takeAccountSnapshot(iam: Iam, clock: Clock, mayWait: () => boolean): Promise<AccountSnapshot> {
  const patiently = <T>(call: () => Promise<T>): Promise<T> =>
    retrying(
      call,
      (error) => error instanceof AccessDeniedError,
      NEW_ROLE_PAUSES_SECONDS,
      (seconds) => clock.pause(seconds),
    );
  const asked = await attempt(() => patiently(() => askForReport(iam)));
  const { users, groups } = await patiently(() => readAccount(iam));
  const report =
    "failure" in asked ? asked : await attempt(async () => readReport(await awaitReport(iam, clock, mayWait)));
  const rows: ReportRows | undefined = "failure" in report ? undefined : report.result?.rows;
  return {
    users: users.map((detail) => ({ detail, row: rows && rowOf(detail, rows.users) })),
    groups,
    report: "failure" in report ? undefined : report.result?.facts,
    reportFailure: "failure" in report ? report.failure : undefined,
  };
}

/** Reads all users and groups as they are now, a thousand a call. */
export async function readAccount(iam: Iam): Promise<Account> {
  const users: UserDetail[] = [];
  const groups: GroupDetail[] = [];
  let marker: string | undefined;
  do {
    const page = await iam.getAccountAuthorizationDetails(marker);
    users.push(...page.users);
    groups.push(...page.groups);
    marker = page.marker;
  } while (marker !== undefined);
  return { users, groups };
}

/** Asks for a report. That IAM can't make one now is no matter: the stored one may do, and there may be one later. */
async function askForReport(iam: Iam): Promise<void> {
  try {
    await iam.generateCredentialReport();
  } catch (error) {
    if (!(error instanceof LimitExceededError || error instanceof ThrottledError)) throw error;
  }
}

async function awaitReport(iam: Iam, clock: Clock, mayWait: () => boolean): Promise<CredentialReport | undefined> {
  for (let poll = 0; poll < MAX_REPORT_POLLS; poll++) {
    const report = await iam.getCredentialReport();
    if (typeof report !== "string") return report;
    if (!mayWait()) return undefined;
    // The stored report may have grown too old since it was asked for.
    if (report === "absent") await askForReport(iam);
    await clock.pause(REPORT_POLL_PAUSE_SECONDS);
  }
  throw new Error(`IAM had none within ${MAX_REPORT_POLLS * REPORT_POLL_PAUSE_SECONDS} seconds`);
}

function readReport(
  report: CredentialReport | undefined,
): { readonly rows: ReportRows; readonly facts: ReportFacts } | undefined {
  if (report === undefined) return undefined;
  const rows = readCredentialReport(report.content);
  return { rows, facts: { generatedAt: report.generatedAt, rootHasDevice: rows.rootHasDevice } };
}

/** The states that a user may be in: the one that the report tells, or where it tells none with certainty, all. */
export function possibleStates({ detail, row }: SnapshotUser): readonly User[] {
  const state = (password: boolean, device: boolean): User => {
    return { ...detail, password, devices: device ? ["a device"] : [], datedAt: undefined };
  };
  return row === undefined
    ? [state(false, false), state(false, true), state(true, false), state(true, true)]
    : [state(row.password, row.device)];
}

async function attempt<T>(part: () => Promise<T>): Promise<{ readonly result: T } | { readonly failure: string }> {
  try {
    return { result: await part() };
  } catch (error) {
    return { failure: wordsOf(error) };
  }
}

/** The row of this user and not of an earlier one of the same name. */
function rowOf({ name, createdAt }: UserDetail, rows: ReadonlyMap<string, ReportRow>): ReportRow | undefined {
  const row = rows.get(name.toLowerCase());
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
  return row !== undefined && createdAt !== undefined && seconds(createdAt.getTime()) === seconds(row.createdAt)
    ? row
    : undefined;
}
