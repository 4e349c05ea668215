import { readFileSync } from "node:fs";
import { expect } from "chai";
import { picture } from "../../rehearsal/picture";
import { forTerminal, heading } from "../../rehearsal/transcript";

const CAPTION = { title: "a title", description: "a description" };

/** The texts of a picture, line by line, each with where it begins and its style. */
function spansOf(svg: string): readonly (readonly string[])[] {
  return [...svg.matchAll(/<text y="\d+">(.*)<\/text>/g)].map(([, line = ""]) =>
    [...line.matchAll(/<tspan x="([\d.]+)"(?: class="(\w+)")?>(.*?)<\/tspan>/g)].map(
      ([, x, style = "plain", text]) => `${x} ${style}: ${text}`,
    ),
  );
}

describe("a picture of a terminal", () => {
  it("has each text at its column, in its style", () => {
    const svg = picture(CAPTION, [
      " 1  \u001b[1mBold\u001b[22m: plain  \u001b[2mfaint, and wide\u001b[22m",
      "",
      "\u001b[32mallowed\u001b[39m   \u001b[33mdenied\u001b[39m   \u001b[31mdenied x\u001b[39m",
    ]);
    // A column is 8.43 wide, and the first begins at 20.
    expect(spansOf(svg)).to.deep.equal([
      ["28.4 plain: 1", "53.7 strong: Bold", "87.4 plain: : plain", "163.3 faint: faint, and wide"],
      ["20.0 green: allowed", "104.3 yellow: denied", "180.2 red: denied x"],
    ]);
  });

  it("shows what it is given as text, and says what it is to who does not see it", () => {
    const svg = picture({ title: "<a> & b", description: "</desc><script>" }, ['<script>alert(1)</script> & "so on"']);
    expect(spansOf(svg)).to.deep.equal([["20.0 plain: &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so on&quot;"]]);
    expect(svg).to.not.match(/<script/);
    expect(svg).to.match(/aria-labelledby="title"/);
    expect(svg).to.match(/<title id="title">&lt;a&gt; &amp; b<\/title>/);
    expect(svg).to.match(/<desc id="description">&lt;\/desc&gt;&lt;script&gt;<\/desc>/);
  });

  it("is small, and asks for nothing from elsewhere", () => {
    const svg = readFileSync("docs/rehearsal.svg", "utf8");
    expect(svg).to.have.lengthOf.below(40_000);
    expect(svg.replace(' xmlns="http://www.w3.org/2000/svg"', "")).to.not.match(
      /https?:|href|url\(|@import|<script|<image/,
    );
  });
});

describe("a transcript's text", () => {
  it("has its styles for a picture whatever the terminal, and goes to a terminal as that can show it", () => {
    const { NO_COLOR, FORCE_COLOR } = process.env;
    try {
      delete process.env["FORCE_COLOR"];
      process.env["NO_COLOR"] = "1";
      expect(heading("strict")).to.match(/^\S+1mrequire-mfa, mode strict\S+22m/);
      expect(forTerminal(heading("strict"))).to.match(/^require-mfa, mode strict {2}rehearsed/);
      delete process.env["NO_COLOR"];
      process.env["FORCE_COLOR"] = "1";
      expect(forTerminal(heading("strict"))).to.equal(heading("strict"));
    } finally {
      restore("NO_COLOR", NO_COLOR);
      restore("FORCE_COLOR", FORCE_COLOR);
    }
  });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
