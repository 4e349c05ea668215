import { parseArgs } from "node:util";
import { grouped } from "../command-line/grouped";
import { refuseOptionsTakenByNpm } from "../command-line/taken-by-npm";
import { MODES } from "../core/modes";
import { PARTITIONS, type Partition } from "../core/partitions";
import type { Organization } from "../policies/organization";
import type { Protection } from "../policies/protect";
import { charactersOf } from "../policy-language/lint";
import { type DeployerAsked, readDeployerReach } from "./deployer";
import { PROTECTION_NAMES, PROTECTION_QUOTAS, protectionOf, type Selection } from "./documents";
import { oneOf } from "./one-of";
import { readOrganization } from "./organization";
import { DEFAULT_SETTINGS, DOOR_SETTINGS, SETTING_NAMES, settingsWith } from "./settings";

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
  --protect     prints an SCP and a permissions boundary instead, which leave changes of the stack to its deploy roles:
                docs/protect.md; with --explain and --partition as above, and
    --deploy-role ARN
                a role that deploys, once for each; * for the account where it is the same role in several
  --organization
                prints instead the service control policies of an organization: docs/organization.md; with --mode,
                --explain, --partition, the settings but selfService, and --deploy-role as above, and
    --exempt-user NAME, --exempt-path PATH, --exempt-account ID
                who is not held, and who is made and given keys by the deploy roles alone; once for each
    --enforce-from DAY, --dry-run
                hold nobody before this day, YYYY-MM-DD, 00:00 UTC; hold nobody
  --deployer    prints instead what who previews and who deploys may do: docs/pull-requests.md; with --explain and
                --partition as above, and
    --stack NAME --account ID
                whose
    --component NAME
                with both: how the component is called in the program, require-mfa if it is not said
    --organization
                what the two may do besides where the stack is an organization's
  --help        prints this

for jq:         npm run --silent policies -- --mode strict | jq .sealed`;

/** What the command line asks for. */
export type Options =
  | { readonly print: "usage" | "markdown" }
  | { readonly print: "json" | "explanation"; readonly selection: Selection }
  | { readonly print: "protection" | "protection explained"; readonly protection: Protection }
  | { readonly print: "organization" | "organization explained"; readonly organization: Organization }
  | { readonly print: "deployer" | "deployer explained"; readonly reach: DeployerAsked };

const flag = (defaultValue: boolean) => ({ type: "boolean", default: defaultValue }) as const;

const OWN_OPTIONS = {
  help: flag(false),
  explain: flag(false),
  markdown: flag(false),
  mode: { type: "string" },
  partition: { type: "string", default: "aws" },
  protect: flag(false),
  "deploy-role": { type: "string", multiple: true },
  organization: flag(false),
  "exempt-user": { type: "string", multiple: true },
  "exempt-path": { type: "string", multiple: true },
  "exempt-account": { type: "string", multiple: true },
  "enforce-from": { type: "string" },
  "dry-run": flag(false),
  deployer: flag(false),
  stack: { type: "string" },
  account: { type: "string" },
  component: { type: "string" },
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
  const single = given.filter(({ name }) => !LISTS.includes(name));
  const repeated = single.find(({ name }, index) => single.findIndex((each) => each.name === name) < index);
  if (repeated !== undefined) throw new Error(`--${repeated.name} is given more than once`);
  const { help, explain, markdown, mode, partition, protect, organization, deployer } = values;
  const { "deploy-role": deployRoles = [] } = values;
  const flags: Readonly<Record<string, unknown>> = values;
  const besides = (...names: readonly string[]) =>
    given.filter(({ name }) => !names.includes(name)).map(({ index }) => args[index]);
  if (help) return { print: "usage" };
  if (markdown) {
    const others = besides("markdown");
    if (others.length === 0) return { print: "markdown" };
    throw new Error(
      `--markdown prints tables about all modes, settings and partitions, and goes without ${others.join(", ")}`,
    );
  }
  if (protect) {
    const others = besides("protect", "explain", "partition", ...PROTECT_OPTIONS);
    if (others.length > 0)
      throw new Error(`--protect is the same in all modes and settings, and goes without ${others.join(", ")}`);
    const where = oneOf(PARTITIONS, partition, "partition");
    const protection = {
      partition: where,
      component: readComponent(values.component),
      deployRoles: readDeployRoles(deployRoles, where, "--protect"),
    };
    refuseOversize(protection);
    return { print: explain ? "protection explained" : "protection", protection };
  }
  if (deployer) {
    const others = besides("deployer", "organization", "explain", "partition", ...DEPLOYER_OPTIONS);
    if (others.length > 0)
      throw new Error(`--deployer is the same in all modes and settings, and goes without ${others.join(", ")}`);
    const { stack, account } = values;
    const where = {
      partition: oneOf(PARTITIONS, partition, "partition"),
      component: readComponent(values.component),
      ...(organization && { organization }),
    };
    return { print: explain ? "deployer explained" : "deployer", reach: readDeployerReach({ stack, account }, where) };
  }
  if (organization) {
    const others = besides("organization", "explain", "partition", "mode", ...ORGANIZATION_OPTIONS, ...DOOR_SETTINGS);
    if (others.length > 0)
      throw new Error(`--organization prints what SCPs can say, and goes without ${others.join(", ")}`);
    const where = oneOf(PARTITIONS, partition, "partition");
    return {
      print: explain ? "organization explained" : "organization",
      organization: readOrganization({
        partition: where,
        mode: mode === undefined ? undefined : oneOf(MODES, mode, "mode"),
        settings: settingsWith(SETTING_NAMES.filter((name) => flags[name] === true)),
        dryRun: values["dry-run"],
        enforceFrom: values["enforce-from"] ?? "none",
        exemptUsers: values["exempt-user"] ?? [],
        exemptPaths: values["exempt-path"] ?? [],
        exemptAccounts: values["exempt-account"] ?? [],
        deployRoles: readDeployRoles(deployRoles, where, "--organization"),
      }),
    };
  }
  const stray = given.find(({ name }) => GO_WITH.some(([, options]) => options.includes(name)));
  if (stray !== undefined) {
    const goesWith = GO_WITH.flatMap(([option, options]) => (options.includes(stray.name) ? [option] : []));
    throw new Error(`--${stray.name} goes with ${goesWith.join(" or ")} only`);
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

const PROTECT_OPTIONS = ["deploy-role", "component"];
const ORGANIZATION_OPTIONS = ["deploy-role", "exempt-user", "exempt-path", "exempt-account", "enforce-from", "dry-run"];
const DEPLOYER_OPTIONS = ["stack", "account", "component"];

/** What goes with what alone. */
const GO_WITH: readonly (readonly [option: string, options: readonly string[]])[] = [
  ["--protect", PROTECT_OPTIONS],
  ["--organization", ORGANIZATION_OPTIONS],
  ["--deployer", DEPLOYER_OPTIONS],
];

/** What may be given several times. */
const LISTS: readonly string[] = ["deploy-role", "exempt-user", "exempt-path", "exempt-account"];

/** A component's name, which begins the names of its resources: SQS takes the least of all. */
function readComponent(given = "require-mfa"): string {
  if (/^[\w-]{1,42}$/.test(given)) return given;
  throw new Error(`${JSON.stringify(given)} is no component's name: 1 to 42 of A-Z a-z 0-9 _ -`);
}

function readDeployRoles(given: readonly string[], partition: Partition, option: string): readonly string[] {
  if (given.length === 0) throw new Error(`${option} needs --deploy-role ARN, or nobody could deploy any more`);
  const form = new RegExp(`^arn:${partition}:iam::(\\d{12}|\\*):role/([\u0021-\u007e]{1,510}/)?[\\w+=,.@-]{1,64}$`);
  const [wrong] = given.filter((arn) => !form.test(arn) || /[*?]/.test(arn.slice(arn.indexOf("role/"))));
  if (wrong !== undefined) {
    throw new Error(
      `${JSON.stringify(wrong)} is no ARN of a role: arn:${partition}:iam::123456789012:role/NAME, with the role's path where it has one, no wildcard but for the account`,
    );
  }
  const repeated = given.find((arn, index) => given.indexOf(arn) < index);
  if (repeated !== undefined) throw new Error(`--deploy-role ${repeated} is given more than once`);
  return given;
}

function refuseOversize(protection: Protection): void {
  const documents = protectionOf(protection);
  for (const name of PROTECTION_NAMES) {
    const size = charactersOf(documents[name]);
    const quota = PROTECTION_QUOTAS[name];
    if (size > quota)
      throw new Error(`the ${name} takes ${grouped(size)} characters of ${grouped(quota)}: name fewer deploy roles`);
  }
}
