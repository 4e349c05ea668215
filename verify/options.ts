import { parseArgs } from "node:util";
import { refuseOptionsTakenByNpm } from "../command-line/taken-by-npm";

/** How long an event may take until its user is where it belongs, if nothing else is asked for. */
const LIMIT_SECONDS = 300;

/** How the command is called. */
export const USAGE = `npm run verify -- [OPTION]…     proves in the account, by a user of its own, that what is deployed holds and frees

  --stack NAME       whose Pulumi.NAME.yaml is read; may be left out where there is one alone
  --yes              does not ask before it makes anything, as in CI
  --limit SECONDS    how long each event may take; ${LIMIT_SECONDS} if it is not said
  --json             prints all that was seen
  --clean-up         deletes what an earlier run had to leave, and does nothing else
  --help             prints this

Exit code 0 where all is as it should be, 3 where something is not, 1 where it can't be told, 2 where an option is wrong, 4
where something is left that could not be deleted, 129, 130 and 143 where a signal ended it. Credentials are found as
Pulumi's AWS provider finds them; docs/sandbox.md says what they must be allowed.`;

/** What the command line asks for. */
export type Options =
  | { readonly print: "usage" }
  | {
      readonly print: "table" | "json";
      readonly does: "verify" | "clean up";
      readonly stack: string | undefined;
      /** Whether nobody is to be asked. */
      readonly yes: boolean;
      readonly limitSeconds: number;
    };

const OPTIONS = {
  stack: { type: "string" },
  limit: { type: "string" },
  json: { type: "boolean", default: false },
  "clean-up": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

// npm has a `yes` of its own, which a user's .npmrc may set: where npm takes it, this command asks, which does no harm.
const ALL_OPTIONS = { ...OPTIONS, yes: { type: "boolean", default: false } } as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line.
 *
 * @throws Error that says what was given, what is wrong with it and what would be right
 */
export function readOptions(args: readonly string[], environment: Environment): Options {
  refuseOptionsTakenByNpm("npm run verify", OPTIONS, environment);
  const { values, tokens } = parseArgs({ args: [...args], tokens: true, options: ALL_OPTIONS });
  const given = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
  const repeated = given.find((name, index) => given.indexOf(name) < index);
  if (repeated !== undefined) throw new Error(`--${repeated} is given more than once`);
  if (values.help) return { print: "usage" };
  if (values.stack === "") throw new Error("--stack is given without a name");
  if (values["clean-up"] && values.limit !== undefined) throw new Error("--clean-up waits for no event: no --limit");
  return {
    print: values.json ? "json" : "table",
    does: values["clean-up"] ? "clean up" : "verify",
    stack: values.stack,
    yes: values.yes,
    limitSeconds: readSeconds(values.limit),
  };
}

function readSeconds(text = String(LIMIT_SECONDS)): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1) return seconds;
  throw new Error(`--limit is ${JSON.stringify(text)}, which is no number of seconds from 1 to 99999`);
}
