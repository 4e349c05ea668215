import { expect } from "chai";
import { brokenInWords } from "../../../core/guard-state";
import { complaintAbout, findingsOf } from "../../../handler/sweep/findings";
import type { SweepSummary } from "../../../handler/sweep/sweep-summary";

/** A sweep that found nothing amiss. */
const QUIET: SweepSummary = {
  by: "schedule",
  run: 1,
  startedAt: "2026-03-05T00:00:00.000Z",
  certainFrom: "2026-03-05T00:00:00.000Z",
  mode: "strict",
  dryRun: false,
  users: 3,
  held: { quarantine: 1, conditional: 0, sealed: 1 },
  free: 1,
  exempt: [],
  exemptUnprotected: [],
  withheld: [],
  pending: [],
  newlyHeld: 0,
  moved: 0,
  freed: 0,
  failures: [],
  unholdable: [],
  releasesStopped: [],
  releasesStoppedByScope: [],
  unmatched: [],
  missingGroups: [],
  undecided: [],
  guards: { reattached: [], broken: [] },
  bounded: [],
  rootWithoutMfa: false,
  left: 0,
  calls: 10,
  seconds: 2,
};
const UNMATCHED = [{ setting: "onlyUsers", entry: "Alic", nearest: "alice" }] as const;
const IN_WORDS = 'onlyUsers names "Alic", which matches nobody (the nearest is "alice")';

describe("what a sweep found", () => {
  const found = (summary: Partial<SweepSummary>) => findingsOf({ ...QUIET, ...summary }, 50);

  it("is nothing where nothing is amiss", () => {
    expect(found({})).to.deep.equal([]);
  });

  it("is what is wrong with guards, of each on its own", () => {
    const fault = { guard: "sealed", fault: "inline-policy", what: "allow" } as const;
    const another = { ...fault, what: "more" };
    const gone = { guard: "quarantine", fault: "group-gone", what: "require-mfa-quarantine-1a2b3c4" } as const;
    expect(found({ guards: { reattached: [], broken: [fault, gone, another] } })).to.deep.equal([
      {
        level: "ERROR",
        finding: "guard-broken",
        message:
          "the group of quarantine, require-mfa-quarantine-1a2b3c4, is gone; pulumi up --refresh makes it what was deployed",
        guard: "quarantine",
        faults: [{ fault: "group-gone", what: "require-mfa-quarantine-1a2b3c4" }],
      },
      {
        level: "ERROR",
        finding: "guard-broken",
        message: brokenInWords([fault, another]),
        guard: "sealed",
        faults: [
          { fault: "inline-policy", what: "allow" },
          { fault: "inline-policy", what: "more" },
        ],
      },
    ]);
  });

  const findings: readonly (readonly [string, Partial<SweepSummary>, object])[] = [
    [
      "a guard whose policy was off its group",
      { guards: { reattached: ["sealed"], broken: [] } },
      {
        level: "WARN",
        finding: "guard-reattached",
        message:
          "the policy of sealed was not attached to its group, so that the group held nobody; it is attached again",
        guard: "sealed",
      },
    ],
    [
      "a group that the settings name and is not there",
      { missingGroups: ["robots"] },
      {
        level: "ERROR",
        finding: "missing-group",
        message:
          "onlyGroups or exemptGroups name what is no group of this account: robots; everybody is where the state says all the same",
        groups: ["robots"],
        users: [],
      },
    ],
    [
      "for whom that group matters",
      { missingGroups: ["robots"], undecided: ["alice", "bob"] },
      {
        level: "ERROR",
        finding: "missing-group",
        message:
          "onlyGroups or exemptGroups name what is no group of this account: robots; 2 users stay held or free as before, for it depends on that where they belong: alice, bob",
        groups: ["robots"],
        users: ["alice", "bob"],
      },
    ],
    [
      "whom no guard can hold",
      { unholdable: ["alice", "bob"] },
      {
        level: "ERROR",
        finding: "unholdable",
        message: "no guard can hold who is in ten groups and has as many managed policies as IAM allows: alice, bob",
        users: ["alice", "bob"],
      },
    ],
    [
      "that it would free too many",
      { releasesStopped: ["alice"] },
      {
        level: "ERROR",
        finding: "releases-stopped",
        message:
          "this sweep would free 1 user, and maxReleases lets a sweep free 50: none of them was freed. If they are to be free, confirm it: pulumi config set maxReleases 1 && pulumi up",
        users: ["alice"],
      },
    ],
    [
      "that it would free too many by an old report",
      { releasesStopped: ["alice", "bob"], releasesByReportOf: "2026-03-04T22:00:00.000Z" },
      {
        level: "ERROR",
        finding: "releases-stopped",
        message:
          "this sweep would free 2 users, by the credential report of 2026-03-04T22:00:00.000Z, and maxReleases lets a sweep free 50: none of them was freed. If they are to be free, confirm it: pulumi config set maxReleases 2 && pulumi up",
        users: ["alice", "bob"],
      },
    ],
    [
      "who would be free by a scope in doubt",
      { releasesStoppedByScope: ["alice"], unmatched: UNMATCHED },
      {
        level: "ERROR",
        finding: "releases-stopped",
        message: `1 user would be free only for being outside the scope, of which an entry matches nobody, and stay held: ${IN_WORDS}`,
        users: ["alice"],
      },
    ],
    [
      "an entry that matches nobody",
      { unmatched: UNMATCHED },
      { level: "WARN", finding: "unmatched", message: IN_WORDS, entries: UNMATCHED },
    ],
    [
      "who is to be held once it is due",
      { pending: [{ user: "alice", due: "2027-01-31T00:00:00.000Z" }] },
      {
        level: "INFO",
        finding: "pending",
        message: "to be held once it is due: alice (2027-01-31T00:00:00.000Z)",
        users: [{ user: "alice", due: "2027-01-31T00:00:00.000Z" }],
      },
    ],
    [
      "the exempt without a device",
      { exemptUnprotected: ["robot", "carol"] },
      {
        level: "WARN",
        finding: "exempt-without-device",
        message: "exempt, with a password and no MFA device: robot, carol",
        users: ["robot", "carol"],
      },
    ],
    [
      "root without a device",
      { rootWithoutMfa: true },
      {
        level: "WARN",
        finding: "root-without-mfa",
        message:
          "the credential report shows no MFA device for the account's root user, whom no policy of a user binds",
      },
    ],
    [
      "who is held within bounds",
      { bounded: [{ user: "alice", boundary: "arn:aws:iam::123456789012:policy/bounds" }] },
      {
        level: "WARN",
        finding: "permissions-boundary",
        message:
          "held, with a permissions boundary, which must allow what the door leaves open, or they can't enrol: alice",
        users: [{ user: "alice", boundary: "arn:aws:iam::123456789012:policy/bounds" }],
      },
    ],
    [
      "that there was no report",
      { reportFailure: "ServiceFailure" },
      {
        level: "WARN",
        finding: "no-report",
        message:
          "there was no credential report, so that whoever may be out of place was looked at live: ServiceFailure",
      },
    ],
    [
      "that no trail brings events",
      { trail: { state: "missing", why: "there is none" } },
      { level: "ERROR", finding: "trail-missing", message: "there is none" },
    ],
    [
      "that it can't be told whether a trail does",
      { trail: { state: "unknown", why: "access denied" } },
      { level: "WARN", finding: "trail-unknown", message: "access denied" },
    ],
  ];
  for (const [what, summary, finding] of findings) {
    it(`is ${what}`, () => {
      expect(found(summary)).to.deep.include(finding);
    });
  }

  describe("in mode off", () => {
    const emptied = { mode: "off", held: { quarantine: 0, conditional: 0, sealed: 0 } } as const;
    const saysSo = (summary: Partial<SweepSummary>) =>
      found({ ...emptied, ...summary }).some(({ finding }) => finding === "nobody-held");

    it("is that nobody is held any more", () => {
      expect(found(emptied)).to.deep.equal([
        { level: "INFO", finding: "nobody-held", message: "mode off, and nobody is under a guard" },
      ]);
    });

    it("is no such thing where a guard holds somebody, somebody failed, or somebody is left", () => {
      for (const guard of ["quarantine", "conditional", "sealed"]) {
        expect(saysSo({ held: { ...emptied.held, [guard]: 1 } }), guard).to.equal(false);
      }
      expect(saysSo({ failures: ["alice: refused"] })).to.equal(false);
      expect(saysSo({ left: 1 })).to.equal(false);
      expect(saysSo({ mode: "strict" })).to.equal(false);
    });
  });
});

describe("what falls short in a sweep", () => {
  const broken = [{ guard: "sealed", fault: "group-gone", what: "require-mfa-sealed-1a2b3c4" }] as const;
  const isBroken =
    "the group of sealed, require-mfa-sealed-1a2b3c4, is gone; pulumi up --refresh makes it what was deployed";
  const complaint = (summary: Partial<SweepSummary>) => complaintAbout({ ...QUIET, ...summary }, 50);

  it("is nothing where nothing does", () => {
    expect(complaint({ unmatched: UNMATCHED, rootWithoutMfa: true })).to.equal(undefined);
  });

  it("is a broken guard, but not in mode off, which needs none", () => {
    expect(complaint({ guards: { reattached: [], broken } })).to.deep.equal({ message: isBroken, mayPass: false });
    expect(complaint({ mode: "off", guards: { reattached: [], broken } })).to.equal(undefined);
  });

  it("is told with the way on, all of it", () => {
    expect(
      complaint({
        releasesStoppedByScope: ["alice"],
        unmatched: UNMATCHED,
        failures: ["bob: refused", "carol: no guard can hold carol"],
        unholdable: ["carol"],
        left: 2,
      }),
    ).to.deep.equal({
      message: `1 user would be free only for being outside the scope, of which an entry matches nobody, and stay held: ${IN_WORDS}. Correct the entry, or remove it. 2 users could not be reconciled: bob: refused; carol: no guard can hold carol. there was no time for 2 users, and the next scheduled sweep takes them up`,
      mayPass: true,
    });
  });

  it("is a group that is not there, and that it would free too many", () => {
    expect(complaint({ missingGroups: ["robots"], releasesStopped: ["alice", "bob"] })?.message).to.equal(
      "onlyGroups or exemptGroups name what is no group of this account: robots; everybody is where the state says all the same. this sweep would free 2 users, and maxReleases lets a sweep free 50: none of them was freed. If they are to be free, confirm it: pulumi config set maxReleases 2 && pulumi up",
    );
  });

  it("passes with no other try where all who failed can't be held", () => {
    const message = "1 user could not be reconciled: carol: no guard can hold carol";
    expect(complaint({ failures: ["carol: no guard can hold carol"], unholdable: ["carol"] })).to.deep.equal({
      message,
      mayPass: false,
    });
  });
});
