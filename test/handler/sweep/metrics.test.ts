import { expect } from "chai";
import { METRICS } from "../../../core/metrics";
import { metricsOf } from "../../../handler/sweep/metrics";

const SUMMARY = {
  by: "schedule",
  run: 1,
  startedAt: "2026-09-21T22:13:20.000Z",
  certainFrom: "2026-09-22T01:00:00.000Z",
  mode: "strict",
  dryRun: false,
  users: 10,
  held: { quarantine: 1, conditional: 2, sealed: 3 },
  free: 4,
  exempt: ["break-glass", "robot", "carol"],
  exemptUnprotected: ["robot", "carol"],
  withheld: [],
  pending: [
    { user: "frank", due: "2027-01-01T00:00:00.000Z" },
    { user: "grace", due: "2027-01-01T00:00:00.000Z" },
  ],
  newlyHeld: 5,
  moved: 6,
  freed: 7,
  failures: ["alice: refused", "bob: refused"],
  unholdable: ["bob"],
  releasesStopped: ["carol", "dave", "eve"],
  releasesStoppedByScope: ["fay", "guy", "hal", "ida"],
  unmatched: [{ setting: "onlyUsers", entry: "Alic", nearest: "alice" }],
  missingGroups: ["auditors", "robots"],
  undecided: [],
  guards: {
    reattached: ["quarantine"],
    broken: [
      { guard: "sealed", fault: "policy-changed", what: "arn:aws:iam::123456789012:policy/sealed" },
      { guard: "sealed", fault: "inline-policy", what: "allow" },
    ],
  },
  trail: { state: "missing", why: "there is none" },
  bounded: [],
  rootWithoutMfa: true,
  left: 9,
  calls: 11,
  seconds: 12,
} as const;

describe("the metrics of a sweep", () => {
  let line: ReturnType<typeof metricsOf>;
  beforeEach(() => {
    line = metricsOf(SUMMARY, { drift: 13, notTold: 14 }, "require-mfa-1a2b3c4", 1_790_000_000_000);
  });

  it("carry each figure under its own name, and declare every one of them", () => {
    const { _aws, ...values } = line;
    expect(values).to.deep.equal({
      FunctionName: "require-mfa-1a2b3c4",
      Users: 10,
      HeldInQuarantine: 1,
      HeldInConditional: 2,
      HeldInSealed: 3,
      Free: 4,
      Exempt: 3,
      ExemptUnprotected: 2,
      Withheld: 0,
      Pending: 2,
      NewlyHeld: 5,
      Moved: 6,
      Freed: 7,
      Drift: 13,
      Failures: 1,
      Unholdable: 1,
      ReleasesStopped: 7,
      MissingGroups: 2,
      GuardBroken: 2,
      GuardReattached: 1,
      TrailMissing: 1,
      NotTold: 14,
      RootWithoutMfa: 1,
      ReportMissing: 0,
      Left: 9,
      Calls: 11,
      SweepDuration: 12,
    });
    const declared = _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
    expect(["FunctionName", ...declared]).to.have.members(Object.keys(values));
    expect(_aws.Timestamp).to.equal(1_790_000_000_000);
  });

  it("are all that sweeps put, and zero is a figure", () => {
    const ofSweeps = Object.entries(METRICS).flatMap(([name, { putAt }]) => (putAt === "events" ? [] : [name]));
    expect(line).to.include.all.keys(ofSweeps);
    expect(line).to.include({ Withheld: 0, ReportMissing: 0 });
  });

  it("are told by the function's name alone, in a namespace of their own", () => {
    const [directive, another] = line._aws.CloudWatchMetrics;
    expect(another).to.equal(undefined);
    expect(directive).to.deep.include({ Namespace: "require-mfa", Dimensions: [["FunctionName"]] });
    expect(directive?.Metrics).to.deep.include({ Name: "SweepDuration", Unit: "Seconds" });
  });

  it("say nothing of guards and trails where a further run has not looked at them", () => {
    const further = metricsOf(
      { ...SUMMARY, run: 2 },
      { drift: 13, notTold: 14 },
      "require-mfa-1a2b3c4",
      1_790_000_000_000,
    );
    expect(Object.keys(line).filter((name) => !(name in further))).to.deep.equal([
      "GuardBroken",
      "GuardReattached",
      "TrailMissing",
    ]);
  });

  it("tell of no trail only where it is known that there is none", () => {
    const { trail: _, ...unlooked } = SUMMARY;
    for (const summary of [unlooked, { ...SUMMARY, trail: { state: "unknown", why: "access denied" } as const }]) {
      expect(metricsOf(summary, { drift: 0, notTold: 0 }, "require-mfa-1a2b3c4", 0)).to.include({ TrailMissing: 0 });
    }
  });

  it("tell that there was no credential report", () => {
    const summary = { ...SUMMARY, reportFailure: "ServiceFailure" };
    expect(metricsOf(summary, { drift: 0, notTold: 0 }, "require-mfa-1a2b3c4", 0)).to.include({ ReportMissing: 1 });
  });
});
