import * as pulumi from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import { MODES } from "./handler/decide";
import type { Partition } from "./policies/document";

/** All that settings are read from. */
export interface SettingsSource {
  /** The project's name, which is the namespace of its settings. */
  readonly project: string;
  readonly stack: string;
  /** Every key of the stack's configuration, namespace included, as `pulumi.runtime.allConfig()` gives them. */
  readonly config: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** How one setting is read; its meaning stands in Pulumi.yaml. */
interface Setting<T> {
  /** As in Pulumi.yaml, which Pulumi's mocks do not read. */
  readonly preset: T;
  /** What is allowed, in words. */
  readonly allowed: string;
  /** What the text means; undefined where it means nothing that is allowed. */
  readonly read: (text: string) => T | undefined;
  /** An allowed text, the closest to the one given: for the command that mends it. */
  readonly mend: (text: string) => string;
}

const choice = <const T extends string>(choices: readonly T[], preset: T): Setting<T> => ({
  preset,
  allowed: `one of ${choices.join(", ")}`,
  read: (text) => choices.find((each) => each === text),
  mend: (text) => resembling(text, choices) ?? preset,
});

const flag = (preset: boolean): Setting<boolean> => ({
  preset,
  allowed: "true or false",
  read: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  mend: (text) => {
    if (/^(yes|y|on|1)$/i.test(text)) return "true";
    if (/^(no|n|off|0)$/i.test(text)) return "false";
    return resembling(text, ["true", "false"]) ?? String(preset);
  },
});

const SETTINGS = {
  mode: choice(MODES, "quarantine"),
  dryRun: flag(false),
  passwordChangeWithoutMfa: flag(false),
  enrolmentByAccessKey: flag(false),
  usersPage: flag(false),
  spareServiceCalls: flag(false),
  selfService: flag(true),
} as const;

type SettingName = keyof typeof SETTINGS;
const NAMES = Object.keys(SETTINGS);

/** The settings of a stack, read and checked, and the partition that its region lies in. */
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never;
} & { readonly partition: Partition };

/** The one region of each partition in which IAM's events arrive (EventBridge User Guide, "My rule … IAM"). */
const EVENT_REGIONS = {
  aws: "us-east-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
} as const satisfies Record<Partition, string>;

/** One thing that is wrong, and the command that mends it. */
interface Problem {
  readonly given: string;
  readonly wrong: string;
  readonly mend: string;
}

/** Everything that is wrong with a stack's configuration, in one message that Pulumi prints without a stack trace. */
class SettingsError extends pulumi.RunError {
  constructor(problems: readonly Problem[], { project, stack }: SettingsSource) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const listed = problems.map(({ given, wrong, mend }) => `  ${given}\n    ${wrong}\n    ${mend}`);
    super(
      [`${count} in the configuration of ${project}, stack ${stack}; nothing was deployed.`, ...listed].join("\n\n"),
    );
    // Pulumi never shows this stack, but formats it, and on Node 20 formatting a stack frame within node_modules/@pulumi
    // takes half a minute (nodejs/node#64011).
    this.stack = `SettingsError: ${this.message}`;
  }
}

/** What Pulumi and the environment say of the stack that is being deployed. */
export function stackConfiguration(): SettingsSource {
  return {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    config: pulumi.runtime.allConfig(),
    environment: process.env,
  };
}

/**
 * Reads the settings of a stack. Nothing that could be meant for this program is passed over in silence: not a misspelt
 * key, not a key under the name of another project.
 *
 * @throws SettingsError listing every problem: what was given, what is allowed, and the command that mends it.
 */
export function readSettings(source: SettingsSource): Settings {
  const problems: Problem[] = [...strayKeys(source)];
  const settingOf = <T>(name: SettingName, setting: Setting<T>): T => {
    const key = `${source.project}:${name}`;
    const text = source.config[key];
    if (text === undefined) return setting.preset;
    const value = setting.read(text);
    if (value !== undefined) return value;
    problems.push({
      given: shown(key, source),
      wrong: `must be ${setting.allowed}`,
      mend: `pulumi config set ${name} ${setting.mend(text)}`,
    });
    return setting.preset;
  };
  const settings: Settings = {
    mode: settingOf("mode", SETTINGS.mode),
    dryRun: settingOf("dryRun", SETTINGS.dryRun),
    passwordChangeWithoutMfa: settingOf("passwordChangeWithoutMfa", SETTINGS.passwordChangeWithoutMfa),
    enrolmentByAccessKey: settingOf("enrolmentByAccessKey", SETTINGS.enrolmentByAccessKey),
    usersPage: settingOf("usersPage", SETTINGS.usersPage),
    spareServiceCalls: settingOf("spareServiceCalls", SETTINGS.spareServiceCalls),
    selfService: settingOf("selfService", SETTINGS.selfService),
    partition: readPartition(source, problems),
  };
  if (problems.length > 0) throw new SettingsError(problems, source);
  return settings;
}

/** Keys that are meant for this program, or look it, and that it does not know. */
function strayKeys(source: SettingsSource): readonly Problem[] {
  return Object.entries(source.config).flatMap(([key, text]) => {
    const colon = key.indexOf(":");
    const namespace = key.slice(0, colon);
    const name = key.slice(colon + 1);
    if (namespace === source.project) return isSettingName(name) ? [] : [unknownKey(key, name, text, source)];
    return looksMeantForUs(namespace, name, source) ? [keyOfAnotherProject(key, namespace, name, text, source)] : [];
  });
}

function unknownKey(key: string, name: string, text: string, source: SettingsSource): Problem {
  const meant = resembling(name, NAMES);
  return {
    given: shown(key, source),
    wrong: `the program has no such setting; ${meant ? `did you mean ${meant}?` : `it knows ${NAMES.join(", ")}`}`,
    mend: replacing(key, meant, text, source),
  };
}

function keyOfAnotherProject(
  key: string,
  namespace: string,
  name: string,
  text: string,
  source: SettingsSource,
): Problem {
  return {
    given: shown(key, source),
    wrong: `a key of a project named ${namespace}; this one is ${source.project}, and its settings read ${source.project}:…`,
    mend: replacing(key, resembling(name, NAMES), text, source),
  };
}

/** A key and its value, unless the stack keeps it secret. */
function shown(key: string, { config, environment }: SettingsSource): string {
  const secretKeys: unknown = JSON.parse(environment["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  const secret = Array.isArray(secretKeys) && secretKeys.includes(key);
  return `${key} is ${secret ? "[secret]" : JSON.stringify(config[key])}`;
}

/** Other providers' keys pass: a shared environment may bring them to every stack. */
function looksMeantForUs(namespace: string, name: string, { project }: SettingsSource): boolean {
  if (namespace === "aws" || namespace === "pulumi") return false;
  return (
    isSettingName(resembling(name, NAMES, 1) ?? "") || resembling(namespace, [project, "require-mfa"]) !== undefined
  );
}

/** The command that takes a stray key away, and puts its value, if it is a good one, where it was meant to go. */
function replacing(key: string, meant: string | undefined, text: string, { config, project }: SettingsSource): string {
  const remove = `pulumi config rm ${quoted(key)}`;
  if (!isSettingName(meant) || config[`${project}:${meant}`] !== undefined) return remove;
  const setting: Setting<unknown> = SETTINGS[meant];
  return `${remove} && pulumi config set ${meant} ${setting.read(text) === undefined ? setting.mend(text) : text}`;
}

/** Where the AWS provider looks for its region, in its own order. */
const REGION_SOURCES = ["aws:region", "AWS_REGION", "AWS_DEFAULT_REGION"] as const;

function readPartition(source: SettingsSource, problems: Problem[]): Partition {
  const found = REGION_SOURCES.map((from) => ({ from, region: source.config[from] ?? source.environment[from] })).find(
    ({ region }) => region !== undefined && region !== "",
  );
  if (found?.region === undefined) {
    problems.push({
      given: "no region is given",
      wrong: `${REGION_SOURCES.join(", ")} were looked at; IAM's events arrive in ${Object.values(EVENT_REGIONS).join(", ")} only, one for each partition`,
      mend: `pulumi config set aws:region ${EVENT_REGIONS.aws}`,
    });
    return "aws";
  }
  const { from, region } = found;
  const partition = partitionOf(region);
  if (partition === undefined) {
    problems.push({
      given: `${from} is ${JSON.stringify(region)}`,
      wrong: `lies in a partition other than ${Object.keys(EVENT_REGIONS).join(", ")}; where IAM's events arrive there is not known`,
      mend: `pulumi config set aws:region ${EVENT_REGIONS.aws}`,
    });
    return "aws";
  }
  if (region !== EVENT_REGIONS[partition]) {
    problems.push({
      given: `${from} is ${JSON.stringify(region)}`,
      wrong: `IAM's events never arrive there; in the partition ${partition} they arrive in ${EVENT_REGIONS[partition]} only`,
      mend: `pulumi config set aws:region ${EVENT_REGIONS[partition]}`,
    });
  }
  return partition;
}

function partitionOf(region: string): Partition | undefined {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("cn-")) return "aws-cn";
  return /^\w+-iso|^eusc-/.test(region) ? undefined : "aws";
}

function isSettingName(name: string | undefined): name is SettingName {
  return name !== undefined && Object.hasOwn(SETTINGS, name);
}

/** The candidate that the text was probably meant to be, if it is within so many slips (a third of it, two at least). */
function resembling(
  text: string,
  candidates: readonly string[],
  slips = Math.max(2, Math.floor(text.length / 3)),
): string | undefined {
  const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const nearest = closest(bare(text), candidates.map(bare));
  return distance(bare(text), nearest) > slips ? undefined : candidates.find((each) => bare(each) === nearest);
}

/** As one word of a shell's command line. */
function quoted(word: string): string {
  return /^[\w:.,/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
