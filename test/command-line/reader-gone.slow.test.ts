import { execFileSync } from "node:child_process";
import { expect } from "chai";

describe("a command whose reader is gone", function () {
  this.timeout(120_000);

  for (const command of ["rehearsal/index.ts --mode off", "impact/command/index.ts --demo --json", "audit/index.ts"]) {
    it(`ends in silence: ${command}`, () => {
      const script = `"${process.execPath}" --import tsx ${command} 2>&1 >&3 | cat`;
      const told = execFileSync("bash", ["-c", `{ ${script}; } 3> >(head -c 1 >/dev/null)`], { encoding: "utf8" });
      expect(told).to.equal("");
    });
  }
});
