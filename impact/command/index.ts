import { endWithTheReader } from "../../command-line/reader-gone";
import { wordsOf } from "../../core/words-of";
import { type Options, readOptions, USAGE } from "./options";
import { NOT_TOLD, run } from "./run";

/** The exit code of a command that was not begun. */
const WRONG_OPTION = 2;

/** The options, or undefined once it has been said what is wrong with them. */
function optionsOrRefusal(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${wordsOf(error)}\n\n${USAGE}`);
    process.exitCode = WRONG_OPTION;
    return undefined;
  }
}

async function main(): Promise<void> {
  const options = optionsOrRefusal();
  if (options === undefined) return;
  if (options.print === "usage") {
    console.log(USAGE);
    return;
  }
  try {
    process.exitCode = await run(options);
  } catch (error) {
    console.error(wordsOf(error));
    process.exitCode = NOT_TOLD;
  }
}

endWithTheReader();
void main();
