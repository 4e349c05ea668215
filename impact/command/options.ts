import { parseArgs } from "node:util";
import * as v from "valibot";
import { refuseOptionsTakenByNpm } from "../../command-line/taken-by-npm";
import { ORGANIZATION_TARGETS } from "../../core/setting-kinds";
import { ASKED, ASKED_OPTIONS, readWhatIf, type WhatIf } from "./what-if";

const ASKED_IN_WORDS = ASKED.map(({ option, kind }) => {
  return kind === "flag" ? `--[no-]${option}` : `--${option} ${kind === "list" ? "ENTRY" : "VALUE"}`;
});

/** The role that AWS Organizations makes in an account that it makes (Organizations User Guide, "Access member accounts"). */
const DEFAULT_ROLE = "OrganizationAccountAccessRole";

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

of a whole organization, from its management account or a delegated administrator:
  --organization   reads every account below the stack's organizationTargets; --cloudtrail takes the files of the
                   organization's trail then, and says what its SCP would refuse
  --target TARGET  a root or an OU, r-… or ou-…, in the place of the stack's; once for each
  --role NAME      the role in each account by which it is read, with its path if it has one; ${DEFAULT_ROLE}
                   if left out. It must trust the caller, and be allowed what docs/impact.md lists
  --resume FILE    keeps there what is read of each account, and does not read it again at the next start

what if, in the place of what the stack's configuration says; of a list once for each entry:
${wrapped(ASKED_IN_WORDS, 116).join("\n")}

Exit code 0 where nobody would be newly held, 3 where somebody would, 1 where it can't be told, as where nobody would in
the accounts that could be read and some could not, 2 where an option is wrong. Credentials are found as Pulumi's AWS
provider finds them.`;

/** How the report is printed. */
export type Print = "table" | "json" | "markdown";

/** What is asked of an organization. */
export interface OrganizationOptions {
  readonly role: string;
  /** The file of what is read, if one is kept. */
  readonly resume: string | undefined;
  /** Roots and OUs in the place of the stack's; none where the stack's are taken. */
  readonly targets: readonly string[];
}

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
      /** Where a whole organization is asked about, and not one account. */
      readonly organization?: OrganizationOptions;
    };

const OWN_OPTIONS = {
  stack: { type: "string" },
  demo: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  markdown: { type: "boolean", default: false },
  html: { type: "string" },
  cloudtrail: { type: "string", multiple: true },
  all: { type: "boolean", default: false },
  organization: { type: "boolean", default: false },
  target: { type: "string", multiple: true },
  role: { type: "string" },
  resume: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** A role's name behind its path (IAM API Reference, CreateRole). */
const ROLE_NAME = /^([\u0021-\u007e]{1,510}\/)?[\w+=,.@-]{1,64}$/;

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
    name === "cloudtrail" || name === "target" || ASKED.some(({ option, kind }) => option === name && kind !== "flag");
  const repeated = given.find((name, index) => !isRepeatable(name) && given.indexOf(name) < index);
  if (repeated !== undefined) throw new Error(`--${repeated} is given more than once`);
  const { help, demo, json, markdown, html, stack, cloudtrail = [] } = values;
  if (help) return { print: "usage" };
  if (json && markdown) throw new Error("--json and --markdown both say what to print");
  if (demo && stack !== undefined) throw new Error("--demo has no stack, and goes without --stack");
  if (demo && cloudtrail.length > 0) throw new Error("--demo has no logs, and goes without --cloudtrail");
  if (html === "") throw new Error("--html wants the name of a file");
  const organization = organizationIn(values);
  return {
    print: json ? "json" : markdown ? "markdown" : "table",
    html,
    all: values.all,
    account: demo ? "demo" : { stack },
    logs: [...cloudtrail, ...positionals],
    whatIf: readWhatIf(values),
    ...(organization && { organization }),
  };
}

/** What is asked of an organization, or undefined where one account is asked about. */
function organizationIn(values: {
  readonly organization: boolean;
  readonly target?: readonly string[];
  readonly role?: string;
  readonly resume?: string;
}): OrganizationOptions | undefined {
  const { organization, target = [], role = DEFAULT_ROLE, resume } = values;
  if (!organization) {
    const alone = (["target", "role", "resume"] as const).find((name) => values[name] !== undefined);
    if (alone !== undefined) throw new Error(`--${alone} is about an organization, and goes with --organization`);
    return undefined;
  }
  const targets = v.safeParse(ORGANIZATION_TARGETS.schema, target);
  if (!targets.success) throw new Error(targets.issues.map(({ message }) => `--target: ${message}`).join("\n"));
  if (!ROLE_NAME.test(role))
    throw new Error(`--role: ${JSON.stringify(role)} is no name of a role, with or without a path`);
  if (resume === "") throw new Error("--resume wants the name of a file");
  return { role, resume, targets: target };
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
