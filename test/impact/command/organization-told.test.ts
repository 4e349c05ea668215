import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { ORGANIZATION } from "../../../.ci/impacts";
import { organizationMarkdown } from "../../../impact/command/organization-markdown";
import { organizationPage } from "../../../impact/command/organization-page";
import { organizationTable } from "../../../impact/command/organization-table";
import type { OrganizationImpact } from "../../../impact/organization/organization-impact";

const HOSTILE = "<img src=x onerror=alert(1)>\"'&amp;<script>alert(2)</script>\u202e\u001b[31m|`*";

const MARKUP = /<img|<script>alert/;

/** What would not show, or turn a text round, but for the end of a line. */
const UNSHOWN = /\p{Cf}|(?!\n)\p{Cc}/u;

/** The same organization, whose accounts and units have names of somebody who means ill. */
const HOSTILE_NAMES: OrganizationImpact = {
  ...ORGANIZATION,
  role: HOSTILE,
  accounts: ORGANIZATION.accounts.map((account) => ({
    ...account,
    name: HOSTILE,
    unit: { ...account.unit, path: [HOSTILE, HOSTILE] },
    outcome: account.outcome.state === "not read" ? { ...account.outcome, why: HOSTILE } : account.outcome,
  })),
};

const WHAT_IF = ["mode were strict, and not quarantine"];

describe("an impact report on an organization", () => {
  it("is told to a terminal: totals, what was not read, counts by unit and account, and what wants a look", () => {
    expect(stripVTControlCharacters(organizationTable(ORGANIZATION, false, WHAT_IF)).split("\n")).to.deep.equal([
      "impact on organization o-exampleorg1, stack dev, mode strict",
      "read as arn:aws:sts::111122223333:assumed-role/reader/ci, and by the role reader: 3 of 5 accounts read, 1 could not be read, 1 left out",
      "what if mode were strict, and not quarantine",
      "",
      "                now  after",
      "free              6      4  ████████████████",
      "quarantine        2      2  ████████",
      "conditional       2      0",
      "sealed            0      4  ████████████████",
      "",
      "of 10 users 4 would be newly held, 2 moved, 2 freed, 2 not known",
      "",
      "! could not be read (1)",
      "  000000000031 data lake                      not authorized; make a role",
      "",
      "left out (1)",
      "  000000000041 old website                    suspended",
      "",
      "                                              users  newly held  moved  freed  not known",
      "Root                                              5           2      1      1          1",
      "  111122223333 management                         5           2      1      1          1",
      "Root / Workloads                                  5           2      1      1          1",
      "  000000000022 empty                              0           0      0      0          0",
      "  000000000021 production                         5           2      1      1          1",
      "",
      "! access key in use",
      "  111122223333 management                     1 user",
      "  000000000021 production                     1 user",
      "",
      "! no authenticator app",
      "  111122223333 management                     1 user",
      "  000000000021 production                     1 user",
      "",
      "! nine groups or more",
      "  111122223333 management                     1 user",
      "  000000000021 production                     1 user",
      "",
      "! not in the report",
      "  111122223333 management                     1 user",
      "  000000000021 production                     1 user",
      "",
      "! no trail",
      "  000000000021 production",
    ]);
  });

  it("names everybody, account by account, where all are asked for", () => {
    const text = stripVTControlCharacters(organizationTable(ORGANIZATION, true, []));
    expect(text).to.match(
      /\n\n000000000021 production, Root \/ Workloads\n\nnewly held in quarantine: [^\n]*\n {2}person-10 /,
    );
  });

  it("is told to a pull request, as Markdown, by no user's name", () => {
    expect(organizationMarkdown(ORGANIZATION, false, WHAT_IF)).to.equal(
      [
        "## Impact on organization o-exampleorg1, stack dev, mode strict",
        "of 10 users 4 would be newly held, 2 moved, 2 freed, 2 not known (3 of 5 accounts read, 1 could not be read, 1 left out).",
        "What if mode were strict, and not quarantine.",
        "|  | now | after |\n|---|---:|---:|\n| free | 6 | 4 |\n| quarantine | 2 | 2 |\n| conditional | 2 | 0 |\n| sealed | 0 | 4 |",
        "### Accounts that were not read",
        "- **not read**: `000000000031` data lake (Root / Workloads / Data): not authorized; make a role\n- left out: `000000000041` old website (Root / Sandboxes): suspended",
        [
          "| unit | account | users | newly held | moved | freed | not known |",
          "|---|---|---:|---:|---:|---:|---:|",
          "| **Root** |  | 5 | 2 | 1 | 1 | 1 |",
          "|  | `111122223333` management | 5 | 2 | 1 | 1 | 1 |",
          "| **Root / Workloads** |  | 5 | 2 | 1 | 1 | 1 |",
          "|  | `000000000022` empty | 0 | 0 | 0 | 0 | 0 |",
          "|  | `000000000021` production | 5 | 2 | 1 | 1 | 1 |",
        ].join("\n"),
        "### What wants a look",
        [
          ...["access key in use", "no authenticator app", "nine groups or more", "not in the report"].map(
            (what) => `- ${what}: \`111122223333\` management (1 user), \`000000000021\` production (1 user)`,
          ),
          "- no trail: `000000000021` production",
        ].join("\n"),
      ].join("\n\n"),
    );
  });

  it("is a page with the totals first, then each account with its people folded below it, by unit", () => {
    const text = organizationPage(ORGANIZATION, WHAT_IF);
    const order = [
      "<h1>Impact on organization o-exampleorg1</h1>",
      '<dl class="tiles"><div class="users"><dt>users</dt><dd>10</dd></div>',
      '<h2 id="not-read">Accounts that were not read</h2>',
      '<h2 id="findings">What wants a look</h2>',
      '<h3 id="r-ab12">Root <span class="faint">5 users</span>',
      '<h3 id="ou-ab12-workloads">Root / Workloads <span class="faint">5 users</span>',
      '<details class="account" data-text="production 000000000021 root / workloads"><summary><strong>production</strong> 000000000021',
      'aria-label="Users of production, 000000000021"',
    ];
    const places = order.map((each) => text.indexOf(each));
    expect(places).to.not.include(-1);
    expect(places).to.deep.equal(places.toSorted((one, other) => one - other));
    expect(text.match(/<tr role="row" data-change/g)).to.have.lengthOf(10);
    expect(text).to.include("Content-Security-Policy\" content=\"default-src 'none';");
  });

  it("shows what comes from the organization as text, whatever it is", () => {
    const page = organizationPage(HOSTILE_NAMES, [HOSTILE]);
    expect(page.match(/<script/g)).to.have.lengthOf(1);
    expect(page).to.not.match(UNSHOWN).and.not.match(MARKUP);
    const table = stripVTControlCharacters(organizationTable(HOSTILE_NAMES, true, []));
    expect(table).to.not.match(UNSHOWN);
    const markdown = organizationMarkdown(HOSTILE_NAMES, true, [HOSTILE]);
    expect(markdown).to.not.match(UNSHOWN).and.not.match(MARKUP);
    for (const line of markdown
      .split("\n")
      .filter((each) => /^\| {2}\|/.test(each))
      .slice(2)) {
      expect(line.match(/(?<!\\)\|/g), line).to.have.lengthOf(8);
    }
  });
});
