import { expect } from "chai";
import type { Outcome } from "../../../handler/reconcile";
import { wrongSince } from "../../../handler/sweep/drift";

const STARTED = Date.parse("2026-11-20T09:00:00Z");
const HELD: Outcome = {
  user: "ann",
  action: "held",
  decision: "hold",
  guard: "quarantine",
  reason: "a password, no MFA device",
  writes: [],
  lagging: false,
};
const seenWith = (datedAt?: string): Pick<Outcome, "seen"> => ({
  seen: { password: true, devices: [], heldBy: [], ...(datedAt !== undefined && { datedAt }) },
});

describe("a record that a sweep every hour corrected at 09:00", () => {
  const since = (changed: Partial<Outcome>) => wrongSince({ ...HELD, ...changed }, STARTED, 3600);

  const wrong: readonly (readonly [string, Partial<Outcome>, string])[] = [
    ["the last sweep, where nothing is dated", seenWith(), "2026-11-20T08:00:00.000Z"],
    ["the last sweep, where nothing was seen", {}, "2026-11-20T08:00:00.000Z"],
    ["the last sweep, of what is older", seenWith("2026-11-20T07:59:59.999Z"), "2026-11-20T08:00:00.000Z"],
    ["the change, where it is newer", seenWith("2026-11-20T08:00:00.001Z"), "2026-11-20T08:00:00.001Z"],
    ["the change, of five minutes ago", seenWith("2026-11-20T08:55:00.000Z"), "2026-11-20T08:55:00.000Z"],
    ["the last sweep, of who was moved", { action: "moved" }, "2026-11-20T08:00:00.000Z"],
    ["the last sweep, of who was freed", { action: "freed" }, "2026-11-20T08:00:00.000Z"],
    ["the last sweep, of a hold due for two hours", { due: "2026-11-20T07:00:00.000Z" }, "2026-11-20T08:00:00.000Z"],
  ];
  for (const [title, changed, expected] of wrong) {
    it(`may have been wrong since ${title}`, () => expect(since(changed)).to.equal(expected));
  }

  const right: readonly (readonly [string, Partial<Outcome>])[] = [
    ["a change of less than five minutes, whose event may yet come", seenWith("2026-11-20T08:55:00.001Z")],
    ["a hold that fell due less than two hours ago", { due: "2026-11-20T07:00:00.001Z" }],
    ["who is in place", { action: "none" }],
    ["who is gone", { action: "gone" }],
    ["a hold that is withheld", { action: "withheld" }],
    ["a hold that is pending", { action: "pending" }],
  ];
  for (const [title, changed] of right) {
    it(`is none of ${title}`, () => expect(since(changed)).to.equal(undefined));
  }
});
