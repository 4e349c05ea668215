import type { SweepEvent } from "../core/sweep-request";
import type { QueuedMessage } from "./queue";
import type { Asked, ReadMessage } from "./read-message";

/** One invocation to come, and the messages that its success settles. */
export interface Job {
  /** What the function is invoked with. */
  readonly event: unknown;
  /** What it is, for somebody to read. */
  readonly title: string;
  /** ISO 8601 */
  readonly at: string;
  readonly settles: readonly { readonly message: QueuedMessage; readonly failure: string }[];
}

/**
 * What is to be invoked for these messages: each event once more, in the order of their calls, and for all requests for a
 * sweep together one sweep, after the events.
 *
 * A sweep reads everybody's state anew, so that one does what all of them were to do. None is repeated as it was: a later
 * run of a sweep verifies no guards, and by the hour at which its first run began it would take the next one for due and
 * leave whoever is left alone.
 */
export function jobsOf(messages: readonly ReadMessage[]): readonly Job[] {
  const asking = messages.flatMap((each) => ("asked" in each ? [each] : []));
  const events = asking.flatMap(({ asked, ...settled }) => (asked.kind === "event" ? [jobOf(asked, settled)] : []));
  const sweeps = asking.filter(({ asked }) => asked.kind === "sweep");
  const inOrder = [...events].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const [first] = sweeps;
  if (first === undefined) return inOrder;
  const request: SweepEvent = { sweep: { by: "schedule" } };
  const title = sweeps.length === 1 ? "a sweep" : `a sweep, for the ${sweeps.length} that were asked for`;
  return [...inOrder, { event: request, title, at: first.asked.at, settles: sweeps }];
}

function jobOf({ event, call, about, at }: Extract<Asked, { kind: "event" }>, settled: Job["settles"][number]): Job {
  return { event, title: `${call} about ${about}`, at, settles: [settled] };
}
