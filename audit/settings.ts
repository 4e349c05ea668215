import type { DoorSettings } from "../policies/door";

export type SettingName = keyof DoorSettings;

/** The names of the settings that change a policy, in the order of Pulumi.yaml. */
export const SETTING_NAMES = [
  "passwordChangeWithoutMfa",
  "enrolmentByAccessKey",
  "usersPage",
  "spareServiceCalls",
  "selfService",
] as const satisfies readonly SettingName[];

/** These settings on, and the others off. */
export function settingsWith(on: readonly SettingName[]): DoorSettings {
  return {
    passwordChangeWithoutMfa: on.includes("passwordChangeWithoutMfa"),
    enrolmentByAccessKey: on.includes("enrolmentByAccessKey"),
    usersPage: on.includes("usersPage"),
    spareServiceCalls: on.includes("spareServiceCalls"),
    selfService: on.includes("selfService"),
  };
}

/** As they are where nobody sets them, which is what Pulumi.yaml says. */
export const DEFAULT_SETTINGS = settingsWith(["selfService"]);

/** All the ways to set them. */
export const ALL_SETTINGS: readonly DoorSettings[] = Array.from({ length: 2 ** SETTING_NAMES.length }, (_, bits) =>
  settingsWith(SETTING_NAMES.filter((_, index) => (bits & (1 << index)) !== 0)),
);
