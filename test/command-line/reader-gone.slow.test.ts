import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

describe("a command whose reader is gone", function () {
  this.timeout(120_000);

  const toldBy = (command: string): string => {
    const script = `"${process.execPath}" --import tsx ${command} 2>&1 >&3 | cat`;
    return execFileSync("bash", ["-c", `{ ${script}; } 3> >(head -c 1 >/dev/null)`], { encoding: "utf8" });
  };

  for (const command of ["rehearsal/index.ts --mode off", "impact/command/index.ts --demo --json", "audit/index.ts"]) {
    it(`ends in silence: ${command}`, () => {
      expect(toldBy(command)).to.equal("");
    });
  }

  it("ends in silence: soak/index.ts, which says first what it has already, and the rest when it is done", () => {
    const folder = mkdtempSync(join(tmpdir(), "require-mfa-"));
    const file = join(folder, "results.jsonl");
    const figures = { tried: 1, stepsTried: 0, invocations: 0, writes: 0, faults: {}, milliseconds: 1 };
    writeFileSync(file, `${JSON.stringify({ kind: "settings", seed: 1, runs: 1, steps: 200, ...figures })}\n`);
    try {
      expect(toldBy(`soak/index.ts --histories 0 --bundle-histories 0 --inputs 1 --resume ${file}`)).to.equal("");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
