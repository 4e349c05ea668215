import { bundleHandler } from "../resources/bundle";
import { check } from "./check";
import type { Evidence } from "./evidence";
import { HOSTILE_INPUTS } from "./hostile-input";
import type { Job, Result } from "./jobs";
import { atThePort, FAILURES, noViolations, overTheBundle, type Player } from "./property";

/** Does a job. Throws nothing: what breaks an invariant is in the result. */
export async function doJob(job: Job): Promise<Result> {
  switch (job.kind) {
    case "port":
      return playHistories(job, atThePort(), FAILURES.port);
    case "bundle":
      return playHistories(job, overTheBundle(bundleHandler()), FAILURES.bundle);
    case "events":
    case "sweep requests":
    case "credential reports":
    case "settings": {
      const started = performance.now();
      const finding = await HOSTILE_INPUTS[job.kind](job);
      const nothing = { stepsTried: 0, invocations: 0, writes: 0, faults: {} };
      return { ...job, ...nothing, tried: job.runs, finding, milliseconds: Math.round(performance.now() - started) };
    }
  }
}

async function playHistories(job: Job, player: Player, failures: number): Promise<Result> {
  const started = performance.now();
  const figures = { tried: 0, stepsTried: 0, invocations: 0, writes: 0 };
  const faults: Record<string, number> = {};
  const count = (what: string, times: number): void => {
    faults[what] = (faults[what] ?? 0) + times;
  };
  const see = ({ steps, runs, faults: struck, deliveries, queued }: Evidence): void => {
    // What follows is shrinking, or has been counted.
    if (figures.tried === job.runs) return;
    figures.tried++;
    figures.stepsTried += steps;
    figures.invocations += runs.length;
    figures.writes += runs.reduce((sum, { writes }) => sum + writes.length, 0);
    for (const [fault, times] of struck) count(fault, times);
    count("event lost", deliveries.lost);
    count("event twice", deliveries.twice);
    count("failed at every try", queued);
    count("overlapping runs", runs.filter(({ overlapped }) => overlapped).length);
  };
  const finding = await check(noViolations(player, { steps: job.steps, failures }, see), job);
  return { ...job, ...figures, faults, finding, milliseconds: Math.round(performance.now() - started) };
}
