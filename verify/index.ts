import { createInterface } from "node:readline";
import { progressOn } from "../command-line/progress";
import { readStackFiles } from "../config/stack-files";
import { wordsOf } from "../core/words-of";
import { type Options, readOptions, USAGE } from "./options";
import { run, SIGNAL_CODES } from "./run";
import type { Leftovers } from "./test-user";
import { InterruptedError } from "./wait";

/** The exit codes of a command that did not come to its end. */
const NOT_TOLD = 1;
const WRONG_OPTION = 2;

/** The options, or undefined once it has been said what is wrong with them. */
function optionsOrRefusal(): Options | undefined {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options.print !== "usage" && !options.yes && !process.stdin.isTTY) {
      throw new Error("there is no terminal on which to ask: --yes says that the test user may be made and deleted");
    }
    return options;
  } catch (error) {
    console.error(`${wordsOf(error)}\n\n${USAGE}`);
    process.exitCode = WRONG_OPTION;
    return undefined;
  }
}

/** Asks on the terminal; whoever ends the input, presses Ctrl-C or sends a signal has said no. */
function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  signal.addEventListener("abort", () => terminal.close());
  return new Promise((resolve) => {
    terminal.once("close", () => resolve(false));
    terminal.question(question, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      terminal.close();
    });
  });
}

async function main(): Promise<void> {
  // On the reader's Node 20 the SDK would warn of next year's minimum in the midst of the messages.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  const options = optionsOrRefusal();
  if (options === undefined) return;
  if (options.print === "usage") {
    console.log(USAGE);
    return;
  }
  const progress = progressOn(process.stderr);
  const interruption = new AbortController();
  let made = (): Leftovers => ({ users: [], devices: [] });
  const onSignal = (name: string): void => {
    if (!interruption.signal.aborted) {
      progress.say(`${name}: deleting what was made; once more ends at once`);
      interruption.abort(new InterruptedError(name));
      return;
    }
    const { users, devices } = made();
    const names = [...users, ...devices];
    if (names.length > 0) progress.say(`left, as far as it was made: ${names.join(", ")}; --clean-up deletes it`);
    process.exit(SIGNAL_CODES[name]);
  };
  for (const name of Object.keys(SIGNAL_CODES)) process.on(name, onSignal);
  // Nobody listens any more where the terminal is gone; what was made has to be deleted all the same.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
  try {
    const { configuration, notRead } = readStackFiles(process.cwd(), options.stack, process.env);
    for (const each of notRead) progress.say(`warning: ${each} are not read here`);
    process.exitCode = await run(options, configuration, {
      progress,
      signal: interruption.signal,
      ask: (question) => ask(question, interruption.signal),
      print: (text) => console.log(text),
      onMade: (leftovers) => {
        made = leftovers;
      },
    });
  } catch (error) {
    progress.say(wordsOf(error));
    process.exitCode = NOT_TOLD;
  } finally {
    for (const name of Object.keys(SIGNAL_CODES)) process.removeListener(name, onSignal);
  }
}

void main();
