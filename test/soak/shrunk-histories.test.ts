import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { violationsOf } from "../../soak/invariants";
import { atThePort } from "../../soak/property";

/**
 * What the soak shrank, as it found it at the port by `--steps 200`. In none of them did the handler break a promise: who
 * stays as they were stays under two guards, and a hand moves a user after a run has looked.
 */
const FOUND: readonly (readonly [string, string])[] = [
  ["seed 123", "a release that is stopped, of who is under two guards"],
  ["seed 126", "a way into a guard that has no room, of who is under two others"],
  ["seed 158", "a hand that puts a user into a guard while a run for the user goes on"],
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
