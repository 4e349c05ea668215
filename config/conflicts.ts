import type { SettingName, Settings } from "../core/settings";
import type { Problem } from "./settings-error";

/**
 * Settings that are right each by itself and open a way past the guards together. Who has access keys and a device and
 * no password is held behind MFA by these modes. With `selfService` a session with MFA may take the device away, and
 * `spareKeyOnlyUsers` then frees the user for good, whose bare keys do from then on what took MFA before.
 *
 * @param told what to say of a setting and its value, and the command that puts it right
 */
export function conflictsOf(
  { mode, spareKeyOnlyUsers, selfService }: Settings,
  told: (name: SettingName) => Omit<Problem, "problems">,
): readonly Problem[] {
  if (!spareKeyOnlyUsers || !selfService || (mode !== "conditional-deny" && mode !== "strict")) return [];
  return [
    {
      ...told("spareKeyOnlyUsers"),
      problems: [
        `must be false in mode ${mode} unless selfService is: who has access keys and a device and no password could take the device away, by selfService, and would then be spared, keys and all`,
      ],
    },
  ];
}
