import { parseArgs } from "node:util";
import { refuseOptionsTakenByNpm } from "../command-line/taken-by-npm";

/** How the command is called. */
export const USAGE = `npm run replay -- --stack NAME [--execute]     replays what the function was not brought or failed at

  --stack NAME       the stack whose outputs name the queues and the function; needs Pulumi's CLI
  --queue URL        instead of a stack: a queue, as often as there are queues
  --function NAME    and the function, by name or ARN
  --execute          invokes the function with each event again, one after the other, and deletes a message after
                     success; without it everything is only shown, and every message left where it is
  --help             prints this

Exit code 1 where something fails or, with --execute, is left in a queue. Credentials are found as AWS's CLI finds them.`;

/** Where the messages are, and what is to be invoked with them. */
export interface Place {
  readonly queueUrls: readonly string[];
  /** By name or ARN. */
  readonly functionName: string;
}

/** What the command line asks for. */
export type Options =
  | { readonly print: "usage" }
  | { readonly print: "messages"; readonly from: { readonly stack: string } | Place; readonly execute: boolean };

// None is npm's own: its `yes`, set in a user's .npmrc, would look as if npm had taken an option for itself.
const OPTIONS = {
  stack: { type: "string" },
  queue: { type: "string", multiple: true },
  function: { type: "string" },
  execute: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line.
 *
 * @throws Error that says what was given, what is wrong with it and what would be right
 */
export function readOptions(args: readonly string[], environment: Environment): Options {
  refuseOptionsTakenByNpm("npm run replay", OPTIONS, environment);
  const { values, tokens } = parseArgs({ args: [...args], tokens: true, options: OPTIONS });
  const given = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
  const repeated = given.find((name, index) => name !== "queue" && given.indexOf(name) < index);
  if (repeated !== undefined) throw new Error(`--${repeated} is given more than once`);
  const { help, stack, queue: queueUrls = [], function: functionName, execute } = values;
  if (help) return { print: "usage" };
  const isByHand = queueUrls.length > 0 || functionName !== undefined;
  if (stack !== undefined) {
    if (isByHand) throw new Error("--stack finds the queues and the function, and goes without --queue and --function");
    if (stack === "") throw new Error("--stack is given without a name; pulumi stack ls lists the stacks");
    return { print: "messages", from: { stack }, execute };
  }
  if (!isByHand) throw new Error("nothing says where to look: give --stack NAME, or --queue URL and --function NAME");
  if (functionName === undefined || functionName === "") throw new Error("--queue goes with --function NAME");
  if (queueUrls.length === 0) throw new Error("--function goes with --queue URL");
  const odd = queueUrls.find((url) => !URL.canParse(url) || !/^https?:/.test(url));
  if (odd !== undefined) {
    throw new Error(
      `${JSON.stringify(odd)} is no URL of a queue; one reads https://sqs.us-east-1.amazonaws.com/123456789012/NAME`,
    );
  }
  return { print: "messages", from: { queueUrls: [...new Set(queueUrls)], functionName }, execute };
}
