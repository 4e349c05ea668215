import type { Clock } from "../clock";
import { metricsLine } from "../metrics-line";
import { entryOf, type Place } from "./entry";
import type { EventBus } from "./event-bus";
import type { News } from "./news";

/** What telling works with. */
export interface TellContext extends EventBus {
  readonly place: Place;
  readonly functionName: string;
  readonly clock: Clock;
  /** Writes one line of the log: one JSON object. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/**
 * Puts an event on the default bus for each piece of news; none, and no call, where there is none. Never throws: what the
 * bus does not take is an error in the log.
 *
 * @returns how many events the bus did not take
 */
export async function tell(news: readonly News[], { putEvents, place, log }: TellContext): Promise<number> {
  if (news.length === 0) return 0;
  const refused = await putEvents(news.map((each) => entryOf(each, place)));
  if (refused.length > 0) {
    const reasons = new Set(refused.map(({ entry, reason }) => `${entry.DetailType}: ${reason}`));
    const error = `EventBridge did not take ${refused.length} of ${news.length} events: ${[...reasons].join("; ")}`;
    log({ level: "ERROR", finding: "not-told", error });
  }
  return refused.length;
}

/** Does as {@link tell}, and puts the metric where a run has no other metrics to put: only what is not zero. */
export async function tellAndCount(news: readonly News[], context: TellContext): Promise<void> {
  const { log, functionName, clock } = context;
  const notTold = await tell(news, context);
  if (notTold > 0) log(metricsLine({ NotTold: notTold }, functionName, clock.now()));
}
