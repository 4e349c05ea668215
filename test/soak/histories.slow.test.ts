import { expect } from "chai";
import { bundleHandler } from "../../resources/bundle";
import { check } from "../../soak/check";
import { atThePort, FAILURES, noViolations, overTheBundle } from "../../soak/property";

/** Beside the fixed ones, a seed of one's own: `SOAK_SEED=7 npx mocha test/soak/histories.slow.test.ts`. */
const OWN = process.env["SOAK_SEED"];
const SEEDS = [1, 2, 3, 4, 5, 6, ...(OWN === undefined ? [] : [Number(OWN)])];

/** Of each seed. */
const HISTORIES = 50;
const STEPS = 40;

describe("histories at random, at the port", () => {
  for (const seed of SEEDS) {
    it(`break no invariant: seed ${seed}`, async () => {
      const property = noViolations(atThePort(), { steps: STEPS, failures: FAILURES.port });
      expect(await check(property, { seed, runs: HISTORIES })).to.equal(undefined);
    });
  }
});

describe("histories at random, over the bundle that ships", () => {
  it("break no invariant", async () => {
    const property = noViolations(overTheBundle(bundleHandler()), { steps: 12, failures: FAILURES.bundle });
    expect(await check(property, { seed: Number(OWN ?? 1), runs: 3 })).to.equal(undefined);
  });
});
