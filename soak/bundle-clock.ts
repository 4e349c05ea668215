import { setImmediate } from "node:timers/promises";
import type { SharedTime } from "../fake-aws/lambda";
import type { VirtualClock } from "../fake-aws/virtual-clock";
import type { Run } from "./evidence";

/** Milliseconds from a call to its answer. */
const LATENCY_MS = 20;

/** So many runs may be under way at once, one within the other. */
const DEEPEST = 3;

/**
 * The clock of histories over the bundle, which runs in threads of its own and shares its time. Only one run goes on at a
 * time, so that the same history goes the same way: whatever falls due while a run calls IAM happens before that call is
 * answered, other runs included, which come to their end first.
 */
export interface BundleClock extends VirtualClock {
  /** Notes that a run has begun; from then on its calls, and no other's, go through. */
  begin(run: Run): void;
  end(run: Run): void;
  /** Is waited for before a call of a run reaches IAM. */
  call(run: Run): Promise<void>;
}

interface Timer {
  readonly due: number;
  readonly ring: () => void;
}

/** Makes a clock over a time that stands still but for this clock and the runs' pauses. */
export function bundleClock(time: SharedTime): BundleClock {
  const now = (): number => time[0] ?? Number.NaN;
  const timers: Timer[] = [];
  const stack: Run[] = [];
  let waiting: (() => void)[] = [];
  const untilTopIs = async (run: Run | undefined): Promise<void> => {
    while (stack.at(-1) !== run) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    now,
    pause: (seconds) =>
      new Promise((ring) => {
        const due = now() + Math.max(0, Math.round(seconds * 1000));
        timers.splice(timers.findLastIndex((timer) => timer.due <= due) + 1, 0, { due, ring });
      }),
    run: async (work) => {
      let pending = true;
      const end = (): void => {
        pending = false;
      };
      void work.then(end, end);
      for (;;) {
        await setImmediate();
        await untilTopIs(undefined);
        await setImmediate();
        if (!pending) return work;
        if (stack.length > 0) continue;
        const next = timers.shift();
        if (next === undefined) throw new Error("nothing is to come on this clock, and the work is not done");
        time[0] = Math.max(now(), next.due);
        next.ring();
      }
    },
    begin: (run) => {
      stack.push(run);
    },
    end: (run) => {
      stack.splice(stack.indexOf(run), 1);
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    call: async (run) => {
      await untilTopIs(run);
      time[0] = now() + LATENCY_MS;
      while (stack.length < DEEPEST && (timers[0]?.due ?? Number.POSITIVE_INFINITY) <= now()) {
        timers.shift()?.ring();
        await setImmediate();
        await untilTopIs(run);
      }
    },
  };
}
