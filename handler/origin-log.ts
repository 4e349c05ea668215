import type { CallOrigin } from "../core/events";
import type { Level, Service } from "./service";

type Line = Readonly<Record<string, unknown>> & { readonly level: Level };

/** Writes a line of the log about an event, and returns it. */
type EventLog = (line: Line) => Line;

/** Logs lines about one event: each says which call it was, by whom, and how long ago. */
export function logOf(call: string, origin: CallOrigin, { log, clock }: Pick<Service, "log" | "clock">): EventLog {
  return ({ level, ...given }) => {
    const line = { level, call, ...origin, ...secondsSince(origin, clock.now()), ...given };
    log(line);
    return line;
  };
}

/** Seconds from a call to this moment, milliseconds since 1970; nothing where the record gives no time. */
export function secondsSince({ eventTime }: CallOrigin, now: number): { readonly secondsSinceCall?: number } {
  const called = Date.parse(eventTime ?? "");
  return Number.isNaN(called) ? {} : { secondsSinceCall: Math.round((now - called) / 1000) };
}

/** Which call brought something about, by whom and from where, in words. */
export function causeInWords(call: string, { caller, sourceIPAddress }: CallOrigin): string {
  const by = caller === undefined ? "" : ` by ${caller}`;
  return `The call was ${call}${by}${sourceIPAddress === undefined ? "" : ` from ${sourceIPAddress}`}`;
}
