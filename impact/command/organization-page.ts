import {
  type AccountReport,
  findingsIn,
  type OrganizationImpact,
  type ReadAccount,
  readAccountsOf,
  totalOf,
} from "../organization/organization-impact";
import { sourceInWords, usersInWords } from "../words";
import { CHANGE_ORDER, CHANGES, FINDINGS } from "./labels";
import { accountsInWords, pathInWords, type UnitOfAccounts, unitsOf } from "./organization-words";
import {
  countsList,
  escaped,
  findingsList,
  findingsSection,
  minuteOf,
  pageOf,
  peopleControls,
  peopleTable,
  placesSection,
  SINCE_LINE,
  whatIfLines,
} from "./page-parts";

/**
 * The report on an organization as one page for a browser: the totals, then by unit each account with its people folded.
 * All that comes from the organization is text.
 *
 * @param whatIf the settings that are not as the stack's configuration says, in words
 */
export function organizationPage(impact: OrganizationImpact, whatIf: readonly string[]): string {
  const { organization, stack, settings, caller, role, readAt, accounts } = impact;
  const read = readAccountsOf(accounts);
  const concerned = findingsIn(read).map(({ finding, accounts: those }) => ({
    message: FINDINGS[finding],
    users: those.map(({ account, name, users }) => ({
      user: `${name} ${account}`,
      ...(users > 0 && { what: usersInWords(users) }),
    })),
  }));
  return pageOf({
    title: `Impact on organization ${organization}, stack ${stack}, mode ${settings.mode}`,
    header: `<h1>Impact on organization ${escaped(organization)}</h1>
<p>stack <strong>${escaped(stack)}</strong>, mode <strong>${settings.mode}</strong>, ${accountsInWords(impact)}</p>
${whatIfLines(whatIf)}
<p class="faint">Read as ${escaped(caller)}, and by the role ${escaped(role)}, at ${minuteOf(readAt)}</p>`,
    sections: [
      countsList(impact),
      placesSection(impact),
      notReadSection(accounts),
      findingsSection(concerned),
      accountsSection(impact, read),
    ],
  });
}

/** The accounts of which nothing is known, and those that are none of the settings'. */
function notReadSection(accounts: readonly AccountReport[]): string {
  const notRead = accounts.flatMap(({ outcome, ...account }) =>
    outcome.state === "not read"
      ? [
          `<li><p><span class="badge risk" aria-hidden="true">!</span> ${named(account)}: ${escaped(outcome.why)}; ${escaped(outcome.remedy)}</p></li>`,
        ]
      : [],
  );
  const leftOut = accounts.flatMap(({ outcome, ...account }) =>
    outcome.state === "left out" ? [`<li>${named(account)}: ${escaped(outcome.why)}</li>`] : [],
  );
  if (notRead.length + leftOut.length === 0) return "";
  const folded =
    leftOut.length === 0
      ? []
      : [
          `<li><details><summary><span class="badge">${leftOut.length}</span> left out</summary><ul class="names">${leftOut.join("")}</ul></details></li>`,
        ];
  return `<section aria-labelledby="not-read">
<h2 id="not-read">Accounts that were not read</h2>
<ul class="findings">
${[...notRead, ...folded].join("\n")}
</ul>
</section>`;
}

function named({ account, name, unit }: Pick<AccountReport, "account" | "name" | "unit">): string {
  return `<strong>${escaped(name)}</strong> ${account} <span class="faint">${escaped(pathInWords(unit.path))}</span>`;
}

function accountsSection(impact: OrganizationImpact, read: readonly ReadAccount[]): string {
  const all = {
    people: read.flatMap((each) => each.impact.people),
    findings: read.flatMap((each) => each.impact.findings),
  };
  return `<section aria-labelledby="who">
<h2 id="who">Who, by unit and account</h2>
${peopleControls(all)}
<div id="people">
${unitsOf(impact).map(unitSection).join("\n")}
</div>
${SINCE_LINE}
</section>`;
}

function unitSection({ id, name, accounts }: UnitOfAccounts): string {
  const total = totalOf(accounts.map(({ impact }) => impact));
  return `<section aria-labelledby="${escaped(id)}">
<h3 id="${escaped(id)}">${escaped(name)} <span class="faint">${usersInWords(total.users)}</span> ${badges(total)}</h3>
${accounts.map((account) => accountEntry(account, name)).join("\n")}
</section>`;
}

function accountEntry({ account, name, impact }: ReadAccount, unit: string): string {
  const { users, findings } = impact;
  const text = `${name} ${account} ${unit}`.toLowerCase();
  const label = `role="table" aria-label="Users of ${escaped(name)}, ${account}"`;
  return `<details class="account" data-text="${escaped(text)}"><summary><strong>${escaped(name)}</strong> ${account} <span class="faint">${usersInWords(users)}</span> ${badges(impact)}</summary>
<p class="faint">Read as ${escaped(impact.caller)} at ${minuteOf(impact.readAt)}, ${escaped(sourceInWords(impact))}</p>
${findings.length === 0 ? "" : findingsList(findings)}
${peopleTable(impact, label)}
</details>`;
}

/** How many change, where anybody does. */
function badges({ changes }: Pick<OrganizationImpact, "changes">): string {
  return CHANGE_ORDER.filter((change) => change !== "none" && changes[change] > 0)
    .map((change) => `<span class="badge ${change}">${changes[change]} ${CHANGES[change]}</span>`)
    .join(" ");
}
