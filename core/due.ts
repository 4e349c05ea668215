import type { Settings } from "./settings";

/** The settings that say from when on a hold is due. */
export type Deadline = Pick<Settings, "enforceFrom" | "graceDays">;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * When a hold of whom nobody holds yet is due: at the later of enforceFrom, 00:00 UTC, and so many days after the user
 * was made. A user can renew neither, so that a new password or a lost device opens no new grace.
 *
 * @param createdAt IAM's CreateDate, which only graceDays asks for
 * @returns undefined where it is due already, whatever the clock says: where neither is set, and where there is no
 *   CreateDate to reckon a grace from
 */
export function dueDate(createdAt: Date | undefined, { enforceFrom, graceDays }: Deadline): Date | undefined {
  const from = enforceFrom === "none" ? [] : [startOf(enforceFrom)];
  if (graceDays === 0) return from[0];
  if (createdAt === undefined) return undefined;
  return new Date(Math.max(createdAt.getTime() + graceDays * DAY_MS, ...from.map((day) => day.getTime())));
}

/** When a day as YYYY-MM-DD begins, in UTC. */
export function startOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
