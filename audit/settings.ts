import { POLICY_SETTING_NAMES, type PolicySettings, policySettingsBy, SETTINGS } from "../core/settings";

export type SettingName = keyof PolicySettings;

/** The names of the settings that change a policy, in the order of Pulumi.yaml. */
export const SETTING_NAMES = POLICY_SETTING_NAMES;

/** Those of them that say what a door is; the other one only allows, which an SCP does not. */
export const DOOR_SETTINGS = SETTING_NAMES.filter((name) => name !== "selfService");

/** These settings on, and the others off. */
export function settingsWith(on: readonly SettingName[]): PolicySettings {
  return policySettingsBy((name) => on.includes(name));
}

/** As they are where nobody sets them, which is what Pulumi.yaml says. */
export const DEFAULT_SETTINGS = policySettingsBy((name) => SETTINGS[name].defaultValue);

/** All the ways to set them. */
export const ALL_SETTINGS: readonly PolicySettings[] = Array.from({ length: 2 ** SETTING_NAMES.length }, (_, bits) =>
  settingsWith(SETTING_NAMES.filter((_, index) => (bits & (1 << index)) !== 0)),
);
