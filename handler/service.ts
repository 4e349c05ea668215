import type { SweepRequest } from "../core/sweep-request";
import type { EventContext } from "./reconcile";
import type { SweepContext } from "./sweep/sweep-context";
import type { TellContext } from "./told/tell";

/** How much a line of the log matters. */
export type Level = "INFO" | "WARN" | "ERROR";

/** What the function works with. */
export interface Service extends EventContext, SweepContext, TellContext {
  /** Starts a sweep's next run and does not wait for it. */
  readonly startNextRun: (request: SweepRequest) => Promise<void>;
}
