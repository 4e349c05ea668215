/** What a credential report says of a user; it may be four hours old. */
export interface ReportRow {
  /** `user_creation_time`, milliseconds since 1970: who has another is another user of the same name. */
  readonly createdAt: number;
  readonly password: boolean;
  readonly device: boolean;
}

/** What a credential report says. */
export interface ReportRows {
  /** Users by their names in lower case. */
  readonly users: ReadonlyMap<string, ReportRow>;
  /** Whether root has an MFA device; undefined where the report does not say. */
  readonly rootHasDevice: boolean | undefined;
}

/** What the report has in the place of root's name. */
const ROOT = "<root_account>";

/** The columns that are read (IAM User Guide, "Understanding the report format"). */
const COLUMNS = ["user", "user_creation_time", "password_enabled", "mfa_active"] as const;

/** A line of a credential report. */
export interface ReportLine<Column extends string> {
  /** Whether it has a field a column: names of users may hold commas, and nothing is said of quoting. */
  readonly isWhole: boolean;
  /** The field of a column. */
  readonly at: (column: Column) => string;
}

/**
 * The lines of a credential report after its header, by which columns are found.
 *
 * @throws Error where a column is missing, naming it.
 */
export function linesOfReport<Column extends string>(
  csv: string,
  columns: readonly Column[],
): readonly ReportLine<Column>[] {
  const [header = "", ...lines] = csv.split(/\r?\n/).filter((line) => line !== "");
  const names = header.split(",");
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) throw new Error(`the credential report has no column ${missing.join(", ")}: ${header}`);
  return lines.map((line) => {
    const fields = line.split(",");
    return {
      isWhole: fields.length === names.length && !line.includes('"'),
      at: (column) => fields[names.indexOf(column)] ?? "",
    };
  });
}

/**
 * Reads a credential report. A row that can't be read with certainty is left out, and its user is then looked at live:
 * one with more or fewer fields than the header, with a quote, with a value that is neither true nor false, or of a name
 * that another row has too.
 *
 * @throws Error where a column is missing, naming it.
 */
export function readCredentialReport(csv: string): ReportRows {
  const rows = new Map<string, ReportRow>();
  const doubtful = new Set<string>();
  let rootHasDevice: boolean | undefined;
  for (const { isWhole, at } of linesOfReport(csv, COLUMNS)) {
    const user = at("user").toLowerCase();
    if (user === ROOT) rootHasDevice = readBoolean(at("mfa_active"));
    const row = isWhole ? readRow(at) : undefined;
    if (row === undefined || rows.has(user)) doubtful.add(user);
    else rows.set(user, row);
  }
  for (const user of doubtful) rows.delete(user);
  return { users: rows, rootHasDevice };
}

function readRow(at: ReportLine<(typeof COLUMNS)[number]>["at"]): ReportRow | undefined {
  const createdAt = Date.parse(at("user_creation_time"));
  const password = readBoolean(at("password_enabled"));
  const device = readBoolean(at("mfa_active"));
  if (Number.isNaN(createdAt) || password === undefined || device === undefined) return undefined;
  return { createdAt, password, device };
}

function readBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}
