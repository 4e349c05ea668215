import * as v from "valibot";
import { type GuardRequest, readGuardEvent } from "../core/guard-events";
import { SweepEvent } from "../core/sweep-request";
import { wordsOf } from "../core/words-of";
import { respondToEvent } from "./respond-to-event";
import { respondToGuardEvent } from "./respond-to-guard-event";
import { respondToSweep } from "./respond-to-sweep";
import type { Service } from "./service";
import type { SweepSummary } from "./sweep/sweep-summary";
import { tellAndCount } from "./told/tell";

/**
 * What an invoker is told: a sweep's summary, and of an event nothing. Who may invoke the function could otherwise ask it
 * where any user stands; the log tells that.
 */
export type Response = SweepSummary | undefined;

/**
 * Answers one invocation: a request for a sweep, or an event, about a user or a guard. Logs one line a decision, and tells
 * by an event what it changed and found.
 *
 * @throws what sweeping throws; Error where an event could not be carried out, so that Lambda counts it and tries again;
 *   and TypeError for what is neither
 */
export async function respond(given: unknown, service: Service): Promise<Response> {
  if (typeof given !== "object" || given === null || !("sweep" in given)) {
    await respondToRecord(given, service);
    return undefined;
  }
  const request = v.safeParse(SweepEvent, given);
  if (request.success) return respondToSweep(request.output.sweep, service);
  const problems = request.issues.map((issue) => `${v.getDotPath(issue) ?? "sweep"}: ${issue.message}`);
  throw new TypeError(`not a request for a sweep: ${problems.join("; ")}`);
}

async function respondToRecord(given: unknown, service: Service): Promise<void> {
  let guardRequest: GuardRequest | undefined;
  try {
    guardRequest = readGuardEvent(given, service.guards);
  } catch (error) {
    const line = { level: "ERROR", action: "failed", error: String(error) };
    service.log(line);
    const happened = `An event could not be read: ${wordsOf(error)}`;
    await tellAndCount([{ detailType: "Event Failed", line, happened }], service);
    throw error;
  }
  await (guardRequest === undefined ? respondToEvent(given, service) : respondToGuardEvent(guardRequest, service));
}
