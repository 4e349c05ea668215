import { findingsIn, type OrganizationImpact, readAccountsOf, totalOf } from "../organization/organization-impact";
import { countsInWords, NAMES_TOLD, usersInWords } from "../words";
import { CHANGES, changesTold, FINDINGS } from "./labels";
import { placesTable, row, text } from "./markdown";
import { accountsInWords, pathInWords, unitsOf } from "./organization-words";

/**
 * The report on an organization as Markdown, for the summary of a pull request's job: how many change in which account, and
 * no user's name.
 *
 * @param all names every account of which something is said, and not the first twenty alone
 * @param whatIf the settings that are not as the stack's configuration says, in words
 */
export function organizationMarkdown(impact: OrganizationImpact, all: boolean, whatIf: readonly string[]): string {
  const { organization, stack, settings, accounts } = impact;
  const most = all ? Number.POSITIVE_INFINITY : NAMES_TOLD;
  const few = (told: readonly string[]) =>
    `${told.slice(0, most).join(", ")}${told.length > most ? ` and ${told.length - most} more` : ""}`;
  const notRead = accounts.flatMap(({ account, name, unit, outcome }) => {
    const named = `\`${account}\` ${text(name)} (${text(pathInWords(unit.path))})`;
    if (outcome.state === "read") return [];
    if (outcome.state === "left out") return [`- left out: ${named}: ${text(outcome.why)}`];
    return [`- **not read**: ${named}: ${text(outcome.why)}; ${text(outcome.remedy)}`];
  });
  const findings = findingsIn(readAccountsOf(accounts)).map(({ finding, accounts: those }) => {
    const named = those.map(({ account, name, users }) => {
      return `\`${account}\` ${text(name)}${users === 0 ? "" : ` (${usersInWords(users)})`}`;
    });
    return `- ${FINDINGS[finding]}: ${few(named)}`;
  });
  return [
    `## Impact on organization ${text(organization)}, stack ${text(stack)}, mode ${settings.mode}`,
    `${countsInWords(impact)} (${accountsInWords(impact)}).`,
    ...whatIf.map((each) => `What if ${text(each)}.`),
    placesTable(impact),
    ...(notRead.length === 0 ? [] : ["### Accounts that were not read", notRead.join("\n")]),
    accountsTable(impact),
    ...(findings.length === 0 ? [] : ["### What wants a look", findings.join("\n")]),
  ].join("\n\n");
}

function accountsTable(impact: OrganizationImpact): string {
  const changes = changesTold(impact);
  const figuresOf = ({ users, changes: counts }: Pick<OrganizationImpact, "users" | "changes">) => [
    users,
    ...changes.map((change) => counts[change]),
  ];
  return [
    row("unit", "account", "users", ...changes.map((change) => CHANGES[change])),
    `|---|---|---:|${changes.map(() => "---:|").join("")}`,
    ...unitsOf(impact).flatMap(({ name, accounts }) => [
      row(`**${text(name)}**`, "", ...figuresOf(totalOf(accounts.map((each) => each.impact)))),
      ...accounts.map(({ account, name: called, impact: of }) =>
        row("", `\`${account}\` ${text(called)}`, ...figuresOf(of)),
      ),
    ]),
  ].join("\n");
}
