import { writeFileSync } from "node:fs";
import { progressOn } from "../../command-line/progress";
import { COMPONENT_NAME } from "../../config/component-name";
import { foreignKeysWarning } from "../../config/foreign-keys";
import { readSettings } from "../../config/read-settings";
import type { StackConfiguration } from "../../config/stack-configuration";
import { readStackFiles } from "../../config/stack-files";
import { isSettingName, SETTINGS, type Settings } from "../../core/settings";
import { type Evidence, gatherEvidence } from "../../evidence/gather-evidence";
import { evidenceMarkdown, evidenceText } from "../../evidence/tell-evidence";
import { connect } from "../connect";
import { findCredentials } from "../credentials";
import type { Impact } from "../impact";
import { readImpact } from "../read-impact";
import { awsOfStack } from "./aws-of-stack";
import { serveDemo } from "./demo";
import { markdown } from "./markdown";
import type { Options, Print } from "./options";
import { page } from "./page";
import { showReading } from "./reading";
import { table } from "./table";
import type { WhatIf } from "./what-if";

/** Exit codes of a report. */
const NOBODY_NEW = 0;
const SOMEBODY_NEW = 3;

/** Seconds that the credential report is waited for at the most. */
const MOST_SECONDS = 120;

/** How many calls are expected where IAM does not say how many users there are. */
const FEW_CALLS = 5;

/** Where a report comes from. */
interface Source {
  readonly configuration: StackConfiguration;
  /** What of the configuration is not known here, in words. */
  readonly notRead: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Reads an account and tells what is asked for.
 *
 * @returns the exit code: whether somebody would be newly held
 * @throws SettingsError where a setting is wrong; Error where there is no such stack, and where the account can't be read
 */
export async function run({
  print,
  html,
  all,
  account,
  logs,
  whatIf,
}: Exclude<Options, { print: "usage" }>): Promise<number> {
  const source = await sourceOf(account);
  try {
    const configuration = withWhatIf(source.configuration, whatIf);
    const settings = readSettings(configuration);
    const foreign = foreignKeysWarning(configuration);
    if (foreign !== undefined) warn(foreign);
    for (const each of source.notRead) warn(`${each} are not read here`);
    const impact = await tell(configuration, settings);
    const evidence = logs.length === 0 ? undefined : await gather(logs, impact);
    const asked = whatIfInWords(whatIf, source.configuration);
    if (html !== undefined) {
      writeFileSync(html, page(impact, asked));
      console.error(`the page is in ${html}`);
    }
    console.log(printed(print, impact, evidence, all, asked));
    return impact.changes.held > 0 ? SOMEBODY_NEW : NOBODY_NEW;
  } finally {
    await source.close();
  }
}

function warn(text: string): void {
  console.error(`warning: ${text}`);
}

async function sourceOf(account: { readonly stack: string | undefined } | "demo"): Promise<Source> {
  if (account === "demo") return { ...(await serveDemo()), notRead: [] };
  return { ...readStackFiles(process.cwd(), account.stack, process.env), close: async () => undefined };
}

/** The configuration with what the command line gives in the place of what it says. */
function withWhatIf(source: StackConfiguration, whatIf: WhatIf): StackConfiguration {
  const asked = Object.entries(whatIf).map(([name, text]) => [`${source.project}:${name}`, text] as const);
  return { ...source, config: { ...source.config, ...Object.fromEntries(asked) } };
}

/** What of the settings is asked otherwise than the stack's configuration says, in words. */
function whatIfInWords(whatIf: WhatIf, { project, config }: StackConfiguration): readonly string[] {
  return Object.entries(whatIf).flatMap(([name, text]) => {
    const before = config[`${project}:${name}`] ?? (isSettingName(name) ? textOf(SETTINGS[name].defaultValue) : "");
    return before === text ? [] : [`${name} were ${text}, and not ${before}`];
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function tell(configuration: StackConfiguration, settings: Settings): Promise<Impact> {
  const { aws, warnings } = awsOfStack({ ...configuration, environment: process.env });
  for (const each of warnings) warn(each);
  const progress = progressOn(process.stderr);
  let onCall: (call: string) => void = () => undefined;
  const connection = await connect(aws, await findCredentials(aws), (call) => onCall(call));
  try {
    if (process.stderr.isTTY) {
      const expected = await connection.more.countCalls().catch(() => FEW_CALLS);
      onCall = showReading(progress, expected);
    }
    const until = connection.clock.now() + MOST_SECONDS * 1000;
    const question = { stack: configuration.stack, name: COMPONENT_NAME, settings };
    return await readImpact(question, connection, () => connection.clock.now() < until);
  } finally {
    progress.say();
    connection.close();
  }
}

/** Reads logs and judges each user's calls by the guard that the impact finds for the user, now or once it is due. */
async function gather(logs: readonly string[], { account, people, settings }: Impact): Promise<Evidence> {
  const guards = new Map(people.map(({ user, guard }) => [user.toLowerCase(), guard]));
  const progress = progressOn(process.stderr);
  try {
    return await gatherEvidence({
      paths: logs,
      settings,
      guardOf: (caller) => (caller.account === account ? guards.get(caller.user.toLowerCase()) : undefined),
      onProgress: ({ files, records }) => progress.doing(`reading logs: ${files} files, ${records} records`),
    });
  } finally {
    progress.say();
  }
}

function printed(
  print: Print,
  impact: Impact,
  evidence: Evidence | undefined,
  all: boolean,
  whatIf: readonly string[],
): string {
  const told = (text: string, more: (evidence: Evidence, all: boolean) => string) =>
    evidence === undefined ? text : `${text}\n\n${more(evidence, all)}`;
  switch (print) {
    case "json":
      return JSON.stringify(evidence === undefined ? impact : { ...impact, evidence }, undefined, 2);
    case "markdown":
      return told(markdown(impact, all, whatIf), evidenceMarkdown);
    case "table":
      return told(table(impact, all, whatIf), evidenceText);
  }
}
