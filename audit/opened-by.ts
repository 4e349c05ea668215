import type { PolicySettings } from "../core/settings";
import { ALL_SETTINGS, SETTING_NAMES } from "./settings";

/**
 * By which settings something is there, in words: "yes", "no", "`usersPage`", "unless `enrolmentByAccessKey`", or
 * "`selfService` unless `passwordChangeWithoutMfa`". Every way to set them is tried.
 *
 * @throws Error where it depends on the settings in any other way
 */
export function openedBy(isThere: (settings: PolicySettings) => boolean): string {
  const ways = ALL_SETTINGS.filter(isThere);
  if (ways.length === 0) return "no";
  const needed = SETTING_NAMES.filter((name) => ways.every((settings) => settings[name]));
  const barred = SETTING_NAMES.filter((name) => ways.every((settings) => !settings[name]));
  // What needs some and bars others is there in each way to set the rest, or it depends on more than that.
  if (ways.length * 2 ** (needed.length + barred.length) !== ALL_SETTINGS.length) {
    const settings = SETTING_NAMES.join(", ");
    throw new Error(
      `there in ${ways.length} of the ${ALL_SETTINGS.length} ways to set ${settings}, and not by some on and some off`,
    );
  }
  const words = [...(needed.length > 0 ? [named(needed, " and ")] : []), ...unless(barred)];
  return words.length === 0 ? "yes" : words.join(" ");
}

function unless(barred: readonly string[]): readonly string[] {
  return barred.length === 0 ? [] : [`unless ${named(barred, " or ")}`];
}

function named(names: readonly string[], between: string): string {
  return names.map((name) => `\`${name}\``).join(between);
}
