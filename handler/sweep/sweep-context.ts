import type { GuardsOf } from "../../core/guards";
import type { HandlerContext } from "../reconcile";
import type { TrailCheck } from "../trail/judge-trails";

/** What a sweep works with beside reconciling. */
export interface SweepContext extends HandlerContext {
  /** What each guard's policy is to say. */
  readonly policyDigests: GuardsOf<string>;
  /** A sweep that would free more people out of the guards that the mode uses frees none of them; mode off frees all. */
  readonly maxReleases: number;
  /** Seconds between scheduled sweeps. */
  readonly sweepEverySeconds: number;
  /** For how many seconds yet a run may begin with one more user. */
  readonly secondsLeft: () => number;
  /** Whether no deploy has told the function something else since this run began. */
  readonly isCurrent: () => Promise<boolean>;
  /** Whether a trail brings IAM's events; throws nothing. */
  readonly checkTrail: () => Promise<TrailCheck>;
}
