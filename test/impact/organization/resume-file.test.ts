import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../../core/settings";
import type { AccountImpact } from "../../../impact/organization/organization-impact";
import { openResumeFile } from "../../../impact/organization/resume-file";

const OF = { organization: "o-exampleorg1", stack: "dev", settings: DEFAULT_SETTINGS };
const PLACES = { free: 1, quarantine: 2, conditional: 3, sealed: 4 };

/** With each property that there may be. */
const WHOLE: AccountImpact = {
  account: "123456789012",
  caller: "arn:aws:sts::123456789012:assumed-role/reader/test",
  stack: "organization",
  readAt: "2026-11-26T21:35:01.286Z",
  reportOf: "2026-11-26T18:48:00Z",
  deployed: ["quarantine"],
  users: 2,
  before: PLACES,
  after: PLACES,
  changes: { held: 1, moved: 0, freed: 0, none: 0, withheld: 0, pending: 1, unknown: 0 },
  people: [
    {
      user: "alice",
      path: "/staff/",
      groups: 3,
      password: true,
      device: false,
      heldBy: ["conditional"],
      change: "pending",
      guard: "quarantine",
      reason: "a password, no MFA device",
      due: "2027-01-01T00:00:00Z",
      exempt: false,
      stoppedBy: "maxReleases",
      createdAt: "2025-01-01T00:00:00Z",
      passwordChangedAt: "2025-02-01T00:00:00Z",
      lastUsedAt: "2025-03-01T00:00:00Z",
    },
  ],
  findings: [{ finding: "access-key", message: "keys", users: [{ user: "alice", what: "s3" }, { user: "bob" }] }],
  calls: 9,
};

const { reportOf: _, ...LEAST }: AccountImpact = { ...WHOLE, account: "210987654321", people: [], findings: [] };

describe("a file of the accounts that were read", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "resume-"));
    file = join(folder, "read.jsonl");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const readBack = () => [...openResumeFile(file, OF).read.values()];

  it("is made where there is none, and has all that was kept, to the last property", () => {
    const first = openResumeFile(file, OF);
    expect([...first.read]).to.deep.equal([]);
    first.keep(WHOLE);
    first.keep(LEAST);
    expect(readBack()).to.deep.equal([WHOLE, LEAST]);
    expect(readFileSync(file, "utf8").split("\n")).to.have.lengthOf(4);
  });

  it("loses the line that a run was killed at, and no other", () => {
    openResumeFile(file, OF).keep(WHOLE);
    appendFileSync(file, JSON.stringify(LEAST).slice(0, 100));
    const next = openResumeFile(file, OF);
    expect([...next.read.keys()]).to.deep.equal(["123456789012"]);
    next.keep(LEAST);
    expect(readBack()).to.deep.equal([WHOLE, LEAST]);
  });

  it("begins anew where a run was killed at its very first line", () => {
    openResumeFile(file, OF);
    const [line = ""] = readFileSync(file, "utf8").split("\n");
    for (const length of [0, 5, 40, line.length]) {
      writeFileSync(file, line.slice(0, length));
      openResumeFile(file, OF).keep(WHOLE);
      expect(readBack(), String(length)).to.deep.equal([WHOLE]);
    }
  });

  it("serves other targets, and who is told, all the same", () => {
    openResumeFile(file, OF).keep(WHOLE);
    const settings = {
      ...DEFAULT_SETTINGS,
      organizationTargets: ["r-ab12"],
      organizationEnforceTargets: ["r-ab12"],
      organizationExemptAccounts: ["210987654321"],
      notifyEmails: ["ops@example.com"],
    };
    expect(openResumeFile(file, { ...OF, settings }).read.size).to.equal(1);
  });

  it("is refused for another organization, stack or setting, each by its name, and stays as it is", () => {
    openResumeFile(file, OF).keep(WHOLE);
    const before = readFileSync(file, "utf8");
    const settings = { ...DEFAULT_SETTINGS, exemptPaths: ["/robots/"], dryRun: true };
    expect(() => openResumeFile(file, { organization: "o-another000", stack: "live", settings })).to.throw(
      `${file} has the answers to another question: organization "o-exampleorg1", and not "o-another000"; stack "dev", and not "live"; dryRun false, and not true; exemptPaths [], and not ["/robots/"]. Name another file.`,
    );
    expect(readFileSync(file, "utf8")).to.equal(before);
  });

  const foreign: readonly (readonly [string, string, RegExp])[] = [
    ["is no such file", "a shopping list", /is no file that this command wrote$/],
    ["has another first line", '{"name":"require-mfa"}\n', /^line 1 of .* is not as this command writes it: /],
    [
      "is of another version",
      '{"requireMfaImpact":0,"organization":"o-exampleorg1","stack":"dev","settings":{}}\n',
      /^line 1 of .*requireMfaImpact: of another version of this command, which writes 1$/,
    ],
  ];
  for (const [what, text, refusal] of foreign) {
    it(`is refused, and stays as it is, where it ${what}`, () => {
      writeFileSync(file, text);
      expect(() => openResumeFile(file, OF)).to.throw(refusal);
      expect(readFileSync(file, "utf8")).to.equal(text);
    });
  }

  it("is refused by the number of a line in its middle that can't be read", () => {
    openResumeFile(file, OF).keep(WHOLE);
    appendFileSync(file, `${JSON.stringify({ ...LEAST, users: -1 })}\n`);
    expect(() => openResumeFile(file, OF)).to.throw(/^line 3 of .* is not as this command writes it: users: /);
  });
});
