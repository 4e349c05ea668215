import { expect } from "chai";
import type { Outcome } from "../../../handler/reconcile";
import { type Decided, newsOfDecision, newsOfSweptUsers } from "../../../handler/told/news-of-decisions";

const SEEN = { password: true, devices: [], heldBy: [] } as const;
const MOVED: Outcome = {
  user: "alice",
  action: "moved",
  decision: "hold",
  guard: "sealed",
  reason: "one MFA device",
  seen: { ...SEEN, heldBy: ["quarantine", "conditional"] },
  writes: [],
  lagging: false,
};

function decided(outcome: Outcome): Decided {
  const { user } = outcome;
  return { outcome, warnings: [], isEnrolment: false, line: { level: "INFO", user }, cause: "A sweep found it" };
}

describe("news of what became of a user", () => {
  const told = (outcome: Outcome) =>
    newsOfDecision(decided(outcome)).map(({ detailType, happened }) => [detailType, happened]);

  it("tells of a move from which guards it was", () => {
    expect(told(MOVED)).to.deep.equal([
      ["User Moved", "alice was moved from quarantine and conditional to sealed (one MFA device). A sweep found it"],
    ]);
  });

  it("tells of a move that left a moment without a guard", () => {
    expect(told({ ...MOVED, seen: { ...SEEN, heldBy: ["quarantine"] }, outBeforeIn: true })).to.deep.equal([
      [
        "User Moved",
        "alice was moved from quarantine to sealed (one MFA device), at full quotas for a moment under no guard. A sweep found it",
      ],
    ]);
  });

  it("is none of who is in place, and of whom a dry run would hold", () => {
    expect([...told({ ...MOVED, action: "none" }), ...told({ ...MOVED, action: "withheld" })]).to.deep.equal([]);
  });
});

describe("news of whom a sweep changed", () => {
  const names = ["kim", "bob", "ada", "eve", "gil", "ian", "dan", "hal", "fay", "cy"];
  const moved = names.map((user) => decided({ ...MOVED, user }));

  it("is one of each where they are ten", () => {
    expect(newsOfSweptUsers(moved, { by: "schedule", run: 1 }).map(({ detailType }) => detailType)).to.deep.equal(
      Array.from({ length: 10 }, () => "User Moved"),
    );
  });

  it("is one of all of them where they are more, by their names, whatever was done with each", () => {
    const { guard: _, ...freed } = { ...MOVED, action: "freed", decision: "free" } as const;
    const all = [
      ...moved,
      decided({ ...MOVED, user: "joe", action: "held" }),
      decided({ ...freed, user: "abe" }),
      decided({ ...MOVED, user: "zoe", action: "none" }),
    ];
    const [news, ...others] = newsOfSweptUsers(all, { by: "schedule", run: 1 });
    expect(others).to.deep.equal([]);
    expect(news?.happened).to.equal(
      "A sweep has changed where 12 users stand: abe (freed), ada (moved), bob (moved), cy (moved), dan (moved), eve (moved), fay (moved), gil (moved), hal (moved), ian (moved), joe (held), kim (moved)",
    );
    expect(news?.line).to.deep.include({ changed: 12 });
    expect(news?.line["users"]).to.deep.include.members([
      { user: "abe", action: "freed" },
      { user: "joe", action: "held", guard: "sealed" },
    ]);
  });
});
