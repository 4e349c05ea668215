import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { markdown } from "../../../impact/command/markdown";
import { page } from "../../../impact/command/page";
import { showReading } from "../../../impact/command/reading";
import { table } from "../../../impact/command/table";
import { peopleOf } from "../../support/people";
import { newPreviewer, type Previewer } from "../../support/previewer";
import { newWorld, type World } from "../../support/world";

/** Without the colours of whatever terminal the tests run in. */
const plain = (text: string) => stripVTControlCharacters(text);

describe("an impact report as it is told", () => {
  let world: World;
  let previewer: Previewer;
  beforeEach(async () => {
    world = await newWorld({ reportPolls: 0 });
    previewer = await newPreviewer(world);
  });
  afterEach(async () => {
    await previewer.close();
    await world.close();
  });

  const people = (count: number) => {
    for (let index = 0; index < count; index++) {
      peopleOf(world).person(`user-${String(index).padStart(2, "0")}`, "password");
    }
  };

  it("to a terminal: where people stand, who changes and why, and what wants a look", async () => {
    people(2);
    peopleOf(world).personAt("/staff/", "bob", "password", "device");
    const impact = await previewer.impact({ exemptUsers: ["user-01"] });
    expect(plain(table(impact, false, ["mode were strict, and not quarantine"])).split("\n")).to.deep.equal([
      "impact on account 123456789012, stack dev, mode quarantine",
      "read as arn:aws:sts::123456789012:assumed-role/preview/pull-request, by the credential report of 2026-03-05T01:02Z",
      "what if mode were strict, and not quarantine",
      "",
      "                now  after",
      "free              3      2  ███████████████████████████",
      "quarantine        0      1  ██████████████",
      "conditional       0      0",
      "sealed            0      0",
      "",
      "of 3 users 1 would be newly held, 0 moved, 0 freed",
      "",
      "newly held in quarantine: a password, no MFA device (1)",
      "  user-00                         password of 2026-03-05",
      "",
      "! exempt, with a password and no MFA device",
      "  user-01",
    ]);
  });

  it("by twenty names, or by all where all are asked for", async () => {
    people(22);
    const impact = await previewer.impact();
    expect(plain(table(impact, false, []))).to.match(/user-19 .*\n {2}and 2 more, whom --all names$/);
    expect(plain(table(impact, true, []))).to.match(/user-21 .*$/);
    expect(markdown(impact, false, [])).to.match(/`user-19` and 2 more$/);
    expect(markdown(impact, true, [])).to.match(/`user-21`$/);
  });

  it("to a pull request, as Markdown", async () => {
    people(1);
    const impact = await previewer.impact({ exemptPaths: ["/a_b_*/"] });
    expect(markdown(impact, false, [])).to.equal(
      [
        "## Impact on account 123456789012, stack dev, mode quarantine",
        "of 1 user 1 would be newly held, 0 moved, 0 freed (by the credential report of 2026-03-05T01:02Z).",
        "|  | now | after |\n|---|---:|---:|\n| free | 1 | 0 |\n| quarantine | 0 | 1 |\n| conditional | 0 | 0 |\n| sealed | 0 | 0 |",
        "**newly held in quarantine: a password, no MFA device** (1): `user-00`",
        "### What wants a look",
        '- exemptPaths names "/a\\_b\\_\\*/", which matches nobody (the nearest is "/")',
      ].join("\n\n"),
    );
  });

  describe("to a browser", () => {
    const HOSTILE = "/<img/src=x/onerror=alert(1)>\"'&amp;<script>alert(2)</script>/";

    it("shows what comes from the account as text, whatever it is", async () => {
      peopleOf(world).personAt(HOSTILE, "mallory", "password");
      const text = page(await previewer.impact({ exemptPaths: [HOSTILE] }), [HOSTILE]);
      expect(text.match(/<script/g)).to.have.lengthOf(1);
      expect(text).to.not.match(/<img|alert\(2\)<\/script/);
      expect(text).to.include(
        "&lt;img/src=x/onerror=alert(1)&gt;&quot;&#39;&amp;amp;&lt;script&gt;alert(2)&lt;/script&gt;",
      );
    });

    it("asks for nothing from elsewhere, and lets nothing in but its own style and script", async () => {
      people(1);
      const text = page(await previewer.impact(), []);
      expect(text).to.not.match(/https?:|\ssrc=|\shref=|@import|url\(/);
      expect(text).to.match(
        /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'"/,
      );
    });

    it("shows as such what would turn a text round, end its line or not show at all", async () => {
      const impact = {
        ...(await previewer.impact()),
        stack: "a\u202eb\u2066c\u200fd\u2028e\u2029f\u0000g\u001b[31mh\nij",
      };
      expect(page(impact, [])).to.include("<strong>a�b�c�d�e�f�g�[31mh ij</strong>");
    });

    it("tells of everybody where they stand, where they go, why and since when", async () => {
      people(2);
      const text = page(await previewer.impact({ enforceFrom: "2026-04-01", exemptUsers: ["user-01"] }), []);
      expect(rowsOf(text)).to.deep.equal([
        [
          "user-00",
          "password",
          "free",
          "free",
          "pending: quarantine from 2026-04-01",
          "a password, no MFA device",
          "2026-03-05",
          "",
          "",
        ],
        ["user-01", "password", "free", "free", "stays", "exempt by name", "2026-03-05", "", "exempt without a device"],
      ]);
    });

    it("finds who is pending by the guard that is to come, and by what is to be looked at", async () => {
      people(1);
      const text = page(await previewer.impact({ enforceFrom: "2026-04-01" }), []);
      expect(text).to.match(/<tr role="row" data-change="pending" data-places="free quarantine" data-findings=""/);
    });
  });
});

/** The texts of the cells of the table of people. */
function rowsOf(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/<tr role="row" data.*<\/tr>/g)].map(([row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = ""]) => cell.replace(/<[^>]*>/g, "")),
  );
}

describe("how far reading has come", () => {
  it("is a bar of as many calls as are expected, and what is being done", () => {
    const lines: string[] = [];
    const told = showReading({ doing: (text) => lines.push(text), say: () => undefined }, 4);
    for (const call of [
      "GenerateCredentialReportCommand",
      "GetAccountAuthorizationDetailsCommand",
      "ListMFADevicesCommand",
    ])
      told(call);
    for (const call of ["GetCredentialReportCommand", "GetCredentialReportCommand"]) told(call);
    expect(lines).to.deep.equal([
      "[------------------------] asking for the credential report",
      "[######------------------] reading users and groups",
      "[############------------] reading users and groups",
      "[##################------] reading",
      "[########################] reading the credential report",
      "[########################] reading the credential report",
    ]);
  });
});
