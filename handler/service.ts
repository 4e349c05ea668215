import type { SweepRequest } from "../core/sweep-request";
import type { EventContext } from "./reconcile";
import type { SweepContext } from "./sweep/sweep-context";

/** Writes one line of the log: one JSON object. */
type Log = (line: Readonly<Record<string, unknown>>) => void;

/** How much a line of the log matters. */
export type Level = "INFO" | "WARN" | "ERROR";

/** What the function works with. */
export interface Service extends EventContext, SweepContext {
  readonly functionName: string;
  /** Starts a sweep's next run and does not wait for it. */
  readonly startNextRun: (request: SweepRequest) => Promise<void>;
  readonly log: Log;
}
