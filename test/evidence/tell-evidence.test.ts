import { expect } from "chai";
import type { Evidence, UserEvidence } from "../../evidence/gather-evidence";
import { evidenceMarkdown, evidenceText } from "../../evidence/tell-evidence";

const ROBOT: UserEvidence = {
  account: "123456789012",
  user: "robot",
  guard: "sealed",
  refused: 1_234,
  passed: 1,
  refusedAlready: 0,
  services: [
    {
      service: "s3",
      refused: 1_230,
      days: [
        { day: "2026-11-18", refused: 1_000 },
        { day: "2026-11-20", refused: 230 },
      ],
      actions: [
        { action: "s3:ListAllMyBuckets", isKnown: true, refused: 1_200 },
        { action: "s3:Peek", isKnown: false, refused: 20 },
        { action: "s3:GetObject", isKnown: true, refused: 6 },
        { action: "s3:PutObject", isKnown: true, refused: 4 },
      ],
      ways: { "through a service": 30, "access key": 1_200 },
    },
    {
      service: "sts",
      refused: 4,
      days: [{ day: "2026-11-20", refused: 4 }],
      actions: [{ action: "sts:AssumeRole", isKnown: true, refused: 4 }],
      ways: { "session without MFA": 4 },
    },
  ],
  signIns: { withMfa: 0, withoutMfa: 0 },
};

const CAROL: UserEvidence = {
  account: "123456789012",
  user: "carol",
  guard: "sealed",
  refused: 0,
  passed: 7,
  refusedAlready: 0,
  services: [],
  signIns: { withMfa: 12, withoutMfa: 0 },
};

const EVIDENCE: Evidence = {
  files: 1,
  records: 15_000,
  days: ["2026-11-01", "2026-11-20"],
  users: [ROBOT, CAROL],
  leftOut: 2,
  problems: [{ file: "a.json.gz", problem: 'no log file of CloudTrail, for it does not begin with {"Records":[' }],
};

describe("evidenceText", () => {
  it("tells who called what that stops, who signs in how, and what was not read", () => {
    expect(evidenceText(EVIDENCE, false)).to.equal(
      `
Calls that stop when MFA is compulsory, by CloudTrail
1 file, 15,000 records, 2026-11-01 to 2026-11-20
1 user of 2 made 1,234 calls that their guard refuses
2 users under no guard are left out

user   guard   service  calls  days  last        by                                      what
robot  sealed  s3       1,230     2  2026-11-20  access key 1,200, through a service 30  s3:ListAllMyBuckets 1,200, s3:Peek? 20, s3:GetObject 6, 1 more
robot  sealed  sts          4     1  2026-11-20  session without MFA 4                   sts:AssumeRole 4

? is CloudTrail's own name, by which AWS's reference has no action. A guard refuses it all the same, for outside IAM, STS and sign-in it leaves nothing open.

user   sign-ins with MFA  without
carol                 12        0

not read   why
a.json.gz  no log file of CloudTrail, for it does not begin with {"Records":[`.trimStart(),
    );
  });

  it("says so where nobody called", () => {
    expect(
      evidenceText({ files: 0, records: 0, days: undefined, users: [], leftOut: 0, problems: [] }, false),
    ).to.equal(
      `
Calls that stop when MFA is compulsory, by CloudTrail
0 files, 0 records
0 users of 0 made 0 calls that their guard refuses`.trimStart(),
    );
  });

  it("tells the account too where there are several, and ends a table at 50 rows", () => {
    const users = Array.from({ length: 53 }, (_, index) => ({ ...CAROL, account: String(100 + index) }));
    const lines = evidenceText({ ...EVIDENCE, users, problems: [] }, false).split("\n");
    expect(lines).to.include("100 carol                 12        0");
    expect(lines).to.have.lengthOf(4 + 1 + 1 + 50 + 2);
    expect(lines.at(-1)).to.equal("and 3 more");
    expect(evidenceText({ ...EVIDENCE, users, problems: [] }, true).split("\n")).to.have.lengthOf(4 + 1 + 1 + 53);
  });

  it("lets no name write to the terminal", () => {
    const users = [{ ...CAROL, user: "\u001b[2Jcarol\n\u202e" }];
    expect(evidenceText({ ...EVIDENCE, users }, false)).to.match(/^\ufffd\[2Jcarol\ufffd\ufffd +12/m);
  });
});

describe("evidenceMarkdown", () => {
  it("tells the same as tables of a page", () => {
    expect(evidenceMarkdown(EVIDENCE, false)).to.equal(
      `
### Calls that stop when MFA is compulsory, by CloudTrail
1 file, 15,000 records, 2026-11-01 to 2026-11-20
1 user of 2 made 1,234 calls that their guard refuses
2 users under no guard are left out

| user | guard | service | calls | days | last | by | what |
|---|---|---|---:|---:|---|---|---|
| \`robot\` | sealed | \`s3\` | 1,230 | 2 | 2026-11-20 | access key 1,200, through a service 30 | \`s3:ListAllMyBuckets\` 1,200, \`s3:Peek\`? 20, \`s3:GetObject\` 6, 1 more |
| \`robot\` | sealed | \`sts\` | 4 | 1 | 2026-11-20 | session without MFA 4 | \`sts:AssumeRole\` 4 |

? is CloudTrail's own name, by which AWS's reference has no action. A guard refuses it all the same, for outside IAM, STS and sign-in it leaves nothing open.

| user | sign-ins with MFA | without |
|---|---:|---:|
| \`carol\` | 12 | 0 |

| not read | why |
|---|---|
| \`a.json.gz\` | \`no log file of CloudTrail, for it does not begin with {"Records":[\` |`.trimStart(),
    );
  });

  it("lets no name write into the page", () => {
    const users = [{ ...CAROL, user: "a`|<img src=x>\n# b" }];
    expect(evidenceMarkdown({ ...EVIDENCE, users }, false)).to.include(
      "\n| `a\ufffd\ufffd<img src=x>\ufffd# b` | 12 | 0 |\n",
    );
  });
});
