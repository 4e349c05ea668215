import { isSettingName, SETTING_NAMES, SETTINGS, type SettingName, type Settings } from "../core/settings";
import { checkSettings, type Fault, type GivenSettings } from "./check-settings";
import { removeCommand, removeEntryCommand, setCommand, setEntryCommand } from "./command";
import { NO_REGION, REGION_SOURCES, regionProblem } from "./region";
import { resembling } from "./resembling";
import { type Problem, SettingsError } from "./settings-error";
import { type StackConfiguration, shown } from "./stack-configuration";

/**
 * Reads the settings of a stack. Nothing that is meant for this program is passed over in silence: not a misspelt key,
 * not a region without IAM's events.
 *
 * @throws SettingsError listing every problem: what was given, what is allowed, and the command that puts it right.
 */
export function readSettings(source: StackConfiguration): Settings {
  const { project, stack } = source;
  const keyOf = (name: SettingName) => `${project}:${name}`;
  const { settings, problems } = checkSettings(givenIn(source), {
    shown: (name) => shown(keyOf(name), source),
    fix: fixOf,
  });
  const all = [...unknownKeys(source), ...secrets(source), ...problems, ...regionProblems(source)];
  if (all.length > 0) throw new SettingsError(all, `the configuration of ${project}, stack ${stack}`);
  return settings;
}

/** What the configuration gives, secrets left out, for they are refused whatever they are. */
function givenIn({ project, config, secretKeys }: StackConfiguration): GivenSettings {
  return Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const key = `${project}:${name}`;
      const text = config[key];
      return text === undefined || secretKeys.has(key) ? [] : [[name, SETTINGS[name].kind.fromText(text)]];
    }),
  );
}

function fixOf(name: SettingName, fault: Fault): string {
  const { kind, defaultValue } = SETTINGS[name];
  switch (fault.kind) {
    case "entry":
      return setEntryCommand(name, fault.index, kind.entries ?? "VALUE");
    case "repeated entry":
      return removeEntryCommand(name, fault.index);
    case "value":
      return kind.entries === undefined ? setCommand(name, String(defaultValue)) : removeCommand(name);
  }
}

function unknownKeys(source: StackConfiguration): readonly Problem[] {
  const prefix = `${source.project}:`;
  return Object.keys(source.config)
    .filter((key) => key.startsWith(prefix) && !isSettingName(key.slice(prefix.length)))
    .map((key) => ({
      given: shown(key, source),
      problems: [unknownSetting(key.slice(prefix.length))],
      fix: removeCommand(key),
    }));
}

/** What to say of a setting that there is not. */
export function unknownSetting(name: string): string {
  const meant = resembling(name, SETTING_NAMES);
  return `there is no such setting; ${meant ? `did you mean ${meant}?` : `there are ${SETTING_NAMES.join(", ")}`}`;
}

function secrets({ project, secretKeys }: StackConfiguration): readonly Problem[] {
  return SETTING_NAMES.map((name) => `${project}:${name}`)
    .filter((key) => secretKeys.has(key))
    .map((key) => ({
      given: `${key} is [secret]`,
      problems: [
        "settings are deployed in clear, into policies and the function's environment: set it again without --secret",
      ],
      fix: removeCommand(key),
    }));
}

function regionProblems({ config, environment }: StackConfiguration): readonly Problem[] {
  const found = REGION_SOURCES.map((from) => ({ from, region: config[from] ?? environment[from] })).find(
    ({ region }) => region !== undefined && region !== "",
  );
  if (found?.region === undefined) return [NO_REGION];
  const problem = regionProblem(found.region, found.from);
  return problem === undefined ? [] : [problem];
}
