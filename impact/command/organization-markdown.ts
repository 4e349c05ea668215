import {
  type AccountReport,
  findingsIn,
  type OrganizationImpact,
  readAccountsOf,
  totalOf,
} from "../organization/organization-impact";
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
  const few = (each: readonly string[]) =>
    `${each.slice(0, most).join(", ")}${each.length > most ? ` and ${each.length - most} more` : ""}`;
  const named = ({ account, name, unit }: AccountReport) =>
    `\`${account}\` ${text(name)} (${text(pathInWords(unit.path))})`;
  const notRead = accounts.flatMap((account) => {
    const { outcome } = account;
    if (outcome.state !== "not read") return [];
    return [`- **not read**: ${named(account)}: ${text(outcome.why)}; ${text(outcome.remedy)}`];
  });
  const leftOut = accounts.flatMap((account) => {
    const { outcome } = account;
    return outcome.state === "left out" ? [`- left out: ${named(account)}: ${text(outcome.why)}`] : [];
  });
  const findings = findingsIn(readAccountsOf(accounts)).map(({ finding, accounts: those }) => {
    const told = those.map(({ account, name, users }) => {
      return `\`${account}\` ${text(name)}${users === 0 ? "" : ` (${usersInWords(users)})`}`;
    });
    return `- ${FINDINGS[finding]}: ${few(told)}`;
  });
  return [
    `## Impact on organization ${text(organization)}, stack ${text(stack)}, mode ${settings.mode}`,
    `${countsInWords(impact)} (${accountsInWords(impact)}).`,
    ...whatIf.map((each) => `What if ${text(each)}.`),
    placesTable(impact),
    ...(notRead.length + leftOut.length === 0
      ? []
      : ["### Accounts that were not read", [...notRead, ...leftOut].join("\n")]),
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
