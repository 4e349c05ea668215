import { parseArgs } from "node:util";
import { MODES, type Mode } from "../handler/decide";
import { play, type Result } from "./play";
import { ending, heading, paragraph } from "./transcript";

const USAGE = `npm start -- [--mode ${MODES.join(" | ")}]     plays one mode's story; quarantine if none is named`;

/** Plays one mode and prints it beat by beat. Returns the exit code: 0, or 1 where a beat came out otherwise. */
async function rehearse(mode: Mode): Promise<number> {
  console.log(`${heading(mode)}\n`);
  const results: Result[] = [];
  for await (const result of play(mode)) {
    results.push(result);
    console.log(`${paragraph(result, results.length)}\n`);
  }
  console.log(ending(results));
  return results.every(({ asExpected }) => asExpected) ? 0 : 1;
}

/** The mode that the command line names. Throws an Error that says what was given and what is allowed. */
function modeOf(args: readonly string[]): Mode {
  const { values } = parseArgs({ args: [...args], options: { mode: { type: "string", default: "quarantine" } } });
  const mode = MODES.find((each) => each === values.mode);
  if (mode === undefined) throw new Error(`${JSON.stringify(values.mode)} is no mode; there are ${MODES.join(", ")}`);
  return mode;
}

async function main(): Promise<void> {
  try {
    process.exitCode = await rehearse(modeOf(process.argv.slice(2)));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
  }
}

void main();
