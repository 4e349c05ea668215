import * as pulumi from "@pulumi/pulumi";
import { MODES } from "./handler/decide";
import { PlainError } from "./plain-error";
import { EVENT_REGIONS, type Partition } from "./policies/partitions";
import { removeCommand, setCommand } from "./settings/command";
import { examplePathCommand, groupNames, userNames, userPaths } from "./settings/list";
import { choice, flag, integer, rate, resembling, type Setting } from "./settings/setting";

/** All that settings are read from. */
export interface SettingsSource {
  /** The project's name, which is the namespace of its settings. */
  readonly project: string;
  readonly stack: string;
  /** Every key of the stack's configuration, namespace included, as `pulumi.runtime.allConfig()` gives them. */
  readonly config: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const SETTINGS = {
  mode: choice(MODES, "quarantine"),
  dryRun: flag(false),
  passwordChangeWithoutMfa: flag(false),
  enrolmentByAccessKey: flag(false),
  usersPage: flag(false),
  spareServiceCalls: flag(false),
  selfService: flag(true),
  onlyUsers: userNames("only"),
  onlyPaths: userPaths("only"),
  onlyGroups: groupNames("only"),
  exemptUsers: userNames("exempt"),
  exemptPaths: userPaths("exempt"),
  exemptGroups: groupNames("exempt"),
  spareKeyOnlyUsers: flag(false),
  sweepEvery: rate("rate(1 hour)"),
  maxReleases: integer(0, 5000, 50),
} as const;

type SettingName = keyof typeof SETTINGS;
const NAMES = Object.keys(SETTINGS);

/** The settings of a stack, read and checked, and the partition that its region lies in. */
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never;
} & { readonly partition: Partition };

/** One thing that is wrong, and the commands that mend it. */
interface Problem {
  readonly given: string;
  /** A line each. */
  readonly wrong: readonly string[];
  /** One after the other. */
  readonly mend: readonly string[];
}

/** Everything that is wrong with a stack's configuration, in one message. */
class SettingsError extends PlainError {
  constructor(problems: readonly Problem[], { project, stack }: SettingsSource) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const listed = problems.map(({ given, wrong, mend }) => `  ${[given, ...wrong, mend.join(" && ")].join("\n    ")}`);
    super(
      [`${count} in the configuration of ${project}, stack ${stack}; nothing was deployed.`, ...listed].join("\n\n"),
    );
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
    // Of a secret nothing is told, not even by the command that mends it.
    const told = isSecret(key, source) ? "" : text;
    const textOf = (other: string) => source.config[`${source.project}:${other}`];
    problems.push({
      given: shown(key, source),
      wrong: setting.wrong(told),
      mend: setting.mend(name, told, textOf),
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
    onlyUsers: settingOf("onlyUsers", SETTINGS.onlyUsers),
    onlyPaths: settingOf("onlyPaths", SETTINGS.onlyPaths),
    onlyGroups: settingOf("onlyGroups", SETTINGS.onlyGroups),
    exemptUsers: settingOf("exemptUsers", SETTINGS.exemptUsers),
    exemptPaths: settingOf("exemptPaths", SETTINGS.exemptPaths),
    exemptGroups: settingOf("exemptGroups", SETTINGS.exemptGroups),
    spareKeyOnlyUsers: settingOf("spareKeyOnlyUsers", SETTINGS.spareKeyOnlyUsers),
    sweepEvery: settingOf("sweepEvery", SETTINGS.sweepEvery),
    maxReleases: settingOf("maxReleases", SETTINGS.maxReleases),
    partition: readPartition(source, problems),
  };
  problems.push(...oversize(settings));
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
    wrong: [`the program has no such setting; ${meant ? `did you mean ${meant}?` : `it knows ${NAMES.join(", ")}`}`],
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
    wrong: [
      `a key of a project named ${namespace}; this one is ${source.project}, and its settings read ${source.project}:…`,
    ],
    mend: replacing(key, resembling(name, NAMES), text, source),
  };
}

/** A key and its value, unless the stack keeps it secret. */
function shown(key: string, source: SettingsSource): string {
  return `${key} is ${isSecret(key, source) ? "[secret]" : JSON.stringify(source.config[key])}`;
}

function isSecret(key: string, { environment }: SettingsSource): boolean {
  const secretKeys: unknown = JSON.parse(environment["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  return Array.isArray(secretKeys) && secretKeys.includes(key);
}

/** Other providers' keys pass: a shared environment may bring them to every stack. */
function looksMeantForUs(namespace: string, name: string, { project }: SettingsSource): boolean {
  if (namespace === "aws" || namespace === "pulumi") return false;
  // A slip in a word of four letters makes a word of another provider: node, code, zone.
  const slips = name.length > 5 ? 1 : 0;
  return resembling(name, NAMES, slips) !== undefined || resembling(namespace, [project, "require-mfa"]) !== undefined;
}

/** The commands that take a stray key away, and put its value, unless it is secret, where it was meant to go. */
function replacing(key: string, meant: string | undefined, text: string, source: SettingsSource): readonly string[] {
  const remove = removeCommand(key);
  if (!isSettingName(meant) || source.config[`${source.project}:${meant}`] !== undefined) return [remove];
  return isSecret(key, source) ? [remove] : [remove, ...SETTINGS[meant].set(meant, text)];
}

/** The lists that the scope and the exemptions from it are made of. */
type Lists = Pick<Settings, "onlyUsers" | "onlyPaths" | "onlyGroups" | "exemptUsers" | "exemptPaths" | "exemptGroups">;

/** The environment of a Lambda function ends at 4 KB, and the lists share it with the guards and the other rules. */
const BYTES_OF_LISTS = 2_800;

/** An EventBridge pattern ends at 2,048 characters, and each name of a group stands in it as a matcher of its own. */
const CHARACTERS_OF_GROUPS = 700;
const CHARACTERS_OF_A_MATCHER = 25;

/** What the lists take together is more than there is room for. */
function oversize(lists: Lists): readonly Problem[] {
  const { onlyUsers, onlyPaths, onlyGroups, exemptUsers, exemptPaths, exemptGroups } = lists;
  const bytesOf = (list: readonly string[]) => Buffer.byteLength(JSON.stringify(list));
  const charactersOf = (groups: readonly string[]) =>
    groups.reduce((sum, group) => sum + group.length + CHARACTERS_OF_A_MATCHER, 0);
  const only = [onlyUsers, onlyPaths, onlyGroups].map(bytesOf);
  const exempt = [exemptUsers, exemptPaths, exemptGroups].map(bytesOf);
  const bytes = [...only, ...exempt].reduce((sum, each) => sum + each);
  const characters = charactersOf(onlyGroups) + charactersOf(exemptGroups);
  const instead = (isOnly: boolean) => [
    isOnly ? examplePathCommand("only", onlyPaths.length) : examplePathCommand("exempt", exemptPaths.length),
  ];
  const problems: Problem[] = [];
  if (bytes > BYTES_OF_LISTS) {
    problems.push({
      given: `the lists of the scope and of the exempt take ${grouped(bytes)} bytes as JSON`,
      wrong: [
        `must take at most ${grouped(BYTES_OF_LISTS)}, because the environment of a Lambda function ends at 4 KB; name a path or a group instead of many users`,
      ],
      mend: instead(Math.max(...only) > Math.max(...exempt)),
    });
  }
  if (characters > CHARACTERS_OF_GROUPS) {
    problems.push({
      given: `onlyGroups and exemptGroups take ${grouped(characters)} characters, each name ${CHARACTERS_OF_A_MATCHER} more than its own`,
      wrong: [
        `must take at most ${grouped(CHARACTERS_OF_GROUPS)}, because an EventBridge pattern ends at 2,048; name a path instead of many groups`,
      ],
      mend: instead(charactersOf(onlyGroups) > charactersOf(exemptGroups)),
    });
  }
  return problems;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/**
 * What is allowed and yet worth saying when it is deployed: whoever is in the scope and exempt at once is exempt. Who
 * is in a group or below a path is not known here, so only what the lists themselves say is compared.
 */
export function noticesOf(settings: Settings): readonly string[] {
  return [
    ...namedTwice("Users", settings.onlyUsers, settings.exemptUsers),
    ...settings.onlyPaths.flatMap((only) =>
      settings.exemptPaths
        .filter((exempt) => only.startsWith(exempt))
        .map((exempt) => `exemptPaths ${exempt} covers onlyPaths ${only}: exempt`),
    ),
    ...namedTwice("Groups", settings.onlyGroups, settings.exemptGroups),
  ];
}

function namedTwice(kind: "Users" | "Groups", only: readonly string[], exempt: readonly string[]): readonly string[] {
  const scope = new Set(only.map((name) => name.toLowerCase()));
  return exempt
    .filter((name) => scope.has(name.toLowerCase()))
    .map((name) => `exempt${kind} and only${kind} both name ${name}: exempt`);
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
      wrong: [
        `${REGION_SOURCES.join(", ")} were looked at; IAM's events arrive in ${Object.values(EVENT_REGIONS).join(", ")} only, one for each partition`,
      ],
      mend: [setCommand("aws:region", EVENT_REGIONS.aws)],
    });
    return "aws";
  }
  const { from, region } = found;
  const partition = partitionOf(region);
  if (partition === undefined) {
    problems.push({
      given: `${from} is ${JSON.stringify(region)}`,
      wrong: [
        `lies in a partition other than ${Object.keys(EVENT_REGIONS).join(", ")}; where IAM's events arrive there is not known`,
      ],
      mend: [setCommand("aws:region", EVENT_REGIONS.aws)],
    });
    return "aws";
  }
  if (region !== EVENT_REGIONS[partition]) {
    problems.push({
      given: `${from} is ${JSON.stringify(region)}`,
      wrong: [
        `IAM's events never arrive there; in the partition ${partition} they arrive in ${EVENT_REGIONS[partition]} only`,
      ],
      mend: [setCommand("aws:region", EVENT_REGIONS[partition])],
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
