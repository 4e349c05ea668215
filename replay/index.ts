import { progressOn } from "../command-line/progress";
import { endWithTheReader } from "../command-line/reader-gone";
import { wordsOf } from "../core/words-of";
import { invokerOf } from "./invoke";
import { type Options, readOptions, USAGE } from "./options";
import { queueOf, regionOf } from "./queue";
import { run } from "./run";
import { placeOfStack } from "./stack-outputs";

/** The options, or undefined once it has been said what is wrong with them. */
function optionsOrRefusal(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${wordsOf(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
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
  const { from, execute } = options;
  try {
    const { queueUrls, functionName } = "stack" in from ? await placeOfStack(from.stack) : from;
    const invoke = invokerOf(functionName, regionOf(queueUrls[0] ?? ""));
    const queues = queueUrls.map(queueOf);
    process.exitCode = await run({ queues, functionName, invoke }, execute, progressOn(process.stdout));
  } catch (error) {
    console.error(wordsOf(error));
    process.exitCode = 1;
  }
}

endWithTheReader();
void main();
