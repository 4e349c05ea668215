import { linesOfReport } from "../handler/sweep/credential-report";

/** What a credential report tells of a user beside what a sweep needs. */
export interface ReportDetails {
  readonly passwordChangedAt: Date | undefined;
  readonly passwordUsedAt: Date | undefined;
  /** How many access keys are active. */
  readonly activeKeys: number;
  /** Active access keys that have been used. */
  readonly usedKeys: readonly UsedKey[];
  /** How many signing certificates are active. */
  readonly certificates: number;
}

/** When, where and for what an access key was last used. */
export interface UsedKey {
  readonly usedAt: Date;
  readonly region: string;
  /** A service's namespace: `s3`. */
  readonly service: string;
}

const KEYS = ["access_key_1", "access_key_2"] as const;
const CERTIFICATES = ["cert_1_active", "cert_2_active"] as const;

/** The columns that are read (IAM User Guide, "Understanding the report format"). */
const COLUMNS = [
  "user",
  "password_last_changed",
  "password_last_used",
  ...KEYS.flatMap(
    (key) => [`${key}_active`, `${key}_last_used_date`, `${key}_last_used_region`, `${key}_last_used_service`] as const,
  ),
  ...CERTIFICATES,
] as const;

/**
 * Details by users' names in lower case. A line that can't be read with certainty is left out.
 *
 * @throws Error where a column is missing, naming it.
 */
export function readReportDetails(csv: string): ReadonlyMap<string, ReportDetails> {
  return new Map(
    linesOfReport(csv, COLUMNS)
      .filter(({ isWhole }) => isWhole)
      .map(({ at }) => [
        at("user").toLowerCase(),
        {
          passwordChangedAt: readDate(at("password_last_changed")),
          passwordUsedAt: readDate(at("password_last_used")),
          activeKeys: KEYS.filter((key) => isTrue(at(`${key}_active`))).length,
          usedKeys: KEYS.flatMap((key): readonly UsedKey[] => {
            const usedAt = isTrue(at(`${key}_active`)) ? readDate(at(`${key}_last_used_date`)) : undefined;
            return usedAt === undefined
              ? []
              : [{ usedAt, region: at(`${key}_last_used_region`), service: at(`${key}_last_used_service`) }];
          }),
          certificates: CERTIFICATES.filter((column) => isTrue(at(column))).length,
        },
      ]),
  );
}

function isTrue(text: string): boolean {
  return text.toLowerCase() === "true";
}

/** The report has words where there is no date: N/A, no_information, not_supported. */
function readDate(text: string): Date | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at);
}
