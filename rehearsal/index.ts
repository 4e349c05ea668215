import { parseArgs } from "node:util";
import { refuseOptionsTakenByNpm } from "../command-line/taken-by-npm";
import { MODES, type Mode } from "../core/modes";
import { type Result, runScenario } from "./run-scenario";
import { ending, heading, mailed, paragraph } from "./transcript";

const USAGE = `npm start -- [--mode ${MODES.join(" | ")}] [--told]     plays one mode's scenario; quarantine if none is named
  --told   shows each mail that would go out, as it would arrive`;

const OPTIONS = { mode: { type: "string", default: "quarantine" }, told: { type: "boolean", default: false } } as const;

interface Options {
  readonly mode: Mode;
  /** Whether to show the mails. */
  readonly told: boolean;
}

/** Plays one mode and prints it step by step. Returns the exit code: 0, or 1 where a step came out otherwise. */
async function rehearse({ mode, told }: Options): Promise<number> {
  console.log(`${heading(mode)}\n`);
  const results: Result[] = [];
  for await (const { result, mails } of runScenario(mode)) {
    results.push(result);
    console.log(`${paragraph(result, results.length)}\n${told ? `${mailed(mails)}\n` : ""}`);
  }
  console.log(ending(results));
  return results.every(({ asExpected }) => asExpected) ? 0 : 1;
}

/** What the command line asks for. Throws an Error that says what was given and what is allowed. */
function readOptions(args: readonly string[]): Options {
  refuseOptionsTakenByNpm("npm start", OPTIONS, process.env);
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const mode = MODES.find((each) => each === values.mode);
  if (mode === undefined) throw new Error(`${JSON.stringify(values.mode)} is no mode; there are ${MODES.join(", ")}`);
  return { mode, told: values.told };
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

void main();
