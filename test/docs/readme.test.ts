import { readFileSync } from "node:fs";
import { expect } from "chai";

const readme = readFileSync("README.md", "utf8");

describe("README.md", () => {
  it("lists every setting as Pulumi.yaml declares it", () => {
    const told = [...readme.matchAll(/^\| `(\w+)` \| `(.+?)` \| (.+) \|$/gm)].map(([, ...cells]) => cells);
    const declared = [
      ...readFileSync("Pulumi.yaml", "utf8").matchAll(
        /^ {2}(\w+):\n {4}type: \w+\n(?: {4}items: .+\n)? {4}description: (?:>-\n((?: {6}.+\n)+)|(.+)\n) {4}default: (.+)$/gm,
      ),
    ].map(([, name, folded, line, preset]) => [name, preset, line ?? folded?.trim().replace(/\n +/g, " ")]);
    expect(declared).to.have.lengthOf(26);
    expect(told).to.deep.equal(declared);
  });
});

describe("docs/how-it-decides.md", () => {
  it("shows a line of the log as the rehearsal's handler writes it", () => {
    const [, line] = /```json\n(.+)\n```/.exec(readFileSync("docs/how-it-decides.md", "utf8")) ?? [];
    expect(JSON.parse(line ?? "")).to.have.all.keys(
      "level",
      "call",
      "caller",
      "sourceIPAddress",
      "userAgent",
      "eventID",
      "eventTime",
      "secondsSinceCall",
      "user",
      "action",
      "decision",
      "guard",
      "reason",
      "seen",
      "writes",
      "lagging",
    );
  });
});

describe("docs/rehearsal.md", () => {
  it("has the rehearsal's whole transcript", () => {
    const [, transcript] = /\n```\n([\s\S]*?\n)```\n/.exec(readFileSync("docs/rehearsal.md", "utf8")) ?? [];
    expect(transcript).to.equal(readFileSync("test/rehearsal/golden/quarantine.txt", "utf8"));
  });
});
