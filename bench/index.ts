import { parseArgs } from "node:util";
import { endWithTheReader } from "../command-line/reader-gone";
import { refuseOptionsTakenByNpm } from "../command-line/taken-by-npm";
import { CALLS_PER_SECOND, LATENCY } from "../fake-aws/virtual-iam";
import { writeFigures } from "./document";
import { figureOfAnswer, figureOfPreview, figureOfSweeps } from "./figures";
import { ANSWERS, type FirstAnswer, measureFirstAnswer } from "./first-answer";
import { type FirstPreview, measureFirstPreview, PREVIEWS } from "./first-preview";
import { measureImpact } from "./impact";
import { measureVirtually } from "./in-virtual-time";
import { measureOverHttp, RUNS } from "./over-http";
import { countAstray } from "./people";
import { type Comparison, figure, ratiosOf, tableOf } from "./table";
import type { Cost } from "./ways";

const USAGE = `npm run bench -- [--write | --quick]     measures, and says whether the bounds hold
  --write      puts tables and charts into docs/performance.md too
  --quick      measures in virtual time alone: the same figures on every machine`;

const OPTIONS = { write: { type: "boolean", default: false }, quick: { type: "boolean", default: false } } as const;

const MODES = ["strict", "quarantine"] as const;
const SIZES = [50, 500, 5000];
const HTTP_SIZE = 50;

/** What finding must be better by than brute force, at so many users. */
const BOUNDS = { users: 5000, calls: 500, seconds: 100 };

/** What an impact report may take at so many users. */
const MAX_OF_IMPACT = { users: 5000, calls: 15, seconds: 2 };

/** What of the template's time a first preview may take. */
const MAX_OF_TEMPLATE = 0.6;

/** How many times quicker than by boto3 a first answer must be. */
const MIN_OF_BOTO3 = 2;

const FINDING = "finds who is out of place";
const LOOKING = "the same, a quarter in quarantine";
const EVENT = "an event that holds one";
const inAll = (users: number): string => `in all, mending ${countAstray(users)}`;

async function inVirtualTime(): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const mode of MODES) {
    for (const users of SIZES) {
      const { bruteForce, ...costs } = await measureVirtually(users, mode);
      comparisons.push({ users, mode, what: FINDING, ours: costs.finding, bruteForce });
      comparisons.push({ users, mode, what: LOOKING, ours: costs.looking, bruteForce });
      comparisons.push({ users, mode, what: inAll(users), ours: costs.inAll, bruteForce });
      comparisons.push({ users, mode, what: EVENT, ours: costs.event, bruteForce });
    }
  }
  return comparisons;
}

async function overHttp(users: number): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const mode of MODES) {
    const { bruteForce, ...costs } = await measureOverHttp(users, mode);
    comparisons.push({ users, mode, what: FINDING, ours: costs.finding, bruteForce });
    comparisons.push({ users, mode, what: inAll(users), ours: costs.inAll, bruteForce });
    comparisons.push({ users, mode, what: "finds, report made first", ours: costs.findingAfresh, bruteForce });
  }
  return comparisons;
}

/** Says for each mode whether the bounds hold, and returns whether they all do. */
function judge(comparisons: readonly Comparison[]): boolean {
  const judged = comparisons.filter(({ users, what }) => users === BOUNDS.users && what === FINDING);
  const verdicts = judged.map((comparison) => {
    const { calls, seconds } = ratiosOf(comparison);
    const holds = calls >= BOUNDS.calls && seconds >= BOUNDS.seconds;
    console.log(
      `${holds ? "✓" : "✗"} finding at ${figure(BOUNDS.users, 0)} users in ${comparison.mode}: ` +
        `${figure(calls, 1)} times fewer calls (asked: ${BOUNDS.calls}), ` +
        `${figure(seconds, 1)} times less time (asked: ${BOUNDS.seconds})`,
    );
    return holds;
  });
  return verdicts.length === MODES.length && verdicts.every((holds) => holds);
}

/** Says whether an impact report takes no more than it may, and returns it. */
function judgeImpact({ calls, seconds }: Cost): boolean {
  const holds = calls <= MAX_OF_IMPACT.calls && seconds < MAX_OF_IMPACT.seconds;
  console.log(
    `\n${holds ? "✓" : "✗"} an impact report on ${figure(MAX_OF_IMPACT.users, 0)} users: ${calls} calls to IAM ` +
      `(asked: ${MAX_OF_IMPACT.calls} at most), ${figure(seconds, 2)} s (asked: less than ${MAX_OF_IMPACT.seconds})`,
  );
  return holds;
}

/** Says whether a first preview is as quick as it must be, and returns it. */
function judgePreview({ oursMs, templateMs }: FirstPreview): boolean {
  const ratio = oursMs / templateMs;
  const holds = ratio <= MAX_OF_TEMPLATE;
  console.log(
    `\nA first preview's Node side, nothing compiled before, without credentials, medians of ${PREVIEWS} by turns:\n` +
      `${figure(oursMs, 0)} ms; Pulumi's one-bucket TypeScript template ${figure(templateMs, 0)} ms\n` +
      `${holds ? "✓" : "✗"} ${figure(ratio, 2)} of the template's (asked: ${MAX_OF_TEMPLATE} at most)`,
  );
  return holds;
}

/** Says whether a first answer is as quick as it must be, and returns it; where nobody could measure, that it is. */
function judgeAnswer(answer: FirstAnswer | undefined): boolean {
  if (answer === undefined) {
    console.log("\nA first answer beside boto3's: passed over, for there is no Python with boto3; PYTHON may name one");
    return true;
  }
  const { ours, boto3, version } = answer;
  const ratio = boto3.inAllMs / ours.inAllMs;
  const holds = ratio >= MIN_OF_BOTO3;
  console.log(
    `\nFrom the first import to the first answer, medians of ${ANSWERS} by turns:\n` +
      `${figure(ours.inAllMs, 0)} ms, of them ${figure(ours.importMs, 0)} to import; a handler by boto3 ${version} that knows one group and ` +
      `asks nothing ${figure(boto3.inAllMs, 0)} ms, of them ${figure(boto3.importMs, 0)}\n` +
      `${holds ? "✓" : "✗"} ${figure(ratio, 2)} times quicker (asked: ${MIN_OF_BOTO3})`,
  );
  return holds;
}

/** The options, or undefined once it has been said what is wrong with them. */
function optionsOrRefusal() {
  try {
    refuseOptionsTakenByNpm("npm run bench", OPTIONS, process.env);
    const { values } = parseArgs({ options: OPTIONS });
    if (values.write && values.quick) throw new Error("--write wants all figures, and --quick measures some");
    return values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function main(): Promise<void> {
  const values = optionsOrRefusal();
  if (values === undefined) return;
  // On the reader's Node 20 the SDK would warn of next year's minimum in the midst of the figures.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  console.log(
    `In virtual time: a call takes ${LATENCY} ms, and IAM takes ${CALLS_PER_SECOND} calls of each kind a second. ` +
      "Deterministic: the same\nfigures every time. The credential report is made first and is there after one poll, " +
      "two seconds later. Brute force\nfinds only, and mends nobody; it is set against the whole of the sweep all the same.\n",
  );
  const virtual = await inVirtualTime();
  console.log(`${tableOf(virtual, 2).join("\n")}\n`);
  const holds = judge(virtual);
  process.exitCode = holds ? 0 : 1;
  if (values.quick) return;

  console.log(
    `\nIn real time: by the SDK, over HTTP to the rehearsal's IAM on this machine, which neither throttles nor is far ` +
      `away.\nMedians of ${RUNS} runs. A credential report is at hand, except where it is made first: then two seconds ` +
      "are waited for it.\n",
  );
  console.log(tableOf(await overHttp(HTTP_SIZE), 3).join("\n"));
  const isCheap = judgeImpact(await measureImpact(MAX_OF_IMPACT.users));
  const preview = await measureFirstPreview();
  const isQuick = judgePreview(preview);
  const answer = await measureFirstAnswer();
  const answersSoon = judgeAnswer(answer);
  if (values.write) {
    writeFigures([
      figureOfSweeps(
        virtual.filter(({ users }) => users === BOUNDS.users),
        BOUNDS.users,
      ),
      figureOfPreview(preview),
      ...(answer === undefined ? [] : [figureOfAnswer(answer)]),
    ]);
    console.log("\nwritten into docs/performance.md");
  }
  process.exitCode = holds && isCheap && isQuick && answersSoon ? 0 : 1;
}

endWithTheReader();
void main();
