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

/**
 * Reads the command line.
 *
 * @throws Error that says what was given, what is wrong with it and what would be right
 */
export function readOptions(args: readonly string[]): Options {
  const { values, tokens } = parseArgs({
    args: [...args],
    allowNegative: true,
    tokens: true,
    options: {
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
    },
  });
  const { help, explain, markdown, mode, partition, ...settings } = values;
  if (help) return { print: "usage" };
  if (markdown) {
    const others = tokens.filter((token) => token.kind === "option" && token.name !== "markdown");
    if (others.length === 0) return { print: "markdown" };
    const given = others.map((token) => args[token.index]).join(", ");
    throw new Error(`--markdown prints tables about all modes, settings and partitions, and goes without ${given}`);
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

function oneOf<T extends string>(allowed: readonly T[], given: string, what: string): T {
  const found = allowed.find((each) => each === given);
  if (found === undefined) {
    throw new Error(`${JSON.stringify(given)} is no ${what}; there are ${allowed.join(", ")}`);
  }
  return found;
}
