import * as v from "valibot";
import { awsCall, type Environment, isPassing } from "../aws-call";
import { retrying } from "../iam/retry";
import type { Entry } from "./entry";

/** The default event bus, as far as events are put on it. */
export interface EventBus {
  /** Puts events on the bus. Returns those that it did not take, each with the reason. Never throws. */
  readonly putEvents: (entries: readonly Entry[]) => Promise<readonly Refused[]>;
}

interface Refused {
  readonly entry: Entry;
  readonly reason: string;
}

/** EventBridge API Reference, PutEvents: the entries of one call. */
const MAX_ENTRIES = 10;

/** The bytes of one call's entries (EventBridge User Guide, "Calculating PutEvents event entry size": 256 KB). */
const MAX_BYTES = 250_000;

/** Seconds that all of it may take: whoever waits for the run has waited enough. */
const TIMEOUT_SECONDS = 10;

/** The pauses before each further attempt: 3.75 s in all. */
const RETRY_PAUSES_SECONDS: readonly number[] = [0.25, 0.5, 1, 2];

/** What is read of an answer: in the order of the entries, an id each, or why there is none. */
const Answer = v.object({
  Entries: v.array(v.object({ EventId: v.optional(v.string()), ErrorCode: v.optional(v.string()) })),
});

/** Thrown for entries that were refused one by one, in an answer that is none. */
class RefusedError extends Error {
  constructor(
    readonly refused: readonly Refused[],
    readonly mayPass: boolean,
  ) {
    super("EventBridge refused entries");
  }
}

/**
 * The default event bus, by EventBridge's API.
 *
 * @param environment what Lambda sets, and AWS_ENDPOINT_URL_EVENTBRIDGE where a test stands in for EventBridge
 * @param pause waits so many seconds
 */
export function eventBus(environment: Environment, pause: (seconds: number) => Promise<void>): EventBus {
  const put = async (entries: readonly Entry[], signal: AbortSignal): Promise<void> => {
    const answer = await awsCall(environment, {
      service: "events",
      method: "POST",
      path: "/",
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.PutEvents" },
      body: JSON.stringify({ Entries: entries }),
      refusal: "EventBridge did not take the events",
      signal,
    });
    const { Entries: results } = v.parse(Answer, JSON.parse(answer));
    const refused = entries.flatMap((entry, index) => {
      const { EventId, ErrorCode = "no id" } = results[index] ?? {};
      return EventId === undefined ? [{ entry, reason: ErrorCode }] : [];
    });
    // EventBridge API Reference, PutEventsResultEntry, tells which codes are retryable.
    const mayPass = refused.some(({ reason }) => /^(Internal|Throttling)/.test(reason));
    if (refused.length > 0) throw new RefusedError(refused, mayPass);
  };
  const putBatch = async (entries: readonly Entry[], signal: AbortSignal): Promise<readonly Refused[]> => {
    let left = entries;
    const attempt = () =>
      put(left, signal).catch((error: unknown) => {
        if (error instanceof RefusedError) left = error.refused.map(({ entry }) => entry);
        throw error;
      });
    const passes = (error: unknown) => (error instanceof RefusedError ? error.mayPass : isPassing(error));
    try {
      await retrying(attempt, passes, RETRY_PAUSES_SECONDS, pause);
      return [];
    } catch (error) {
      return error instanceof RefusedError ? error.refused : left.map((entry) => ({ entry, reason: String(error) }));
    }
  };
  return {
    putEvents: async (entries) => {
      const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
      const refused: Refused[] = [];
      for (const batch of batchesOf(entries)) refused.push(...(await putBatch(batch, signal)));
      return refused;
    },
  };
}

/** The entries in as many calls as they take, in their order. */
function batchesOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    const size = bytesOf(entry);
    if (last !== undefined && last.length < MAX_ENTRIES && bytes + size <= MAX_BYTES) {
      last.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}

function bytesOf({ Source, DetailType, Detail }: Entry): number {
  return Buffer.byteLength(Source + DetailType + Detail);
}
