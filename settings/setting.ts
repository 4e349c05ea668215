import { closest, distance } from "fastest-levenshtein";
import { secondsOfRate } from "../handler/rate";
import { setCommand, setCommandFor } from "./command";

/** How one setting is read; its meaning stands in Pulumi.yaml. */
export interface Setting<T> {
  /** As in Pulumi.yaml, which Pulumi's mocks do not read. */
  readonly preset: T;
  /** What the text means; undefined where it means nothing that is allowed. */
  readonly read: (text: string) => T | undefined;
  /** Of a text that means nothing allowed: what would be, or what of it is not. A line each. */
  readonly wrong: (text: string) => readonly string[];
  /** The commands that give the setting, where it is not there yet, what the text means, or the closest allowed. */
  readonly set: (name: string, text: string) => readonly string[];
  /** The commands that make of the text, where it is there already, the closest allowed. */
  readonly mend: (name: string, text: string, textOf: TextOf) => readonly string[];
}

/** The text of another setting, by its name. */
type TextOf = (name: string) => string | undefined;

/** How a setting is read that is one word. */
interface Word<T> {
  readonly preset: T;
  /** What is allowed, in words. */
  readonly allowed: string;
  readonly read: (text: string) => T | undefined;
  /** An allowed text, the closest to the one given; undefined where none can have been meant. */
  readonly nearest: (text: string) => string | undefined;
}

function word<T>({ preset, allowed, read, nearest }: Word<T>): Setting<T> {
  const set = (name: string, text: string) => {
    // To guess at random could switch on what was to be switched off.
    const meant = read(text) === undefined ? nearest(text) : text;
    return [meant === undefined ? setCommandFor(name, allowed) : setCommand(name, meant)];
  };
  return { preset, read, wrong: () => [`must be ${allowed}`], set, mend: set };
}

/** One of a few words. */
export const choice = <const T extends string>(choices: readonly T[], preset: T): Setting<T> =>
  word({
    preset,
    allowed: `one of ${choices.join(", ")}`,
    read: (text) => choices.find((each) => each === text),
    nearest: (text) => resembling(text, choices) ?? begun(text, choices) ?? negated(text, choices),
  });

/** The one choice that the text begins. */
function begun(text: string, choices: readonly string[]): string | undefined {
  const [only, another] = choices.filter((each) => text !== "" && each.startsWith(text.toLowerCase()));
  return another === undefined ? only : undefined;
}

/** Off, where there is such a choice, for whoever says no in other words. */
function negated(text: string, choices: readonly string[]): string | undefined {
  return NO.test(text) ? choices.find((each) => each === "off") : undefined;
}

const YES = /^(yes|y|on|1|enabled?)$/i;
const NO = /^(no|n|off|0|disabled?|none|false)$/i;

/** Yes or no. */
export const flag = (preset: boolean): Setting<boolean> =>
  word({
    preset,
    allowed: "true or false",
    read: (text) => (text === "true" ? true : text === "false" ? false : undefined),
    nearest: (text) => {
      if (YES.test(text)) return "true";
      if (NO.test(text)) return "false";
      return resembling(text, ["true", "false"]);
    },
  });

/** A whole number between two others, which are allowed too. */
export const integer = (least: number, most: number, preset: number): Setting<number> =>
  word({
    preset,
    allowed: `a whole number from ${least} to ${most}`,
    read: (text) => {
      const number = /^(0|[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
    nearest: (text) => {
      const bare = text.replace(/[\s,_']/g, "");
      const number = bare === "" ? Number.NaN : Math.round(Number(bare));
      return String(Number.isNaN(number) ? preset : Math.min(most, Math.max(least, number)));
    },
  });

/** How often something is done, as EventBridge writes it, from 15 minutes to 1 day. */
export const rate = (preset: string): Setting<string> =>
  word({
    preset,
    allowed: "a rate from 15 minutes to 1 day as EventBridge writes it: rate(15 minutes), rate(1 hour), rate(1 day)",
    read: (text) => (secondsOfRate(text) >= SHORTEST && secondsOfRate(text) <= LONGEST ? text : undefined),
    nearest: (text) => nearestRate(text) ?? preset,
  });

const SECONDS = { day: 86_400, hour: 3_600, minute: 60 } as const;
const UNITS = ["day", "hour", "minute"] as const satisfies readonly (keyof typeof SECONDS)[];
const SHORTEST = 15 * SECONDS.minute;
const LONGEST = SECONDS.day;

/** What was probably meant, brought between the bounds; in the unit given, or a smaller one where that is not whole. */
function nearestRate(text: string): string | undefined {
  const likely = /^\s*(?:rate\s*\(\s*)?(\d+(?:\.\d+)?)?\s*(m|min|minute|h|hour|d|day)s?\s*\)?\s*$/i;
  const [, count = "1", name = ""] = likely.exec(text) ?? [];
  const given = UNITS.find((each) => name !== "" && each.startsWith(name.toLowerCase()));
  if (given === undefined) return undefined;
  const bounded = Math.min(LONGEST, Math.max(SHORTEST, Number(count) * SECONDS[given]));
  const seconds = Math.round(bounded / SECONDS.minute) * SECONDS.minute;
  const unit = UNITS.slice(UNITS.indexOf(given)).find((each) => seconds % SECONDS[each] === 0) ?? "minute";
  const units = seconds / SECONDS[unit];
  return `rate(${units} ${unit}${units === 1 ? "" : "s"})`;
}

/** The candidate that the text was probably meant to be, if it is within so many slips (a third of it, two at least). */
export function resembling(
  text: string,
  candidates: readonly string[],
  slips = Math.max(2, Math.floor(text.length / 3)),
): string | undefined {
  const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const nearest = closest(bare(text), candidates.map(bare));
  return distance(bare(text), nearest) > slips ? undefined : candidates.find((each) => bare(each) === nearest);
}
