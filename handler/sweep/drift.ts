import type { Outcome } from "../reconcile";

/**
 * Since when a record that a scheduled sweep had to correct may have been wrong: since the password was made or the last
 * device enabled, if that came after the last sweep, else since the last sweep, which saw nothing wrong; a credential
 * report that agreed with a wrong record may have hidden it from that one.
 *
 * @param lastSweep milliseconds since 1970
 * @returns ISO 8601; undefined where nothing was corrected
 */
export function wrongSince({ action, seen }: Outcome, lastSweep: number): string | undefined {
  if (action !== "held" && action !== "moved" && action !== "freed") return undefined;
  const dated = seen?.datedAt === undefined ? 0 : Date.parse(seen.datedAt);
  return new Date(Math.max(dated, lastSweep)).toISOString();
}
