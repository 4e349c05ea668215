import type { Outcome } from "../reconcile";

/** What changed so short a time ago may have an event that is still on its way. */
const ON_ITS_WAY_MS = 5 * 60 * 1000;

/**
 * Since when a record that a scheduled sweep had to correct may have been wrong: since the password was made or the last
 * device enabled, if that came after the last sweep, else since the last sweep, which saw nothing wrong; a credential
 * report that agreed with a wrong record may have hidden it from that one. A hold that has only just fallen due is a
 * sweep's to make, and corrects nothing.
 *
 * @param started when the sweep began, milliseconds since 1970
 * @param sweepEverySeconds from one sweep to the next
 * @returns ISO 8601; undefined where nothing was corrected, or where an event is likely to be on its way yet
 */
export function wrongSince(
  { action, seen, due }: Outcome,
  started: number,
  sweepEverySeconds: number,
): string | undefined {
  if (action !== "held" && action !== "moved" && action !== "freed") return undefined;
  const interval = sweepEverySeconds * 1000;
  // Schedules are not to the second, and a sweep may go on in further runs: one interval more is not told for drift.
  if (due !== undefined && Date.parse(due) > started - 2 * interval) return undefined;
  const dated = seen?.datedAt === undefined ? 0 : Date.parse(seen.datedAt);
  if (dated > started - ON_ITS_WAY_MS) return undefined;
  return new Date(Math.max(dated, started - interval)).toISOString();
}
