import { setImmediate } from "node:timers/promises";
import type { Clock } from "../handler/clock";

/** A clock on which hours pass in no time: it jumps from one pause's end to the next. */
export interface VirtualClock extends Clock {
  /**
   * Lets time pass for as long as this work is under way, and returns what it comes to. The same work takes the same
   * virtual time, always: pauses end in the order of their ends, those of one moment in the order of their beginnings.
   *
   * @throws what the work throws, and Error where it waits for anything else than this clock
   */
  run<T>(work: Promise<T>): Promise<T>;
}

interface Timer {
  readonly due: number;
  readonly ring: () => void;
}

/** Makes a clock that stands at this moment until it is run. */
export function virtualClock(start: Date): VirtualClock {
  let now = start.getTime();
  /** In the order in which they ring. */
  const timers: Timer[] = [];
  return {
    now: () => now,
    pause: (seconds) =>
      new Promise((ring) => {
        // Whole milliseconds, as real timers have: fractions of seconds would add up to fractions of milliseconds.
        const due = now + Math.max(0, Math.round(seconds * 1000));
        timers.splice(timers.findLastIndex((timer) => timer.due <= due) + 1, 0, { due, ring });
      }),
    run: async (work) => {
      let pending = true;
      const end = () => {
        pending = false;
      };
      void work.then(end, end);
      for (;;) {
        // Comes after all microtasks: by then whatever can go on without time has gone on.
        await setImmediate();
        if (!pending) return work;
        const next = timers.shift();
        if (next === undefined) throw new Error("nothing is to come on this clock, and the work is not done");
        now = next.due;
        next.ring();
      }
    },
  };
}
