import { expect } from "chai";
import { check } from "../../soak/check";
import { portMachine } from "../../soak/port-machine";
import { noViolations } from "../../soak/property";

/** Beside the fixed ones, a seed of one's own: `SOAK_SEED=7 npx mocha test/soak/histories.slow.test.ts`. */
const OWN = process.env["SOAK_SEED"];
const SEEDS = [1, 2, 3, 4, 5, 6, ...(OWN === undefined ? [] : [Number(OWN)])];

/** Of each seed. */
const HISTORIES = 50;
const STEPS = 40;

describe("histories at random, at the port", () => {
  for (const seed of SEEDS) {
    it(`break no invariant: seed ${seed}`, async () => {
      const property = noViolations(async (surroundings) => portMachine(surroundings), STEPS);
      expect(await check(property, { seed, runs: HISTORIES })).to.equal(undefined);
    });
  }
});
