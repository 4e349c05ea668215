import { type Enforcement, enforce, type Outcome } from "./enforce";
import { readEvent } from "./events";

/** Writes one line of the log: one JSON object. */
export type Log = (line: Readonly<Record<string, unknown>>) => void;

/** What an event came to: the outcome for the user it was about, or why it was about nobody. */
export type Response = Outcome | { readonly action: "ignored"; readonly reason: string };

/**
 * Answers one event: reads whose state to look at, enforces it, and logs one line a decision.
 *
 * @throws what enforcing throws, and TypeError for what is no event, so that Lambda counts the error and tries again.
 */
export async function respond(event: unknown, enforcement: Enforcement, log: Log): Promise<Response> {
  const request = readEvent(event);
  if (request.look === "at nobody") {
    log({ level: "INFO", call: request.call, action: "ignored", reason: request.reason });
    return { action: "ignored", reason: request.reason };
  }
  try {
    const outcome = await enforce(request.user, request.expected, enforcement);
    log({ level: outcome.lagging ? "WARN" : "INFO", call: request.call, ...outcome });
    return outcome;
  } catch (error) {
    // Lambda logs what is thrown, but not whom it was about.
    log({ level: "ERROR", call: request.call, user: request.user, action: "failed", error: String(error) });
    throw error;
  }
}
