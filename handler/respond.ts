import * as v from "valibot";
import { readGuardEvent } from "../core/guard-events";
import { SweepEvent } from "../core/sweep-request";
import { respondToEvent } from "./respond-to-event";
import { respondToGuardEvent } from "./respond-to-guard-event";
import { respondToSweep } from "./respond-to-sweep";
import type { Service } from "./service";
import type { SweepSummary } from "./sweep/sweep-summary";

/**
 * What an invoker is told: a sweep's summary, and of an event nothing. Who may invoke the function could otherwise ask it
 * where any user stands; the log tells that.
 */
export type Response = SweepSummary | undefined;

/**
 * Answers one invocation: a request for a sweep, or an event, about a user or a guard. Logs one line a decision.
 *
 * @throws what sweeping throws; Error where an event could not be carried out, so that Lambda counts it and tries again;
 *   and TypeError for what is neither
 */
export async function respond(given: unknown, service: Service): Promise<Response> {
  if (typeof given !== "object" || given === null || !("sweep" in given)) {
    const guardEvent = readGuardEvent(given, service.guards);
    await (guardEvent === undefined ? respondToEvent(given, service) : respondToGuardEvent(guardEvent, service));
    return undefined;
  }
  const request = v.safeParse(SweepEvent, given);
  if (request.success) return respondToSweep(request.output.sweep, service);
  const problems = request.issues.map((issue) => `${v.getDotPath(issue) ?? "sweep"}: ${issue.message}`);
  throw new TypeError(`not a request for a sweep: ${problems.join("; ")}`);
}
