import { writeFileSync } from "node:fs";
import { foreignKeysWarning } from "../../config/foreign-keys";
import { readSettings } from "../../config/read-settings";
import type { StackConfiguration } from "../../config/stack-configuration";
import { readStackFiles } from "../../config/stack-files";
import { isSettingName, SETTINGS } from "../../core/settings";
import { serveDemo, serveOrganizationDemo } from "./demo";
import type { Options } from "./options";
import { reportOnAccount } from "./report-on-account";
import { reportOnOrganization } from "./report-on-organization";
import { warn } from "./warn";
import type { WhatIf } from "./what-if";

/** Exit codes of a report. */
const NOBODY_NEW = 0;
const SOMEBODY_NEW = 3;

/** The exit code where it can't be told. */
export const NOT_TOLD = 1;

/** Where a report comes from. */
interface Source {
  readonly configuration: StackConfiguration;
  /** What of the configuration is not known here, in words. */
  readonly notRead: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Reads an account, or a whole organization, and tells what is asked for.
 *
 * @returns the exit code: whether somebody would be newly held, or that it can't be told
 * @throws SettingsError where a setting is wrong; Error where there is no such stack, and where the account can't be read
 */
export async function run({
  print,
  html,
  all,
  account,
  logs,
  whatIf,
  organization,
}: Exclude<Options, { print: "usage" }>): Promise<number> {
  const source = await sourceOf(account, organization !== undefined);
  try {
    const configuration = withWhatIf(source.configuration, whatIf);
    const settings = readSettings(configuration);
    const foreign = foreignKeysWarning(configuration);
    if (foreign !== undefined) warn(foreign);
    for (const each of source.notRead) warn(`${each} are not read here`);
    const asked = { configuration, settings, whatIf: whatIfInWords(whatIf, source.configuration), print, all, logs };
    const report = await (organization === undefined
      ? reportOnAccount(asked)
      : reportOnOrganization(asked, organization));
    if (html !== undefined) {
      writeFileSync(html, report.page());
      console.error(`the page is in ${html}`);
    }
    console.log(report.text);
    if (report.isSomebodyNew === undefined) return NOT_TOLD;
    return report.isSomebodyNew ? SOMEBODY_NEW : NOBODY_NEW;
  } finally {
    await source.close();
  }
}

async function sourceOf(
  account: { readonly stack: string | undefined } | "demo",
  isOrganization: boolean,
): Promise<Source> {
  if (account === "demo") return { ...(await (isOrganization ? serveOrganizationDemo() : serveDemo())), notRead: [] };
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
