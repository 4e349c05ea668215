import type { EventEmitter } from "node:events";

/**
 * Lets a command end in silence where whoever reads its output is gone, as `head` is once it has its lines; Node would end
 * it with a stack trace.
 */
export function endWithTheReader(output: EventEmitter = process.stdout): void {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}
