import type { SweepRequest } from "../../core/sweep-request";
import { type DetailType, TOLD } from "../../core/told";
import type { Finding } from "../sweep/findings";
import type { News } from "./news";

const DETAIL_TYPES: Readonly<Record<Finding["finding"], DetailType>> = {
  "guard-broken": "Guard Broken",
  "guard-reattached": "Guard Reattached",
  "missing-group": "Group Missing",
  unholdable: "User Unholdable",
  "releases-stopped": "Releases Stopped",
  pending: "User Pending",
  unmatched: "Setting Unmatched",
  "exempt-without-device": "Exempt User Unprotected",
  "root-without-mfa": "Root Without MFA",
  "permissions-boundary": "Boundary Found",
  "no-report": "Report Missing",
  "trail-missing": "Trail Missing",
  "trail-unknown": "Trail Unknown",
  "nobody-held": "Nobody Held",
};

/**
 * What a sweep found. What lasts is told by the first scheduled sweep of a day alone.
 *
 * @param lines the log's lines of what was found
 * @param isFirst whether it is that one, as {@link isFirstOfDay} tells
 */
export function newsOfFindings(lines: readonly Finding[], isFirst: boolean): readonly News[] {
  return lines
    .map((line) => ({ detailType: DETAIL_TYPES[line.finding], line, happened: line.message }))
    .filter(({ detailType }) => isFirst || !TOLD[detailType].lasts);
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A rule fires within the minute (EventBridge User Guide, "Creating a rule that runs on a schedule"). */
const LATE_MS = 60 * 1000;

/**
 * Whether a sweep is the first scheduled one after 00:00 UTC, by the clock alone, for nothing is remembered: whether it
 * began within sweepEvery after it, and a minute more, because schedules are not to the second. So where a sweep falls
 * into the day's first minute the next one counts as well: what lasts is rather told twice than never. The same goes for
 * a sweep that Lambda tries again. One that comes more than that too late is none, and nothing is told on that day.
 *
 * @param started when it began, milliseconds since 1970
 */
export function isFirstOfDay({ by, run }: SweepRequest, started: number, sweepEverySeconds: number): boolean {
  return by === "schedule" && run === 1 && started % DAY_MS < sweepEverySeconds * 1000 + LATE_MS;
}
