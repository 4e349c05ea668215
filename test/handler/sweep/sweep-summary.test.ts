import { expect } from "chai";
import type { GuardName } from "../../../core/guards";
import type { Rules } from "../../../core/settings";
import type { Outcome } from "../../../handler/reconcile";
import type { AccountSnapshot, SnapshotUser } from "../../../handler/sweep/account-snapshot";
import type { Attended } from "../../../handler/sweep/attend";
import { type Effort, summarize } from "../../../handler/sweep/sweep-summary";
import { handlerContext } from "../../support/context";
import { GUARDS } from "../../support/guards";

const STARTED = Date.parse("2026-11-20T09:00:00.500Z");

/** A user with a password and no device, as a report says, in nothing but these groups. */
const user = (name: string, ...groups: readonly string[]): SnapshotUser => ({
  detail: {
    id: `AIDA${name}`,
    name,
    path: "/",
    createdAt: new Date("2026-11-18T09:00:00Z"),
    groups,
    policies: [],
    permissionsBoundary: undefined,
  },
  row: { createdAt: Date.parse("2026-11-18T09:00:00Z"), password: true, device: false },
});

const outcome = (
  { detail }: SnapshotUser,
  action: Outcome["action"],
  guard?: GuardName,
  heldBy: readonly GuardName[] = [],
): Attended => ({
  detail,
  outcome: {
    user: detail.name,
    action,
    decision: guard === undefined ? "free" : "hold",
    reason: "for a test",
    ...(guard && { guard }),
    seen: { password: true, devices: [], heldBy },
    writes: [],
    lagging: false,
  },
});

describe("the summary of a sweep", () => {
  const summaryOf = (
    users: readonly SnapshotUser[],
    {
      rules = {},
      missingGroups = [],
      report,
      reportFailure,
      ...effort
    }: Partial<Effort> & {
      readonly rules?: Partial<Rules>;
      readonly missingGroups?: readonly string[];
      readonly reportFailure?: string;
      readonly report?: AccountSnapshot["report"];
    } = {},
  ) => {
    const context = { ...handlerContext(rules), missingGroups };
    return summarize(
      { by: "schedule", run: 1 },
      context,
      { users, groups: [], report, reportFailure },
      {
        attended: [],
        pending: [],
        guards: { reattached: [], broken: [] },
        unmatched: [],
        releasesStopped: [],
        left: 0,
        calls: 7,
        started: STARTED,
        ended: STARTED + 12_400,
        ...effort,
      },
    );
  };

  it("says how long it took, in whole seconds, and why there was no report, if it is said", () => {
    expect(summaryOf([])).to.include({ seconds: 12, calls: 7, startedAt: "2026-11-20T09:00:00.500Z" });
    expect(summaryOf([])).to.not.have.property("reportFailure");
    expect(summaryOf([], { reportFailure: "ServiceFailure" })).to.include({ reportFailure: "ServiceFailure" });
  });

  it("counts everybody where they stand by the end, not where they stood", () => {
    const [held, moved, freed, withheld, kept, unseen, gone] = [
      user("held"),
      user("moved", GUARDS.conditional.group),
      user("freed", GUARDS.conditional.group),
      user("withheld", GUARDS.conditional.group),
      user("kept"),
      user("unseen", GUARDS.conditional.group),
      user("gone", GUARDS.conditional.group),
    ] as const;
    const summary = summaryOf([held, moved, freed, withheld, kept, unseen, gone], {
      attended: [
        outcome(held, "held", "quarantine"),
        outcome(moved, "moved", "quarantine", ["conditional"]),
        outcome(freed, "freed", undefined, ["conditional"]),
        // Under a guard as the run began, and taken out of it by hand before a dry run would have moved them.
        outcome(withheld, "withheld", "sealed", ["conditional"]),
        outcome(kept, "none", "sealed", ["sealed"]),
        outcome(gone, "gone"),
      ],
    });
    expect(summary).to.deep.include({
      users: 6,
      held: { quarantine: 2, conditional: 1, sealed: 1 },
      free: 2,
      newlyHeld: 1,
      moved: 1,
      freed: 1,
      withheld: ["withheld"],
    });
  });

  it("names who failed, and of those who can't be held", () => {
    const [alice, bob, carol] = [user("alice"), user("bob"), user("carol")];
    const summary = summaryOf([alice, bob, carol], {
      attended: [
        outcome(carol, "none"),
        { detail: alice.detail, failure: "refused", isUnholdable: false },
        { detail: bob.detail, failure: "no guard can hold bob", isUnholdable: true },
      ],
    });
    expect(summary).to.deep.include({
      failures: ["alice: refused", "bob: no guard can hold bob"],
      unholdable: ["bob"],
    });
  });

  it("names whom a scope in doubt keeps from being freed, and nobody else", () => {
    const [alice, bob] = [user("alice", GUARDS.quarantine.group), user("bob")];
    const leave = "not by a scope that matches nobody";
    const attended = [{ detail: alice.detail, leave }, outcome(bob, "held", "quarantine")] as const;
    expect(summaryOf([alice, bob], { attended })).to.deep.include({
      releasesStoppedByScope: ["alice"],
      failures: [],
      held: { quarantine: 2, conditional: 0, sealed: 0 },
    });
  });

  it("is certain from its start by a report that is not older, and else from when the report has expired", () => {
    const by = (generatedAt: string) =>
      summaryOf([], { report: { generatedAt: new Date(generatedAt), rootHasDevice: true } }).certainFrom;
    expect(by("2026-11-20T09:00:00Z")).to.equal("2026-11-20T09:00:00.500Z");
    expect(by("2026-11-20T08:59:59Z")).to.equal("2026-11-20T12:59:59.000Z");
    expect(summaryOf([]).certainFrom).to.equal("2026-11-20T09:00:00.500Z");
  });

  it("says that root has no device only where the report does", () => {
    const by = (rootHasDevice: boolean | undefined) =>
      summaryOf([], { report: { generatedAt: new Date(STARTED), rootHasDevice } }).rootWithoutMfa;
    expect([by(false), by(true), by(undefined), summaryOf([]).rootWithoutMfa]).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
  });

  it("names the exempt, and who of them has a password and no device as far as a report says, but in mode off", () => {
    const robot = user("robot");
    const users = [
      robot,
      { ...user("enrolled"), row: { createdAt: 0, password: true, device: true } },
      { ...user("keys"), row: { createdAt: 0, password: false, device: false } },
      { ...user("unknown"), row: undefined },
      user("alice"),
    ];
    const rules = { exemptUsers: ["robot", "enrolled", "keys", "unknown"], onlyUsers: ["nobody"] };
    expect(summaryOf(users, { rules })).to.deep.include({
      exempt: ["robot", "enrolled", "keys", "unknown"],
      exemptUnprotected: ["robot"],
    });
    expect(summaryOf(users, { rules: { ...rules, mode: "off" } })).to.deep.include({ exemptUnprotected: [] });
  });

  it("names of whom it depends on a missing group where they belong, in any state that they may be in", () => {
    const users = [
      user("alice", "staff"),
      { ...user("unknown", "staff"), row: undefined },
      { ...user("enrolled", "staff"), row: { createdAt: 0, password: true, device: true } },
      user("bob"),
    ];
    const rules = { exemptGroups: ["robots"] };
    expect(summaryOf(users, { rules, missingGroups: ["robots"] }).undecided).to.deep.equal(["alice", "unknown"]);
    expect(summaryOf(users, { rules }).undecided).to.deep.equal([]);
  });

  it("names who is held and has a permissions boundary, and nobody who is free or gone", () => {
    const boundary = "arn:aws:iam::123456789012:policy/bounds";
    const bounded = ({ detail, row }: SnapshotUser): SnapshotUser => ({
      detail: { ...detail, permissionsBoundary: boundary },
      row,
    });
    const gone = bounded(user("gone", GUARDS.quarantine.group));
    const boundless = user("carol", GUARDS.quarantine.group);
    const byAll = {
      ...boundless.detail,
      name: "dave",
      permissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
    };
    const users = [
      bounded(user("alice", GUARDS.quarantine.group)),
      bounded(user("bob")),
      gone,
      boundless,
      { ...boundless, detail: byAll },
    ];
    expect(summaryOf(users, { attended: [outcome(gone, "gone")] }).bounded).to.deep.equal([
      { user: "alice", boundary },
    ]);
  });
});
