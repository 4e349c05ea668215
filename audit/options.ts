import { parseArgs } from "node:util";
import { refuseOptionsTakenByNpm } from "../command-line/taken-by-npm";
import { MODES } from "../core/modes";
import { PARTITIONS } from "../core/partitions";
import type { Selection } from "./documents";
import { DEFAULT_SETTINGS, SETTING_NAMES, settingsWith } from "./settings";

/** How the command is called. */
export const USAGE = `npm run policies -- [OPTION]…     prints the policies of the guards and of the handler's role as JSON

  --explain     tells each statement with its reason instead, for somebody to read
  --markdown    prints the tables of docs/policies.md instead, about all modes, settings and partitions
  --mode ${MODES.join(" | ")}
                leaves out the guards that hold nobody in this mode
  --partition ${PARTITIONS.join(" | ")}
                aws if none is named
  ${SETTING_NAMES.map((name) => (DEFAULT_SETTINGS[name] ? `--no-${name}` : `--${name}`)).join(", ")}
                change a setting from its default; README.md says what each means
  --help        prints this

for jq:         npm run --silent policies -- --mode strict | jq .sealed`;

/** What the command line asks for. */
export type Options =
  | { readonly print: "usage" | "markdown" }
  | { readonly print: "json" | "explanation"; readonly selection: Selection };

const flag = (defaultValue: boolean) => ({ type: "boolean", default: defaultValue }) as const;

const OWN_OPTIONS = {
  help: flag(false),
  explain: flag(false),
  markdown: flag(false),
  mode: { type: "string" },
  partition: { type: "string", default: "aws" },
} as const;

const OPTIONS = {
  ...OWN_OPTIONS,
  ...Object.fromEntries(SETTING_NAMES.map((name) => [name, flag(DEFAULT_SETTINGS[name])])),
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line.
 *
 * @throws Error that says what was given, what is wrong with it and what would be right
 */
export function readOptions(args: readonly string[], environment: Environment): Options {
  refuseOptionsTakenByNpm("npm run policies", OPTIONS, environment);
  const { values, tokens } = parseArgs({
    args: [...args],
    allowNegative: true,
    tokens: true,
    options: OPTIONS,
  });
  const given = tokens.filter((token) => token.kind === "option");
  const repeated = given.find(({ name }, index) => given.findIndex((each) => each.name === name) < index);
  if (repeated !== undefined) throw new Error(`--${repeated.name} is given more than once`);
  const { help, explain, markdown, mode, partition } = values;
  const flags: Readonly<Record<string, unknown>> = values;
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
      settings: settingsWith(SETTING_NAMES.filter((name) => flags[name] === true)),
    },
  };
}

function oneOf<T extends string>(allowed: readonly T[], given: string, what: string): T {
  const found = allowed.find((each) => each === given);
  if (found === undefined) {
    throw new Error(`${JSON.stringify(given)} is no ${what}; there are ${allowed.join(", ")}`);
  }
  return found;
}
