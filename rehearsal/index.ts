import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { endWithTheReader } from "../command-line/reader-gone";
import { refuseOptionsTakenByNpm } from "../command-line/taken-by-npm";
import { MODES, type Mode } from "../core/modes";
import { readEndpoint } from "./endpoint";
import { iamAt, probe } from "./iam-elsewhere";
import { picture } from "./picture";
import { type Result, runScenario, runScenarioElsewhere } from "./run-scenario";
import { ending, forTerminal, heading, MORE, mailed, paragraph, prompt } from "./transcript";

const USAGE = `npm start -- [--mode ${MODES.join(" | ")}] [--told] [--svg FILE | --endpoint URL]     plays one mode's scenario; quarantine if none is named
  --told           shows each mail that would go out, as it would arrive
  --svg FILE       writes a picture of the first steps too
  --endpoint URL   plays what can be played of it against the IAM at this URL, such as moto's, whose account must be empty`;

const OPTIONS = {
  mode: { type: "string", default: "quarantine" },
  told: { type: "boolean", default: false },
  svg: { type: "string" },
  endpoint: { type: "string" },
} as const;

/** Steps that a picture has, of which the first README.md shows too. */
const STEPS_IN_PICTURE = 4;

interface Options {
  readonly mode: Mode;
  /** Whether to show the mails. */
  readonly told: boolean;
  /** The file of the picture, if one is asked for. */
  readonly svg: string | undefined;
  /** Where another IAM is; undefined for the one in memory. */
  readonly endpoint: string | undefined;
}

/** Plays one mode and prints it step by step. Returns the exit code: 0, or 1 where a step came out otherwise. */
async function rehearse({ mode, told, svg, endpoint }: Options): Promise<number> {
  const print = (text: string) => console.log(forTerminal(text));
  const steps = endpoint === undefined ? runScenario(mode) : await playedAt(endpoint, mode);
  print(`${heading(mode, endpoint)}\n`);
  const results: Result[] = [];
  for await (const { result, leftOut, mails } of steps) {
    results.push(result);
    print(`${paragraph(result, results.length, leftOut)}\n${told ? `${mailed(mails)}\n` : ""}`);
  }
  print(ending(results));
  if (svg !== undefined) {
    writeFileSync(svg, pictureOf(mode, results.slice(0, STEPS_IN_PICTURE)));
    console.error(`the picture is in ${svg}`);
  }
  return results.every(({ asExpected }) => asExpected) ? 0 : 1;
}

async function playedAt(endpoint: string, mode: Mode): Promise<ReturnType<typeof runScenarioElsewhere>> {
  const iam = iamAt(endpoint);
  return runScenarioElsewhere(mode, { iam, abilities: await probe(iam) });
}

/** A terminal in which these steps were just played, the first of a rehearsal. */
function pictureOf(mode: Mode, results: readonly Result[]): string {
  const steps = results.map((result, index) => `${paragraph(result, index + 1)}\n`);
  const transcript = [prompt(mode), "", heading(mode), "", ...steps, MORE].join("\n");
  const caption = {
    title: `require-mfa rehearsed in mode ${mode}`,
    description: `A terminal with the first steps: ${results.map(({ step }) => step.title).join("; ")}`,
  };
  return picture(caption, transcript.split("\n"));
}

/** What the command line asks for. Throws an Error that says what was given and what is allowed. */
function readOptions(args: readonly string[]): Options {
  refuseOptionsTakenByNpm("npm start", OPTIONS, process.env);
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const mode = MODES.find((each) => each === values.mode);
  if (mode === undefined) throw new Error(`${JSON.stringify(values.mode)} is no mode; there are ${MODES.join(", ")}`);
  if (values.svg === "") throw new Error("--svg wants the name of a file");
  const endpoint = values.endpoint === undefined ? undefined : readEndpoint(values.endpoint);
  if (endpoint !== undefined && values.svg !== undefined) {
    throw new Error("--svg is a picture of the rehearsal in memory, and --endpoint plays elsewhere");
  }
  return { mode, told: values.told, svg: values.svg, endpoint };
}

/** What a failure says of itself. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<void> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${messageOf(error)}\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  try {
    process.exitCode = await rehearse(options);
  } catch (error) {
    console.error(`the rehearsal could not go on: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}

endWithTheReader();
void main();
