import { readFileSync } from "node:fs";
import { expect } from "chai";
import { METRICS } from "../../core/metrics";
import { ALARMS } from "../../parts/alarm-table";

const page = readFileSync("docs/operations.md", "utf8");

/** The rows of the tables under a heading, each as its cells. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const [, text = ""] = new RegExp(`\n## ${heading}\n([\\s\\S]*?)\n## `).exec(page) ?? [];
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("docs/operations.md", () => {
  it("tells of every metric, in their order, and of no other", () => {
    const told = rowsUnder("Metrics").flatMap(([names = ""]) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(told).to.deep.equal(Object.keys(METRICS));
  });

  it("tells of every alarm, with its meaning and the first step as its mail has them, and of no other", () => {
    const expected = ALARMS.map(({ name, watches, means, first }) => {
      const ofEach = watches.of === "queue" || watches.of === "rule" ? "-…" : "";
      return [`\`${name}${ofEach}\``, means, first];
    });
    expect(rowsUnder("Alarms")).to.deep.equal(expected);
  });
});
