import { printable } from "../../command-line/printable";
import { GUARD_NAMES } from "../../core/guards";
import type { Concerned, Impact } from "../impact";
import { countsInWords, groupsOf, NAMES_TOLD, sourceInWords } from "../words";

/**
 * The report as Markdown, for the summary of a pull request's job.
 *
 * @param all names everybody, and not the first twenty alone
 * @param whatIf the settings that are not as the stack's configuration says, in words
 */
export function markdown(impact: Impact, all: boolean, whatIf: readonly string[]): string {
  const most = all ? Number.POSITIVE_INFINITY : NAMES_TOLD;
  const { account, stack, settings, findings } = impact;
  return [
    `## Impact on account ${account}, stack ${text(stack)}, mode ${settings.mode}`,
    `${countsInWords(impact)} (${sourceInWords(impact)}).`,
    ...whatIf.map((each) => `What if ${text(each)}.`),
    placesTable(impact),
    ...groupsOf(impact).map(({ title, members }) => `**${text(title)}** (${members.length}): ${names(members, most)}`),
    ...(findings.length === 0 ? [] : ["### What wants a look"]),
    ...(findings.length === 0
      ? []
      : [
          findings
            .map(({ message, users }) => `- ${text(message)}${users.length === 0 ? "" : `: ${names(users, most)}`}`)
            .join("\n"),
        ]),
  ].join("\n\n");
}

/** How many stand where, before and after. */
export function placesTable({ before, after }: Pick<Impact, "before" | "after">): string {
  return [
    row("", "now", "after"),
    "|---|---:|---:|",
    ...(["free", ...GUARD_NAMES] as const).map((place) => row(place, before[place], after[place])),
  ].join("\n");
}

/** A row of a table. */
export function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function names(members: readonly Concerned[], most: number): string {
  const told = members
    .slice(0, most)
    .map(({ user, what }) => `\`${user}\`${what === undefined ? "" : ` (${text(what)})`}`);
  const more = members.length - told.length;
  return `${told.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** A text that Markdown and HTML are to show as it is; texts of AWS's and paths may hold anything. */
export function text(plain: string): string {
  return printable(plain.replace(/\s+/g, " ")).replace(/[\\`*_[\]<>|~&]/g, (each) => ENTITIES[each] ?? `\\${each}`);
}

const ENTITIES: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };
