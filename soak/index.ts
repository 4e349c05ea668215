import { endWithTheReader } from "../command-line/reader-gone";
import { type Options, readOptions, USAGE } from "./options";
import { soak } from "./soak";

async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    console.log(USAGE);
    return;
  }
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  process.exitCode = await soak(options);
}

endWithTheReader();
void main();
