import { expect } from "chai";
import type { Deadline } from "../../../core/due";
import type { Rules } from "../../../core/settings";
import type { HandlerContext } from "../../../handler/reconcile";
import type { AccountSnapshot, SnapshotUser } from "../../../handler/sweep/account-snapshot";
import { allPending, certainlyPending, distrustingReport } from "../../../handler/sweep/pending";
import { handlerContext } from "../../support/context";
import { GUARDS } from "../../support/guards";

const NOW = "2026-11-20T09:00:00Z";
const MADE = new Date("2026-11-18T09:00:00Z");

const contextOf = (settings: Partial<Rules & Deadline>, dryRun = false): HandlerContext => ({
  ...handlerContext(settings, NOW),
  dryRun,
});
const snapshotUser = (
  name: string,
  row: { readonly password: boolean; readonly device: boolean } | undefined,
  createdAt = MADE,
  groups: readonly string[] = [],
): SnapshotUser => ({
  detail: { id: `AIDA${name}`, name, path: "/", createdAt, groups, policies: [], permissionsBoundary: undefined },
  row: row && { createdAt: createdAt.getTime(), ...row },
});

describe("what the report says", () => {
  const ROW = { password: true, device: true };
  const snapshotOf = (users: readonly SnapshotUser[], generatedAt?: string): AccountSnapshot => ({
    users,
    groups: [],
    report: generatedAt === undefined ? undefined : { generatedAt: new Date(generatedAt), rootHasDevice: true },
    reportFailure: undefined,
  });
  /** Of whom the report counts; all are there still. */
  const trusted = (snapshot: AccountSnapshot, settings: Partial<Rules & Deadline>) => {
    const { users } = distrustingReport(snapshot, contextOf(settings));
    expect(users.map(({ detail }) => detail.name)).to.deep.equal(snapshot.users.map(({ detail }) => detail.name));
    return users.flatMap(({ detail, row }) => (row === undefined ? [] : [detail.name]));
  };

  // With two days of grace a hold falls due two days after its user was made; the report is of 08:00.
  const users = [
    snapshotUser("due-at-the-report", ROW, new Date("2026-11-18T08:00:00.000Z")),
    snapshotUser("due-since", ROW, new Date("2026-11-18T08:00:00.001Z")),
    snapshotUser("due-now", ROW, new Date("2026-11-18T09:00:00.000Z")),
    snapshotUser("not-due-yet", ROW, new Date("2026-11-18T09:00:00.001Z")),
    snapshotUser("held", ROW, new Date("2026-11-18T08:30:00.000Z"), [GUARDS.sealed.group]),
  ];

  it("counts for nothing of whom nobody holds and a hold has fallen due since", () => {
    expect(trusted(snapshotOf(users, "2026-11-20T08:00:00Z"), { graceDays: 2 })).to.deep.equal([
      "due-at-the-report",
      "not-due-yet",
      "held",
    ]);
  });

  it("counts of all where no deadline is set", () => {
    expect(trusted(snapshotOf(users, "2026-11-20T08:00:00Z"), {})).to.have.lengthOf(5);
  });

  it("is nothing to distrust where there is no report", () => {
    const snapshot = snapshotOf(users);
    expect(distrustingReport(snapshot, contextOf({ graceDays: 2 }))).to.equal(snapshot);
  });
});

describe("who is pending", () => {
  describe("for certain, by bulk reads alone", () => {
    const TOMORROW = { enforceFrom: "2026-11-21" };
    const PENDING = [{ user: "ann", due: "2026-11-21T00:00:00.000Z" }];

    it("is whom the report shows with a password and without a device", () => {
      const ann = snapshotUser("ann", { password: true, device: false });
      expect(certainlyPending(ann, contextOf({ mode: "quarantine", ...TOMORROW }))).to.deep.equal(PENDING);
    });

    it("is of whom it says nothing where each state would be held, and nobody where one would not", () => {
      const ann = snapshotUser("ann", undefined);
      expect(certainlyPending(ann, contextOf({ mode: "strict", ...TOMORROW }))).to.deep.equal(PENDING);
      expect(certainlyPending(ann, contextOf({ mode: "quarantine", ...TOMORROW }))).to.deep.equal([]);
    });

    it("is nobody in a dry run, which withholds the hold", () => {
      const ann = snapshotUser("ann", { password: true, device: false });
      expect(certainlyPending(ann, contextOf({ mode: "quarantine", ...TOMORROW }, true))).to.deep.equal([]);
    });

    it("is nobody whose hold is due", () => {
      const ann = snapshotUser("ann", { password: true, device: false });
      expect(certainlyPending(ann, contextOf({ mode: "quarantine" }))).to.deep.equal([]);
    });
  });

  it("is told by name, for certain or by a live read, and nobody else with a date", () => {
    const pending = allPending(
      [
        { user: "zoe", due: "2027-01-01T00:00:00.000Z" },
        { user: "bob", due: "2027-01-02T00:00:00.000Z" },
      ],
      [
        { user: "carol", action: "pending", due: "2027-01-03T00:00:00.000Z" },
        { user: "dave", action: "withheld", due: "2027-01-01T00:00:00.000Z" },
        { user: "eve", action: "held", due: "2026-01-01T00:00:00.000Z" },
        { user: "frank", action: "none" },
      ],
    );
    expect(pending).to.deep.equal([
      { user: "bob", due: "2027-01-02T00:00:00.000Z" },
      { user: "carol", due: "2027-01-03T00:00:00.000Z" },
      { user: "zoe", due: "2027-01-01T00:00:00.000Z" },
    ]);
  });
});
