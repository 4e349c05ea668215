import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { type Progress, progressOn } from "../command-line/progress";
import { doJob } from "./do-job";
import { type Job, jobsOf, keyOf, type Result } from "./jobs";
import type { Options } from "./options";
import { report, violationInLines } from "./told";
import { workerScript } from "./worker-script";

/** Soaks, tells what it comes to, and returns the exit code: 0, or 1 where something broke. */
export async function soak(options: Options, progress: Progress = progressOn(process.stdout)): Promise<number> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const { again, seed, steps, workers, resume } = options;
  if (again !== undefined) {
    const result = await doJob({ kind: again.kind, seed, runs: 1, steps, path: again.path });
    progress.say(...(result.finding === undefined ? ["✓ broke nothing"] : violationInLines(result)));
    return result.finding === undefined ? 0 : 1;
  }
  const jobs = jobsOf(options, seed, steps);
  const wanted = new Set(jobs.map(keyOf));
  const before = resume === undefined ? [] : resultsIn(resume).filter((result) => wanted.has(keyOf(result)));
  const known = new Set(before.map(keyOf));
  const left = jobs.filter((job) => !known.has(keyOf(job)));
  const results = [...before];
  if (resume !== undefined && existsSync(resume)) endLastLine(resume);
  if (before.length > 0) progress.say(`${before.length} of ${jobs.length} jobs are in ${resume} already`);
  const note = (result: Result): void => {
    results.push(result);
    if (resume !== undefined) appendFileSync(resume, `${JSON.stringify(result)}\n`);
    if (result.finding !== undefined) progress.say(...violationInLines(result));
    const found = results.filter(({ finding }) => finding !== undefined).length;
    progress.doing(`${results.length} of ${jobs.length} jobs, ${Math.round(seconds())} s, violations: ${found}`);
  };
  await inProcesses(left, workers, note);
  progress.say(...report(results, seconds()));
  return results.some(({ finding }) => finding !== undefined) ? 1 : 0;
}

/** The results in a file, a line each; the last line may be half one, where the soak was stopped. */
function resultsIn(file: string): readonly Result[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line): readonly Result[] => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

/** Ends the last line of a file, so that what is appended is a line of its own. */
function endLastLine(file: string): void {
  if (!/(^|\n)$/.test(readFileSync(file, "utf8"))) appendFileSync(file, "\n");
}

/** Much lives as long as its history and dies with it: a wide nursery is seldom collected, and little in it is alive. */
const NURSERY = ["--min-semi-space-size=64", "--max-semi-space-size=64"];

function startWorker(script: string): ChildProcess {
  const worker = spawn(execPath, [...NURSERY, "-"], {
    cwd: join(__dirname, ".."),
    stdio: ["pipe", "inherit", "inherit", "ipc"],
  });
  worker.stdin?.end(script);
  return worker;
}

/** Does jobs in so many processes, one after the other in each. */
async function inProcesses(jobs: readonly Job[], workers: number, note: (result: Result) => void): Promise<void> {
  const script = workerScript();
  const queue = jobs[Symbol.iterator]();
  const work = async (): Promise<void> => {
    const process = startWorker(script);
    try {
      for (let { value, done } = queue.next(); !done && value !== undefined; { value, done } = queue.next()) {
        note(await answerTo(value, process));
      }
    } finally {
      process.kill();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work));
}

function answerTo(job: Job, process: ChildProcess): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`a worker ended with exit code ${code} at ${keyOf(job)}`));
    process.once("exit", onExit);
    process.once("message", (result: Result) => {
      process.off("exit", onExit);
      resolve(result);
    });
    process.send(job);
  });
}
