import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { violationsOf } from "../../soak/invariants";
import { atThePort } from "../../soak/property";

/**
 * What the soak shrank, as it found it at the port by `--steps 200`. In that of seed 395 the handler was at fault: a sweep
 * took the other group for one that may be the exempt group renamed, and an event did not. In all others the invariants
 * asked for more than is promised.
 */
const FOUND: readonly (readonly [string, string])[] = [
  ["seed 123", "a release that is stopped, of who is under two guards"],
  ["seed 126", "a way into a guard that has no room, of who is under two others"],
  ["seed 158", "a hand that puts a user into a guard while a run for the user goes on"],
  ["seed 395", "a group of a guard's name under another path, beside an exempt group that is gone"],
  ["seed 374", "a sweep's failure that its next run mends"],
  ["seed 262", "a refusal of a user who is renamed meanwhile"],
  ["seed 730", "a refusal of a user whom another run puts into place"],
  ["seed 426", "two runs at full quotas, of which each takes back the other's way out"],
  ["seed 1045", "a guard's group that comes back as a run goes out of another guard to make room"],
  ["seed 1119", "an old read that shows the user who bore the name before, to whom no grace was left"],
];

describe("histories that the soak shrank", () => {
  const histories = JSON.parse(readFileSync(join(__dirname, "shrunk.json"), "utf8"));

  it("are all played", () => {
    expect(histories).to.have.lengthOf(FOUND.length);
  });

  for (const [index, [seed, about]] of FOUND.entries()) {
    it(`break no invariant: ${seed}, ${about}`, async () => {
      expect(violationsOf(await atThePort()(histories[index]))).to.deep.equal([]);
    });
  }
});
