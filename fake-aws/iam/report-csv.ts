import type { Arns } from "./arns";
import { type AccessKey, type Certificate, type IamState, type User, usersByName } from "./state";
import { isoSeconds } from "./values";

const COLUMNS =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation," +
  "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region," +
  "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date," +
  "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active," +
  "cert_2_last_rotated,additional_credentials_info";

/** The last column tells of keys and certificates beyond two of a kind, which a quota rules out. */
const NO_ADDITIONAL_CREDENTIALS = "N/A";

/** How a report is written. */
interface ReportFormat {
  /** The root user's creation time. */
  readonly accountCreated: Date;
  /**
   * Whether fields that need it are quoted as by RFC 4180. AWS is not known to quote, and names of users may hold
   * commas: bare, `doe,john` makes a row with one field too many in `user` and again in `arn`, where a path may add more.
   */
  readonly quote: boolean;
  readonly rootHasDevice: boolean;
}

/**
 * An account's credential report: the root user first, then the users by name, without a line end after the last
 * (IAM User Guide, "Generate credential reports for your AWS account"). Nobody's sign-ins are known.
 */
export function credentialReportCsv(state: IamState, arns: Arns, format: ReportFormat): string {
  const rows = [rootRow(arns, format), ...usersByName(state).map((user) => userRow(user, arns))];
  const lines = rows.map((fields) => (format.quote ? fields.map(quoted) : fields).join(","));
  return [COLUMNS, ...lines].join("\n");
}

/** Of root's password only the use is reported. */
function rootRow({ root }: Arns, { accountCreated, rootHasDevice }: ReportFormat): readonly string[] {
  return [
    "<root_account>",
    root,
    reportDate(accountCreated),
    "not_supported",
    "no_information",
    "not_supported",
    "not_supported",
    String(rootHasDevice),
    ...keyFields(undefined),
    ...keyFields(undefined),
    ...certificateFields(undefined),
    ...certificateFields(undefined),
    NO_ADDITIONAL_CREDENTIALS,
  ];
}

function userRow(user: User, arns: Arns): readonly string[] {
  const { name, path, createDate, loginProfile, devices, accessKeys, certificates } = user;
  const password =
    loginProfile === undefined
      ? ["false", "N/A", "N/A", "N/A"]
      : ["true", "no_information", reportDate(loginProfile.changeDate), "N/A"];
  return [
    name,
    arns.user(path, name),
    reportDate(createDate),
    ...password,
    String(devices.length > 0),
    ...keyFields(accessKeys[0]),
    ...keyFields(accessKeys[1]),
    ...certificateFields(certificates[0]),
    ...certificateFields(certificates[1]),
    NO_ADDITIONAL_CREDENTIALS,
  ];
}

function keyFields(key: AccessKey | undefined): readonly string[] {
  if (key === undefined) return ["false", "N/A", "N/A", "N/A", "N/A"];
  const { createDate, status, lastUsed } = key;
  const used =
    lastUsed === undefined ? ["N/A", "N/A", "N/A"] : [reportDate(lastUsed.at), lastUsed.region, lastUsed.service];
  return [String(status === "Active"), reportDate(createDate), ...used];
}

function certificateFields(certificate: Certificate | undefined): readonly string[] {
  return certificate === undefined ? ["false", "N/A"] : ["true", reportDate(certificate.uploadDate)];
}

/** A moment as the report writes it: `2026-11-20T09:00:00+00:00`. */
function reportDate(at: Date): string {
  return isoSeconds(at).replace("Z", "+00:00");
}

function quoted(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
