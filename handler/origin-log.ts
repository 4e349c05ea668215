import type { CallOrigin } from "../core/events";
import type { Level, Service } from "./service";

/** Writes a line of the log about an event. */
type EventLog = (line: Readonly<Record<string, unknown>> & { readonly level: Level }) => void;

/** Logs lines about one event: each says which call it was, by whom, and how long ago. */
export function logOf(call: string, origin: CallOrigin, { log, clock }: Pick<Service, "log" | "clock">): EventLog {
  return ({ level, ...line }) => log({ level, call, ...origin, ...secondsSince(origin, clock.now()), ...line });
}

/** Seconds from the call to this moment; nothing where the record gives no time. */
function secondsSince({ eventTime }: CallOrigin, now: number): { readonly secondsSinceCall?: number } {
  const called = Date.parse(eventTime ?? "");
  return Number.isNaN(called) ? {} : { secondsSinceCall: Math.round((now - called) / 1000) };
}
