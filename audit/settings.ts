import type { DoorSettings } from "../policies/door";

/** The names of the settings that change a policy, in the order of Pulumi.yaml. */
export const SETTING_NAMES = [
  "passwordChangeWithoutMfa",
  "enrolmentByAccessKey",
  "usersPage",
  "spareServiceCalls",
  "selfService",
] as const satisfies readonly (keyof DoorSettings)[];

/** As they are where nobody sets them, which is what Pulumi.yaml says. */
export const DEFAULT_SETTINGS: DoorSettings = settingsBy((name) => name === "selfService");

/** All the ways to set them. */
export const ALL_SETTINGS: readonly DoorSettings[] = Array.from({ length: 2 ** SETTING_NAMES.length }, (_, bits) =>
  settingsBy((name) => (bits & (1 << SETTING_NAMES.indexOf(name))) !== 0),
);

function settingsBy(isOn: (name: (typeof SETTING_NAMES)[number]) => boolean): DoorSettings {
  return {
    passwordChangeWithoutMfa: isOn("passwordChangeWithoutMfa"),
    enrolmentByAccessKey: isOn("enrolmentByAccessKey"),
    usersPage: isOn("usersPage"),
    spareServiceCalls: isOn("spareServiceCalls"),
    selfService: isOn("selfService"),
  };
}
