import { parseArgs } from "node:util";
import { refuseOptionsTakenByNpm } from "../../command-line/taken-by-npm";
import { ASKED, ASKED_OPTIONS, readWhatIf, type WhatIf } from "./what-if";

const ASKED_IN_WORDS = ASKED.map(({ option, kind }) => {
  return kind === "flag" ? `--[no-]${option}` : `--${option} ${kind === "list" ? "ENTRY" : "VALUE"}`;
});

/** How the command is called. */
export const USAGE = `npm run impact -- [OPTION]…     says whom a deploy would hold, and changes nothing

  --stack NAME     whose Pulumi.NAME.yaml is read; may be left out where there is one alone
  --demo           needs no account: the rehearsal's, in memory
  --json           prints all that is known of everybody
  --markdown       prints tables for a pull request
  --html FILE      writes a page for a browser, with nothing from elsewhere
  --cloudtrail FILE…
                   says by CloudTrail's logs, files or folders of them, who called without MFA what would be refused
  --all            names everybody, where twenty are named otherwise
  --help           prints this

what if, in the place of what the stack's configuration says; of a list once for each entry:
${wrapped(ASKED_IN_WORDS, 116).join("\n")}

Exit code 0 where nobody would be newly held, 3 where somebody would, 1 where it can't be told, 2 where an option is
wrong. Credentials are found as Pulumi's AWS provider finds them.`;

/** How the report is printed. */
export type Print = "table" | "json" | "markdown";

/** What the command line asks for. */
export type Options =
  | { readonly print: "usage" }
  | {
      readonly print: Print;
      /** The file of the page, if one is asked for. */
      readonly html: string | undefined;
      readonly all: boolean;
      readonly account: { readonly stack: string | undefined } | "demo";
      /** Files and folders of CloudTrail's logs. */
      readonly logs: readonly string[];
      readonly whatIf: WhatIf;
    };

const OWN_OPTIONS = {
  stack: { type: "string" },
  demo: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  markdown: { type: "boolean", default: false },
  html: { type: "string" },
  cloudtrail: { type: "string", multiple: true },
  all: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line.
 *
 * @throws Error that says what was given, what is wrong with it and what would be right
 */
export function readOptions(args: readonly string[], environment: Environment): Options {
  const all = { ...ASKED_OPTIONS, ...OWN_OPTIONS };
  refuseOptionsTakenByNpm("npm run impact", all, environment);
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    allowNegative: true,
    // A shell makes several words of a pattern, of which the option takes the first.
    allowPositionals: args.some((arg) => /^--cloudtrail(=|$)/.test(arg)),
    tokens: true,
    options: all,
  });
  const given = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
  const isRepeatable = (name: string) =>
    name === "cloudtrail" || ASKED.some(({ option, kind }) => option === name && kind !== "flag");
  const repeated = given.find((name, index) => !isRepeatable(name) && given.indexOf(name) < index);
  if (repeated !== undefined) throw new Error(`--${repeated} is given more than once`);
  const { help, demo, json, markdown, html, stack, cloudtrail = [] } = values;
  if (help) return { print: "usage" };
  if (json && markdown) throw new Error("--json and --markdown both say what to print");
  if (demo && stack !== undefined) throw new Error("--demo has no stack, and goes without --stack");
  if (demo && cloudtrail.length > 0) throw new Error("--demo has no logs, and goes without --cloudtrail");
  if (html === "") throw new Error("--html wants the name of a file");
  return {
    print: json ? "json" : markdown ? "markdown" : "table",
    html,
    all: values.all,
    account: demo ? "demo" : { stack },
    logs: [...cloudtrail, ...positionals],
    whatIf: readWhatIf(values),
  };
}

/** Words in indented lines of so many characters. */
function wrapped(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 2 + word.length <= width) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}
