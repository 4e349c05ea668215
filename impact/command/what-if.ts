import * as v from "valibot";
import { SETTING_NAMES, SETTINGS, type SettingName } from "../../core/settings";

/** A setting that the command line may give another value. */
interface Asked {
  readonly name: SettingName;
  /** The option's name without its dashes: `exempt-path`, once for each entry of a list. */
  readonly option: string;
  readonly kind: "flag" | "list" | "text";
}

/** The settings that say whom a deploy would hold, or that others must go with; in the order in which they are told. */
export const ASKED: readonly Asked[] = SETTING_NAMES.filter((name) => SETTINGS[name].goesTo !== "resources").map(
  (name) => {
    const { kind, defaultValue } = SETTINGS[name];
    const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (kind.entries !== undefined) return { name, option: dashed.replace(/s$/, ""), kind: "list" };
    return { name, option: dashed, kind: typeof defaultValue === "boolean" ? "flag" : "text" };
  },
);

/** These options as node:util's parseArgs takes them. */
export const ASKED_OPTIONS = Object.fromEntries(
  ASKED.map(({ option, kind }) => [
    option,
    kind === "flag" ? ({ type: "boolean" } as const) : ({ type: "string", multiple: true } as const),
  ]),
);

/** What the settings would be, each as a stack's configuration writes it. */
export type WhatIf = { readonly [Name in SettingName]?: string };

/**
 * Reads what the command line gives the settings. A list is given entry by entry, in the place of the stack's; a single
 * empty entry makes it empty.
 *
 * @param values as parseArgs reads them
 * @throws Error that names each option with what is wrong with its value
 */
export function readWhatIf(values: Readonly<Record<string, unknown>>): WhatIf {
  const problems: string[] = [];
  const entries = ASKED.flatMap(({ name, option, kind }): readonly (readonly [SettingName, string])[] => {
    const given = values[option];
    if (given === undefined) return [];
    const texts = Array.isArray(given) ? given.map(String) : [String(given)];
    if (kind !== "list" && texts.length > 1) {
      problems.push(`--${option} is given more than once`);
      return [];
    }
    const text = kind === "list" ? JSON.stringify(texts.length === 1 && texts[0] === "" ? [] : texts) : texts.join("");
    const parsed = v.safeParse(SETTINGS[name].kind.schema, SETTINGS[name].kind.fromText(text));
    // What is wrong with a list says with which entry.
    const shown = kind === "list" ? "" : `${JSON.stringify(text)} `;
    if (!parsed.success) problems.push(...parsed.issues.map(({ message }) => `--${option}: ${shown}${message}`));
    return [[name, text]];
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return Object.fromEntries(entries);
}
