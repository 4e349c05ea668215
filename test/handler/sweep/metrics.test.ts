import { readFileSync } from "node:fs";
import { expect } from "chai";
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

describe("the metrics", () => {
  const line = metricsOf(SUMMARY, { drift: 13, notTold: 14 }, "require-mfa-1a2b3c4", 1_790_000_000_000);

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
      Failures: 2,
      Unholdable: 1,
      ReleasesStopped: 7,
      MissingGroups: 2,
      GuardBroken: 2,
      GuardReattached: 1,
      TrailMissing: 1,
      NotTold: 14,
      RootWithoutMfa: 1,
      Left: 9,
      Calls: 11,
      SweepDuration: 12,
    });
    const declared = _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
    expect(["FunctionName", ...declared]).to.deep.equal(Object.keys(values));
    expect(_aws.Timestamp).to.equal(1_790_000_000_000);
  });

  it("are all told of in docs/operations.md, and no other", () => {
    const [, table = ""] = /## Metrics([\s\S]*?)\n## /.exec(readFileSync("docs/operations.md", "utf8")) ?? [];
    const rows = table.split("\n").filter((row) => row.startsWith("| `"));
    const told = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name));
    const { _aws: _, FunctionName: __, ...values } = line;
    expect(told).to.deep.equal(Object.keys(values));
  });
});
