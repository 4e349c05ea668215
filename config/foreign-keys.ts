import { DEFAULT_SETTINGS, SETTING_NAMES, SETTINGS, type SettingName } from "../core/settings";
import { COMPONENT_NAME } from "./component-name";
import { resembling } from "./resembling";
import { type StackConfiguration, shown } from "./stack-configuration";

/**
 * A warning of keys in other namespaces that may have been meant for this program, or undefined. Another tool's keys are
 * its own, and a shared environment may bring them to every stack: they are told of only where the setting of that name
 * has its default, or where the namespace nearly is this project's.
 */
export function foreignKeysWarning(source: StackConfiguration): string | undefined {
  const doubtful = Object.keys(source.config).filter((key) => mayBeMeantForUs(key, source));
  if (doubtful.length === 0) return undefined;
  const told = doubtful.map((key) => shown(key, source)).join("; ");
  return `${told}: keys of another project are not read; the settings of this one begin with ${source.project}:`;
}

function mayBeMeantForUs(key: string, source: StackConfiguration): boolean {
  const colon = key.indexOf(":");
  const namespace = key.slice(0, colon);
  if (["aws", "pulumi", source.project].includes(namespace)) return false;
  if (resembling(namespace, [source.project, COMPONENT_NAME]) !== undefined) return true;
  const name = key.slice(colon + 1);
  const meant = SETTING_NAMES.find((each) => each === name);
  return meant !== undefined && hasDefault(meant, source);
}

/** Pulumi adds the defaults of Pulumi.yaml to the configuration, so an absent key and a default look the same. */
function hasDefault(name: SettingName, { project, config }: StackConfiguration): boolean {
  const text = config[`${project}:${name}`];
  const defaultValue = JSON.stringify(DEFAULT_SETTINGS[name]);
  return text === undefined || JSON.stringify(SETTINGS[name].kind.fromText(text)) === defaultValue;
}
