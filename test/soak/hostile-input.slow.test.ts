import { expect } from "chai";
import { HOSTILE_INPUTS } from "../../soak/hostile-input";

/** Of each kind. */
const INPUTS = 2_000;
const SEED = Number(process.env["SOAK_SEED"] ?? 1);

describe("hostile input", () => {
  for (const [kind, attempt] of Object.entries(HOSTILE_INPUTS)) {
    it(`meets the typed errors, and tells no secret: ${kind}`, async () => {
      expect(await attempt({ seed: SEED, runs: INPUTS })).to.equal(undefined);
    });
  }
});
