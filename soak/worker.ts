import { doJob } from "./do-job";
import type { Job } from "./jobs";

// A stack is of no use to thousands of refusals that are thrown and caught, and takes much of the time.
Error.stackTraceLimit = 0;

// Each message is a job; the answer is its result. Whoever has forked this process ends it.
process.on("message", (job: Job) => {
  void doJob(job).then((result) => process.send?.(result));
});

// Where that process is stopped nobody wants an answer.
process.on("disconnect", () => process.exit());
