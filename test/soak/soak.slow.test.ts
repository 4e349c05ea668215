import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { progressOn } from "../../command-line/progress";
import type { Result } from "../../soak/jobs";
import { readOptions } from "../../soak/options";
import { soak } from "../../soak/soak";
import { report } from "../../soak/told";

describe("a soak", () => {
  let folder: string;
  let written: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "require-mfa-"));
    written = "";
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (...args: readonly string[]): Promise<number> => {
    const output = {
      write: (text: string) => {
        written += text;
      },
    };
    return soak(readOptions(["--bundle-histories", "0", "--inputs", "5", ...args], {}), progressOn(output));
  };

  it("does its jobs in processes, tells the figures, and leaves out what a file has already", async () => {
    const file = join(folder, "results.jsonl");
    const args = ["--histories", "60", "--steps", "4", "--workers", "2", "--resume", file];
    expect(await run(...args)).to.equal(0);
    expect(written).to.match(/^60 histories at the port, \d+ steps, [\d,]+ runs of the function, .*violations: 0$/m);
    expect(written).to.match(/^5 hostile settings; .*violations: 0$/m);
    const results = readFileSync(file, "utf8");
    expect(results.trimEnd().split("\n")).to.have.lengthOf(6);
    // As where it was stopped in the midst of a line.
    appendFileSync(file, '{"kind":"port","se');
    expect(await run(...args)).to.equal(0);
    expect(written).to.include(`6 of 6 jobs are in ${file} already`);
    const more = ["--histories", "61", ...args.slice(2)];
    await run(...more);
    await run(...more);
    expect(written.match(/6 of 6 jobs are in .* already/g)).to.have.lengthOf(2);
  });

  it("plays one again", async () => {
    expect(await run("--only", "port", "--seed", "1", "--steps", "10", "--path", "3")).to.equal(0);
    expect(written).to.equal("✓ broke nothing\n");
  });

  it("tells a violation with what it shrank to and the command that plays it again", () => {
    const result: Result = {
      kind: "port",
      seed: 7,
      runs: 50,
      steps: 40,
      tried: 12,
      stepsTried: 100,
      invocations: 70,
      writes: 9,
      faults: { killed: 2, Throttling: 3 },
      finding: { seed: 7, path: "11:0:2", message: "the second sweep writes nothing: alice", counterexample: "[{}]" },
      milliseconds: 1600,
    };
    expect(report([result], 2)).to.deep.equal([
      "12 histories at the port, 100 steps, 70 runs of the function, 9 writes; 2 s of a worker; violations: 1",
      "  faults: Throttling 3, killed 2",
      "2 s in all",
      "✗ port, seed 7: the second sweep writes nothing: alice",
      "  [{}]",
      '  again: npm run soak -- --only "port" --seed 7 --steps 40 --path 11:0:2',
    ]);
  });

  it("ends with exit code 1 where something broke", async () => {
    const file = join(folder, "results.jsonl");
    const finding = { seed: 1, path: "0", message: "broken", counterexample: "[]" };
    const job = { kind: "port", seed: 1, runs: 1, steps: 4, tried: 1, stepsTried: 1, invocations: 1, writes: 0 };
    appendFileSync(file, `${JSON.stringify({ ...job, faults: {}, milliseconds: 1, finding })}\n`);
    expect(await run("--histories", "1", "--steps", "4", "--inputs", "0", "--resume", file)).to.equal(1);
    expect(written).to.include("✗ port, seed 1: broken");
  });
});
