import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { errorsOf, runUnderEngine } from "../../fake-engine/fake-engine";
import { withProgramCopy } from "../support/program-copy";

/** It throws on line 9, from column 9 on; what tsx makes of it is shorter. */
const BROKEN_OUTPUTS = `interface Broken {
  readonly what: string;
}

const broken: Broken = { what: "somebody broke it" };

export function outputsOf(): never {
  // Nobody expects this.
  throw new Error(broken.what);
}
`;

describe("an error in the program that nobody expected", function () {
  // A run takes some seconds, and several times as many on a busy machine.
  this.timeout(120_000);

  it("is told once, with file and line of its TypeScript", async () => {
    await withProgramCopy(async (copy) => {
      writeFileSync(join(copy, "resources/outputs.ts"), BROKEN_OUTPUTS);
      const config = { "aws:region": "us-east-1" };
      const run = await runUnderEngine({ program: copy, stack: "dev", preview: true, config });

      const errors = errorsOf(run);
      expect(errors).to.have.lengthOf(1);
      const [, thrown, frame] = stripVTControlCharacters(errors.join()).split("\n");
      expect(thrown).to.equal("Error: somebody broke it");
      expect(frame?.replaceAll("\\", "/")).to.match(/^ {4}at outputsOf \(.*\/resources\/outputs\.ts:9:9\)$/);
      expect(run.exitCode, run.stderr).to.equal(32);
    });
  });
});
