import type { Progress } from "../command-line/progress";
import { wordsOf } from "../core/words-of";
import type { Invoke } from "./invoke";
import { jobsOf } from "./jobs";
import type { Queue, QueuedMessage } from "./queue";
import { readMessage } from "./read-message";
import { replay } from "./replay";
import { counted, headingOf, linesOf, plain, unusableLines } from "./told";

/** For so long at most nobody else receives what is only looked at; it is released as soon as all has been seen. */
const LOOK_SECONDS = 120;

/** For so long nobody else replays the same, and what a replay that was cut off had received stays hidden. */
const REPLAY_SECONDS = 900;

/** Where messages wait, and what they are replayed to. */
export interface Replaying {
  readonly queues: readonly Queue[];
  /** By name or ARN. */
  readonly functionName: string;
  readonly invoke: Invoke;
}

/**
 * Shows what waits in the queues, or replays it. Whatever is not settled can be received by anybody again afterwards.
 *
 * @param execute whether to replay
 * @returns the exit code: 1 where a replay leaves something in a queue
 * @throws Error with what AWS says where it does not let it receive, invoke or delete
 */
export async function run(
  { queues, functionName, invoke }: Replaying,
  execute: boolean,
  progress: Progress,
): Promise<number> {
  const hiddenSeconds = execute ? REPLAY_SECONDS : LOOK_SECONDS;
  const unsettled = new Set<QueuedMessage>();
  try {
    for (const queue of queues) {
      for (const message of await look(queue, hiddenSeconds, progress)) unsettled.add(message);
    }
    const read = [...unsettled].map((message) => readMessage(message, functionName));
    const jobs = jobsOf(read);
    if (!execute) {
      progress.say(...jobs.flatMap((job, index) => linesOf(job, index + 1)), ...unusableLines(read));
      const invoked = `${functionName} ${counted(jobs.length, "time")}`;
      if (jobs.length > 0)
        progress.say(`Nothing was replayed; --execute invokes ${invoked}, and deletes what succeeds.`);
      return 0;
    }
    const doing = (number: number, of: string) => progress.doing(`${number}/${jobs.length} ${of}`);
    let number = 0;
    for await (const { job, failure } of replay(jobs, invoke, ({ title }) => doing(++number, plain(title)))) {
      if (failure === undefined) {
        for (const { message } of job.settles) unsettled.delete(message);
        progress.say(`✓${headingOf(job, number)}`);
      } else {
        progress.say(`✗${headingOf(job, number)}`, `      ${plain(failure)}`);
      }
    }
    progress.say(...unusableLines(read));
    return unsettled.size === 0 ? 0 : 1;
  } finally {
    if (execute && unsettled.size > 0) progress.say(`Left in the queues: ${counted(unsettled.size, "message")}.`);
    await release(queues, [...unsettled], hiddenSeconds, progress);
  }
}

async function look(queue: Queue, hiddenSeconds: number, progress: Progress): Promise<readonly QueuedMessage[]> {
  const tell = (count: number) => progress.doing(`${queue.name}: ${counted(count, "message")} …`);
  tell(0);
  const messages = await queue.receiveAll(hiddenSeconds, tell);
  progress.say(`${queue.name}: ${counted(messages.length, "message")}`);
  return messages;
}

/** A release that fails is told and fails nothing: the messages come back all the same, later. */
async function release(
  queues: readonly Queue[],
  messages: readonly QueuedMessage[],
  hiddenSeconds: number,
  progress: Progress,
): Promise<void> {
  for (const queue of queues) {
    const ofQueue = messages.filter((message) => message.queue === queue);
    await queue.release(ofQueue).catch((error: unknown) => {
      const later = `${counted(ofQueue.length, "message")} of ${queue.name}, hidden for ${hiddenSeconds} seconds at most`;
      progress.say(`${plain(wordsOf(error))}: nobody can receive ${later}`);
    });
  }
}
