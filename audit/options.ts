import { parseArgs } from "node:util";
import { MODES } from "../handler/decide";
import { PARTITIONS } from "../policies/partitions";
import type { Selection } from "./documents";
import { DEFAULT_SETTINGS } from "./settings";

/** How the command is called. */
export const USAGE = `npm run policies -- [OPTION]…     prints the policies of the guards and of the handler's role as JSON

  --explain     tells each statement with its reason instead, for somebody to read
  --markdown    prints the tables of docs/policies.md instead, about all modes, settings and partitions
  --mode ${MODES.join(" | ")}
                leaves out the guards that hold nobody in this mode
  --partition ${PARTITIONS.join(" | ")}
                aws if none is named
  --passwordChangeWithoutMfa, --enrolmentByAccessKey, --usersPage, --spareServiceCalls, --no-selfService
                change a setting from its default; README.md says what each means
  --help        prints this

for jq:         npm run --silent policies -- --mode strict | jq .sealed`;

/** What the command line asks for. */
export type Options =
  | { readonly print: "usage" | "markdown" }
  | { readonly print: "json" | "explanation"; readonly selection: Selection };

const flag = (preset: boolean) => ({ type: "boolean", default: preset }) as const;

const OPTIONS = {
  help: flag(false),
  explain: flag(false),
  markdown: flag(false),
  mode: { type: "string" },
  partition: { type: "string", default: "aws" },
  passwordChangeWithoutMfa: flag(DEFAULT_SETTINGS.passwordChangeWithoutMfa),
  enrolmentByAccessKey: flag(DEFAULT_SETTINGS.enrolmentByAccessKey),
  usersPage: flag(DEFAULT_SETTINGS.usersPage),
  spareServiceCalls: flag(DEFAULT_SETTINGS.spareServiceCalls),
  selfService: flag(DEFAULT_SETTINGS.selfService),
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line.
 *
 * @throws Error that says what was given, what is wrong with it and what would be right
 */
export function readOptions(args: readonly string[], environment: Environment): Options {
  const taken = takenByNpm(environment);
  if (taken.length > 0) {
    throw new Error(
      `npm took ${taken.join(", ")} for itself; an option of this command goes behind --: npm run policies -- ${taken.join(" ")}`,
    );
  }
  const { values, tokens } = parseArgs({
    args: [...args],
    allowNegative: true,
    tokens: true,
    options: OPTIONS,
  });
  const given = tokens.filter((token) => token.kind === "option");
  const repeated = given.find(({ name }, index) => given.findIndex((each) => each.name === name) < index);
  if (repeated !== undefined) throw new Error(`--${repeated.name} is given more than once`);
  const { help, explain, markdown, mode, partition, ...settings } = values;
  if (help) return { print: "usage" };
  if (markdown) {
    const others = given.filter(({ name }) => name !== "markdown").map(({ index }) => args[index]);
    if (others.length === 0) return { print: "markdown" };
    throw new Error(
      `--markdown prints tables about all modes, settings and partitions, and goes without ${others.join(", ")}`,
    );
  }
  return {
    print: explain ? "explanation" : "json",
    selection: {
      mode: mode === undefined ? undefined : oneOf(MODES, mode, "mode"),
      partition: oneOf(PARTITIONS, partition, "partition"),
      settings,
    },
  };
}

/**
 * The options that were given without a `--` before them. npm keeps those: it sets a variable for each and runs the
 * command as if they had not been given, so that it would print the policies of other settings than were asked for.
 */
function takenByNpm(environment: Environment): readonly string[] {
  return Object.entries(OPTIONS).flatMap(([name, { type }]) => {
    // An option that is repeated has its values one after the other, an empty line between them.
    const values = environment[`npm_config_${name.toLowerCase()}`]?.split("\n\n") ?? [];
    return values.map((value) => {
      if (value !== "" && value !== "true") return `--${name}=${value}`;
      // Of `--mode strict` npm takes only the first word.
      if (type === "string") return `--${name} <${name}>`;
      return value === "" ? `--no-${name}` : `--${name}`;
    });
  });
}

function oneOf<T extends string>(allowed: readonly T[], given: string, what: string): T {
  const found = allowed.find((each) => each === given);
  if (found === undefined) {
    throw new Error(`${JSON.stringify(given)} is no ${what}; there are ${allowed.join(", ")}`);
  }
  return found;
}
