import { printable } from "../../command-line/printable";
import {
  type AccountReport,
  findingsIn,
  type OrganizationImpact,
  type ReadAccount,
  readAccountsOf,
  totalOf,
} from "../organization/organization-impact";
import { countsInWords, NAMES_TOLD, usersInWords } from "../words";
import { CHANGES, changesTold, FINDINGS } from "./labels";
import { accountsInWords, pathInWords, unitsOf } from "./organization-words";
import { faint, paragraph, peopleParagraphs, placesLines, strong, yellow } from "./table";

/** Widths in characters; a column of figures is as wide as its header, and two more. */
const NAME_WIDTH = 44;
const GAP = 2;

/**
 * The report on an organization for a terminal: where people stand before and after, how many change in which account, what
 * wants a look, and which accounts were not read.
 *
 * @param all names everybody, account by account, and every account of which something is said
 * @param whatIf the settings that are not as the stack's configuration says, in words
 */
export function organizationTable(impact: OrganizationImpact, all: boolean, whatIf: readonly string[]): string {
  const most = all ? Number.POSITIVE_INFINITY : NAMES_TOLD;
  const { organization, stack, settings, caller, role, accounts } = impact;
  const read = readAccountsOf(accounts);
  const paragraphs = [
    [
      strong(`impact on organization ${organization}, stack ${stack}, mode ${settings.mode}`),
      faint(printable(`read as ${caller}, and by the role ${role}: ${accountsInWords(impact)}`)),
      ...whatIf.map((each) => `what if ${each}`),
    ],
    placesLines(impact),
    [countsInWords(impact)],
    ...notReadParagraphs(accounts, most),
    ...(read.length === 0 ? [] : [accountLines(impact)]),
    ...findingsIn(read).map(({ finding, accounts: those }) =>
      paragraph(
        `${yellow("!")} ${FINDINGS[finding]}`,
        those.map(({ account, name, users }) => accountLine(account, name, users === 0 ? "" : usersInWords(users))),
        most,
      ),
    ),
    ...(all ? read.flatMap(peopleOf) : []),
  ];
  return paragraphs.map((lines) => lines.join("\n")).join("\n\n");
}

function notReadParagraphs(accounts: readonly AccountReport[], most: number): readonly (readonly string[])[] {
  // Those that could not be read are all named, whatever is asked for.
  const notRead = accounts.flatMap(({ account, name, outcome }) =>
    outcome.state === "not read" ? [accountLine(account, name, `${outcome.why}; ${outcome.remedy}`)] : [],
  );
  const leftOut = accounts.flatMap(({ account, name, outcome }) =>
    outcome.state === "left out" ? [accountLine(account, name, outcome.why)] : [],
  );
  return [
    ...(notRead.length === 0
      ? []
      : [paragraph(`${yellow("!")} ${strong("could not be read")} (${notRead.length})`, notRead, notRead.length)]),
    ...(leftOut.length === 0 ? [] : [paragraph(`${strong("left out")} (${leftOut.length})`, leftOut, most)]),
  ];
}

function accountLine(account: string, name: string, what: string): string {
  return `${nameOf(account, name).padEnd(NAME_WIDTH)}${faint(printable(what))}`.trimEnd();
}

function nameOf(account: string, name: string): string {
  return `${account} ${printable(name)}`;
}

function accountLines(impact: OrganizationImpact): readonly string[] {
  const changes = changesTold(impact);
  const headers = ["users", ...changes.map((change) => CHANGES[change])];
  const line = (name: string, figures: readonly (number | string)[]) =>
    `${name.padEnd(NAME_WIDTH)}${figures.map((each, index) => String(each).padStart((headers[index]?.length ?? 0) + GAP)).join("")}`;
  const figuresOf = ({ users, changes: counts }: Pick<OrganizationImpact, "users" | "changes">) => [
    users,
    ...changes.map((change) => counts[change]),
  ];
  return [
    faint(line("", headers)),
    ...unitsOf(impact).flatMap(({ name, accounts }) => [
      strong(line(printable(name), figuresOf(totalOf(accounts.map((each) => each.impact))))),
      ...accounts.map(({ account, name: called, impact: of }) => line(`  ${nameOf(account, called)}`, figuresOf(of))),
    ]),
  ];
}

/** Everybody of one account. */
function peopleOf({ account, name, unit, impact }: ReadAccount): readonly (readonly string[])[] {
  const paragraphs = peopleParagraphs(impact, Number.POSITIVE_INFINITY);
  if (paragraphs.length === 0) return [];
  return [[strong(`${nameOf(account, name)}, ${printable(pathInWords(unit.path))}`)], ...paragraphs];
}
