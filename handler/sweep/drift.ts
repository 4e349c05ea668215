import type { Outcome } from "../reconcile";

/** What changed so short a time ago may have an event that is still on its way. */
const ON_ITS_WAY_MS = 5 * 60 * 1000;

/**
 * Since when a record that a scheduled sweep had to correct may have been wrong: since the password was made or the last
 * device enabled, if that came after the last sweep, else since the last sweep, which saw nothing wrong; a credential
 * report that agreed with a wrong record may have hidden it from that one.
 *
 * @param lastSweep milliseconds since 1970
 * @param now milliseconds since 1970
 * @returns ISO 8601; undefined where nothing was corrected, or where an event is likely to be on its way yet
 */
export function wrongSince({ action, seen }: Outcome, lastSweep: number, now: number): string | undefined {
  if (action !== "held" && action !== "moved" && action !== "freed") return undefined;
  const dated = seen?.datedAt === undefined ? 0 : Date.parse(seen.datedAt);
  if (dated > now - ON_ITS_WAY_MS) return undefined;
  return new Date(Math.max(dated, lastSweep)).toISOString();
}
