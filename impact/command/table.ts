import { styleText } from "node:util";
import { printable } from "../../command-line/printable";
import { GUARD_NAMES } from "../../core/guards";
import type { Finding, Impact } from "../impact";
import type { Person } from "../people";
import { countsInWords, dayOf, groupsOf, NAMES_TOLD, sourceInWords } from "../words";

// styleText leaves colours out where the terminal has none or NO_COLOR is set. One style a call: given several at once,
// Node 20 always writes them.
/** What stands out on a terminal. */
export const strong = (text: string) => styleText("bold", text);
/** What stands back. */
export const faint = (text: string) => styleText("dim", text);
/** What wants a look. */
export const yellow = (text: string) => styleText("yellow", text);

/** Widths in characters. */
const PLACE_WIDTH = 12;
const COUNT_WIDTH = 7;
const NAME_WIDTH = 32;
const BAR_WIDTH = 40;

/**
 * The report for a terminal: where people stand before and after, who changes and why, and what wants a look.
 *
 * @param all names everybody, and not the first twenty alone
 * @param whatIf the settings that are not as the stack's configuration says, in words
 */
export function table(impact: Impact, all: boolean, whatIf: readonly string[]): string {
  const { account, caller, stack, settings } = impact;
  const paragraphs = [
    [
      `${strong(`impact on account ${account}, stack ${stack}, mode ${settings.mode}`)}`,
      faint(`read as ${caller}, ${sourceInWords(impact)}`),
      ...whatIf.map((each) => `what if ${each}`),
    ],
    placesLines(impact),
    [`${countsInWords(impact)}`],
    ...peopleParagraphs(impact, all ? Number.POSITIVE_INFINITY : NAMES_TOLD),
  ];
  return paragraphs.map((lines) => lines.join("\n")).join("\n\n");
}

/** Who changes and why, and what wants a look: paragraphs of lines, each with so many names at the most. */
export function peopleParagraphs(
  impact: Pick<Impact, "people" | "findings">,
  most: number,
): readonly (readonly string[])[] {
  const people = new Map(impact.people.map((person) => [person.user, person]));
  const groups = groupsOf(impact).map(({ title, members }) =>
    paragraph(
      `${strong(title)} (${members.length})`,
      members.flatMap(({ user, what }) => {
        const person = people.get(user);
        return person === undefined ? [] : [personLine(person, what)];
      }),
      most,
    ),
  );
  return [...groups, ...impact.findings.map((finding) => findingLines(finding, most))];
}

/** How many stand where, before and after. */
export function placesLines({ before, after, users }: Pick<Impact, "before" | "after" | "users">): readonly string[] {
  const bar = (count: number) => "█".repeat(users === 0 ? 0 : Math.ceil((count / users) * BAR_WIDTH));
  return [
    faint(`${"".padEnd(PLACE_WIDTH)}${"now".padStart(COUNT_WIDTH)}${"after".padStart(COUNT_WIDTH)}`),
    ...(["free", ...GUARD_NAMES] as const).map((place) => {
      const counts = `${String(before[place]).padStart(COUNT_WIDTH)}${String(after[place]).padStart(COUNT_WIDTH)}`;
      return `${place.padEnd(PLACE_WIDTH)}${counts}  ${bar(after[place])}`.trimEnd();
    }),
  ];
}

function personLine({ user, path, passwordChangedAt, lastUsedAt }: Person, what: string | undefined): string {
  const about = [
    ...(what === undefined ? [] : [what]),
    ...(path === "/" ? [] : [path]),
    ...(passwordChangedAt === undefined ? [] : [`password of ${dayOf(passwordChangedAt)}`]),
    ...(lastUsedAt === undefined ? [] : [`last used ${dayOf(lastUsedAt)}`]),
  ];
  return `${user.padEnd(NAME_WIDTH)}${faint(printable(about.join(", ")))}`.trimEnd();
}

function findingLines({ message, users }: Finding, most: number): readonly string[] {
  return paragraph(
    `${yellow("!")} ${printable(message)}`,
    users.map(({ user, what = "" }) => `${user.padEnd(NAME_WIDTH)}${faint(printable(what))}`.trimEnd()),
    most,
  );
}

/** A title and lines below it, so many at the most. */
export function paragraph(title: string, lines: readonly string[], most: number): readonly string[] {
  const more = lines.length - most;
  return [
    title,
    ...lines.slice(0, most).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more, whom --all names`] : []),
  ];
}
