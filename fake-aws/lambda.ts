import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import * as v from "valibot";

/** A function as it runs: invoked, listened to, and stopped. */
export interface RunningFunction {
  /**
   * What the handler returns. Throws an Error with the handler's own message where it throws, and where the bundle does
   * not load or the function has ended, with the reason.
   */
  invoke(event: unknown): Promise<unknown>;
  /** The lines that the function wrote to its log so far: all that it wrote before an answer. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

/** A time that a function and whoever runs it read and set: one number, milliseconds since 1970. */
export type SharedTime = Float64Array<SharedArrayBuffer>;

/** Makes a time that stands at this moment. */
export function sharedTime(start: Date): SharedTime {
  return new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT)).fill(start.getTime());
}

/** What Lambda's own loop does, as far as one handler can tell; with a time, what stands for the machine's clock. */
const RUNTIME = `
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
const { time } = workerData;
if (time !== undefined) {
  Date.now = () => time[0];
  timers.setTimeout = async (milliseconds) => {
    const due = time[0] + milliseconds;
    await timers.setImmediate();
    time[0] = Math.max(time[0], due);
  };
  syncBuiltinESMExports();
}
const { handler } = await import(workerData.module);
const context = { getRemainingTimeInMillis: () => 900_000 };
parentPort.on("message", async ({ id, event }) => {
  const answer = await Promise.resolve()
    .then(() => handler(event, context))
    .then(
      (result) => ({ result }),
      (error) => ({ error: String(error?.message ?? error) }),
    );
  // The log goes another way, and may come later.
  process.stdout.write("", () => parentPort.postMessage({ id, ...answer }));
});
`;

const Answer = v.object({ id: v.number(), result: v.optional(v.unknown()), error: v.optional(v.string()) });

const moduleUrl = (code: string) => `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;

/**
 * Runs a function's bundle in a thread of its own, with the environment that its resource carries and nothing of this
 * process's.
 *
 * @param code the bundle, an ES module that exports `handler`
 * @param time what `Date.now` tells the function, if not the machine's time. It stands still; a pause by
 *   `node:timers/promises` ends at once and moves it on. The network's time-outs are the machine's.
 */
export function runFunction(
  code: string,
  environment: Readonly<Record<string, string>>,
  time?: SharedTime,
): RunningFunction {
  const worker = new Worker(new URL(moduleUrl(RUNTIME)), {
    workerData: { module: moduleUrl(code), time },
    // The bundle is JavaScript: what lets this process run TypeScript would be most of the thread's start.
    execArgv: [],
    // On Node 20 the SDK would warn of next year's minimum; in Lambda it runs on Node 24.
    env: { ...environment, NODE_NO_WARNINGS: "1" },
    stdout: true,
  });
  const log: string[] = [];
  createInterface({ input: worker.stdout }).on("line", (line) => log.push(line));

  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  worker.on("message", (message: unknown) => {
    const { id, result, error } = v.parse(Answer, message);
    const invocation = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) invocation?.resolve(result);
    else invocation?.reject(new Error(error));
  });
  let ended: Error | undefined;
  const end = (reason: Error): void => {
    ended ??= reason;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`the function's process ended with exit code ${code}`)));

  let invocations = 0;
  return {
    log,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) {
          reject(ended);
          return;
        }
        const id = invocations++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, event });
      }),
    stop: async () => {
      await worker.terminate();
    },
  };
}
