import { SupersededError } from "../reconcile";
import type { SweepContext } from "./sweep-context";

/** A run asks at most this often whether it is still current. */
const CURRENCY_CHECK_INTERVAL_MS = 10_000;

/** The context of a run, which stops once a deploy has replaced its instructions. */
export interface RunContext extends SweepContext {
  /** Whether there is time for one more user. */
  readonly hasTime: () => boolean;
  /** Throws {@link SupersededError}. */
  readonly beforeWriting: () => Promise<void>;
}

/**
 * A run goes by the instructions that the function had as it began, for up to a quarter of an hour. So before a write it
 * asks, now and then, whether the function still has them; if not, it has no more time and leaves the rest to a run that
 * goes by the new ones.
 */
export function untilSuperseded(context: SweepContext): RunContext {
  const { clock, secondsLeft, isCurrent } = context;
  let current = Promise.resolve(true);
  let askedAt = clock.now();
  let isSuperseded = false;
  return {
    ...context,
    hasTime: () => !isSuperseded && secondsLeft() > 0,
    beforeWriting: async () => {
      if (clock.now() - askedAt >= CURRENCY_CHECK_INTERVAL_MS) {
        askedAt = clock.now();
        // People are to be held whether Lambda answers or not.
        current = isCurrent().catch(() => true);
      }
      isSuperseded ||= !(await current);
      if (isSuperseded) throw new SupersededError("a deploy has replaced this run's instructions");
    },
  };
}
