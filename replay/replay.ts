import type { Invoke } from "./invoke";
import type { Job } from "./jobs";

/** What became of one job. */
export interface Outcome {
  readonly job: Job;
  /** Why the function failed; undefined where it did not, and the messages are deleted. */
  readonly failure: string | undefined;
}

/**
 * Invokes the function for one job after the other, and deletes the messages of each that succeeds. Twice is harmless: an
 * event only says whose state to look at.
 *
 * @param onBegin is told of each job before it is done
 * @throws Error where AWS does not let it invoke or delete, for then it would not let the rest be done either
 */
export async function* replay(
  jobs: readonly Job[],
  invoke: Invoke,
  onBegin: (job: Job) => void,
): AsyncGenerator<Outcome> {
  for (const job of jobs) {
    onBegin(job);
    const failure = await invoke(job.event);
    if (failure === undefined) {
      for (const { message } of job.settles) await message.queue.delete(message);
    }
    yield { job, failure };
  }
}
