import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as v from "valibot";
import type { Place } from "./options";

const Outputs = v.object({
  handlerFunction: v.string(),
  // Of what EventBridge could not deliver to the function, and of what the function failed for.
  queues: v.object({ undelivered: v.string(), failed: v.string() }),
});

/** The last sweep's summary, which is one of the outputs, may name thousands of people. */
const MOST_BYTES = 16 * 1024 * 1024;

const Failure = v.object({ code: v.unknown(), stderr: v.optional(v.string(), "") });

/**
 * The place that a stack's outputs name, by Pulumi's CLI.
 *
 * @throws Error that says what was given, what is wrong and what would be right: where there is no CLI, where it fails, and
 *   where the stack does not have the outputs
 */
export async function placeOfStack(stack: string): Promise<Place> {
  const outputs = v.safeParse(v.pipe(v.string(), v.parseJson(), Outputs), await outputsOf(stack));
  if (outputs.success) {
    const { handlerFunction, queues } = outputs.output;
    return { functionName: handlerFunction, queueUrls: [queues.undelivered, queues.failed] };
  }
  const amiss = outputs.issues.map((issue) => v.getDotPath(issue) ?? issue.message);
  throw new Error(
    `--stack ${stack}: its outputs lack ${amiss.join(", ")}; \`pulumi up --stack ${stack}\` with this version makes them`,
  );
}

async function outputsOf(stack: string): Promise<string> {
  const args = ["stack", "output", "--json", "--non-interactive", "--stack", stack];
  try {
    return (await promisify(execFile)("pulumi", args, { maxBuffer: MOST_BYTES })).stdout;
  } catch (error) {
    const { code, stderr } = v.parse(Failure, error);
    if (code === "ENOENT") {
      throw new Error(
        `--stack ${stack}: there is no pulumi on the PATH to ask for the stack's outputs; install Pulumi's CLI, ` +
          "or give --queue and --function instead",
      );
    }
    throw new Error(
      `--stack ${stack}: pulumi ${args.join(" ")} failed:\n${stderr.trim()}\n` +
        "pulumi stack ls lists the stacks; --queue and --function go without Pulumi",
    );
  }
}
