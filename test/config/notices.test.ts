import { expect } from "chai";
import { noticesOf } from "../../config/notices";
import { DEFAULT_SETTINGS, type Settings } from "../../core/settings";

const NOW = new Date("2026-12-31T23:59:59Z");

describe("notices", () => {
  const told: readonly (readonly [string, Partial<Settings>, readonly string[]])[] = [
    ["addresses that are to get mails, by nothing", {}, []],
    [
      "nobody who is to get mails",
      { notifyEmails: [] },
      [
        "notifyEmails is empty: nobody gets a mail of what wants a human; name an address there, or subscribe as docs/subscribers.md shows",
      ],
    ],
    ["at most as many releases as by default", { maxReleases: 0 }, []],
    [
      "more releases than by default",
      { maxReleases: 51 },
      [
        "maxReleases is 51, above its default 50: a sweep may free that many at once; set it back once this deploy is through",
      ],
    ],
    ["lists that have nothing in common", { onlyUsers: ["alice"], exemptUsers: ["bob"], exemptGroups: ["alice"] }, []],
    [
      "users and groups in both lists, by whatever case",
      { onlyUsers: ["alice", "bob"], exemptUsers: ["Alice"], onlyGroups: ["OPS"], exemptGroups: ["dev", "ops"] },
      ["exemptUsers and onlyUsers both name Alice: exempt", "exemptGroups and onlyGroups both name ops: exempt"],
    ],
    [
      "exempt paths that are, or lie above, those of the scope",
      { onlyPaths: ["/a/b/", "/c/", "/D/"], exemptPaths: ["/a/", "/c/", "/c/d/", "/d/"] },
      ["exemptPaths /a/ covers onlyPaths /a/b/: exempt", "exemptPaths /c/ covers onlyPaths /c/: exempt"],
    ],
    [
      "a day before which nobody new is held",
      { enforceFrom: "2027-01-01" },
      ["enforceFrom 2027-01-01: nobody new is held before that day"],
    ],
    [
      "an SCP that is to hold and does not, for the mode or a dry run",
      { organizationEnforceTargets: ["r-ab12"] },
      ["organizationEnforceTargets: in mode quarantine no SCP holds, for the mode goes by devices, which no SCP knows"],
    ],
    [
      "a dry run of an organization",
      { mode: "strict", dryRun: true, organizationEnforceTargets: ["r-ab12"] },
      ["organizationEnforceTargets: with dryRun no SCP holds"],
    ],
    ["an SCP that holds, by nothing", { mode: "strict", organizationEnforceTargets: ["r-ab12"] }, []],
    [
      "groups that every account of an organization must have",
      { organizationTargets: ["r-ab12"], onlyGroups: ["staff"], exemptGroups: ["robots"] },
      [
        "organizationTargets: every account must have staff, robots, for where a group is missing whoever is in another group of their own stays as they are; a path needs no group",
      ],
    ],
    ["an organization without groups, by nothing", { organizationTargets: ["r-ab12"], exemptPaths: ["/robots/"] }, []],
    ["no such day that has begun", { enforceFrom: "2026-12-31", graceDays: 14 }, []],
  ];
  for (const [title, settings, expected] of told) {
    it(`tell of ${title}`, () => {
      expect(noticesOf({ ...DEFAULT_SETTINGS, notifyEmails: ["ops@example.com"], ...settings }, NOW)).to.deep.equal(
        expected,
      );
    });
  }
});
