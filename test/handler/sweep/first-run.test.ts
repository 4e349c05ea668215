import { expect } from "chai";
import { GUARD_NAMES, type GuardName } from "../../../core/guards";
import type { Mode } from "../../../core/modes";
import { DEFAULT_SETTINGS } from "../../../core/settings";
import type { SweepRequest } from "../../../core/sweep-request";
import { type VirtualClock, virtualClock } from "../../../fake-aws/virtual-clock";
import { type VirtualIam, type VirtualUser, virtualIam } from "../../../fake-aws/virtual-iam";
import { respond } from "../../../handler/respond";
import type { SweepSummary } from "../../../handler/sweep/sweep-summary";
import { GUARD_GROUPS, GUARD_POLICIES, GUARDS, POLICY_DIGESTS } from "../../support/guards";
import { QUIET_BUS } from "../../support/quiet-bus";
import { findsTheTrail } from "../../support/trails";
import { RUN_SECONDS } from "../../support/world";

const CREATED_AT = new Date("2026-01-05T08:00:00Z");
const TEAMS = Array.from({ length: 10 }, (_, index) => `team-${index}`);
const TEAM_GROUPS = TEAMS.map((name) => ({
  name,
  arn: `arn:aws:iam::123456789012:group/${name}`,
  policies: [],
  inlinePolicies: [],
}));
const DEVICE = { serialNumber: "arn:aws:iam::123456789012:mfa/phone", enabledAt: CREATED_AT };

interface Run {
  readonly request: SweepRequest;
  readonly summary: SweepSummary;
  readonly seconds: number;
}

describe("a first run over 5,000 users, where IAM takes ten calls of each kind a second", () => {
  let clock: VirtualClock;
  let iam: VirtualIam;
  const begin = (userOf: (index: number) => Partial<VirtualUser>) => {
    const users = Array.from({ length: 5000 }, (_, index) => ({
      name: `user-${index}`,
      path: "/",
      createdAt: CREATED_AT,
      devices: [],
      groups: [],
      policies: [],
      ...userOf(index),
    }));
    clock = virtualClock(new Date("2026-11-20T09:00:00Z"));
    iam = virtualIam(clock, users, { groups: [...GUARD_GROUPS, ...TEAM_GROUPS], policies: GUARD_POLICIES });
  };

  /**
   * Tells the function one mode after the other, `betweenSeconds` apart, and lets it sweep at each. Its runs go by what
   * it was told as they began, those that they ask for included.
   */
  const sweeps = async (
    requests: readonly { readonly mode: Mode; readonly by: SweepRequest["by"] }[],
    betweenSeconds = 0,
  ): Promise<readonly Run[]> => {
    const runs: Run[] = [];
    const begun: Promise<void>[] = [];
    let told: Mode = "off";
    const start = async (request: SweepRequest): Promise<void> => {
      const started = clock.now();
      const mode = told;
      const summary = await respond(
        { sweep: request },
        {
          iam,
          clock,
          guards: GUARDS,
          policyDigests: POLICY_DIGESTS,
          rules: { ...DEFAULT_SETTINGS, mode },
          dryRun: false,
          deadline: DEFAULT_SETTINGS,
          maxReleases: 50,
          sweepEverySeconds: 3600,
          functionName: "require-mfa-1a2b3c4",
          ...QUIET_BUS,
          secondsLeft: () => RUN_SECONDS - (clock.now() - started) / 1000,
          startNextRun: async (next) => {
            begun.push(start(next));
          },
          isCurrent: async () => told === mode,
          checkTrail: findsTheTrail,
          log: () => undefined,
        },
      );
      if (summary === undefined) throw new Error("a request for a sweep was taken for a record");
      runs.push({ request, summary, seconds: (clock.now() - started) / 1000 });
    };
    const all = async (): Promise<void> => {
      for (const { mode, by } of requests) {
        if (begun.length > 0) await clock.pause(betweenSeconds);
        told = mode;
        begun.push(start({ by, run: 1 }));
      }
      // Grows while it is gone through: every run may begin one more.
      for (const run of begun) await run;
    };
    await clock.run(all());
    return runs;
  };
  const sweep = (mode: Mode, by: SweepRequest["by"]) => sweeps([{ mode, by }]);
  const firstRun = (mode: Mode) => sweep(mode, "deploy");
  const scheduledSweep = (mode: Mode) => sweep(mode, "schedule");

  const isIn = (guard: GuardName) => (user: VirtualUser) => user.groups.includes(GUARDS[guard].group);
  const isUnderPolicyOf = (guard: GuardName) => (user: VirtualUser) => user.policies.includes(GUARDS[guard].policyArn);
  const countOf = (is: (user: VirtualUser) => boolean) => iam.users().filter(is).length;
  const standings = () => GUARD_NAMES.map((name) => [name, countOf(isIn(name)), countOf(isUnderPolicyOf(name))]);
  const writes = () =>
    (["addUserToGroup", "removeUserFromGroup", "attachUserPolicy", "detachUserPolicy"] as const).map(
      (kind) => iam.counts().get(kind) ?? 0,
    );

  const expectToEnd = (runs: readonly Run[]) => {
    const [first] = runs;
    const last = runs.at(-1);
    expect(runs.length).to.be.within(2, 10);
    expect(runs.map(({ request }) => request.by))
      .to.include("deploy")
      .and.not.to.include("schedule");
    expect(first?.seconds).to.be.at.most(60);
    expect(Math.max(...runs.map(({ seconds }) => seconds))).to.be.at.most(900);
    expect(last?.summary).to.deep.include({ users: 5000, left: 0, failures: [] });
    expect(runs.reduce((sum, { summary }) => sum + summary.newlyHeld + summary.moved, 0)).to.equal(5000);
  };
  const expectNothingToDo = ([run, ...more]: readonly Run[]) => {
    expect(more).to.deep.equal([]);
    expect(run?.summary).to.deep.include({ users: 5000, newlyHeld: 0, moved: 0, freed: 0, left: 0, failures: [] });
  };

  it("holds them all in at most ten runs of 15 minutes, where all have a password and no device", async () => {
    begin(() => ({ passwordMadeAt: CREATED_AT }));
    expectToEnd(await firstRun("quarantine"));
    expect(standings()).to.deep.equal([
      ["quarantine", 5000, 0],
      ["conditional", 0, 0],
      ["sealed", 0, 0],
    ]);
    expect(writes()).to.deep.equal([5000, 0, 0, 0]);

    expectNothingToDo(await scheduledSweep("quarantine"));
    expect(writes()).to.deep.equal([5000, 0, 0, 0]);
  });

  it("holds and moves them all, whatever they have and wherever they stand, under conditional-deny", async () => {
    const mixed: readonly Partial<VirtualUser>[] = [
      { passwordMadeAt: CREATED_AT },
      { passwordMadeAt: CREATED_AT, devices: [DEVICE] },
      { groups: TEAMS },
      { passwordMadeAt: CREATED_AT, groups: [GUARDS.quarantine.group] },
      { devices: [DEVICE], policies: [GUARDS.sealed.policyArn] },
    ];
    begin((index) => mixed[index % 5] ?? {});
    expectToEnd(await firstRun("conditional-deny"));
    expect(standings()).to.deep.equal([
      ["quarantine", 0, 0],
      ["conditional", 4000, 1000],
      ["sealed", 0, 0],
    ]);
    expect(writes()).to.deep.equal([4000, 1000, 1000, 1000]);

    expectNothingToDo(await scheduledSweep("conditional-deny"));
    expect(writes()).to.deep.equal([4000, 1000, 1000, 1000]);
  });

  it("frees nobody for good whom the next deploy holds, although the first one's sweep is still running", async () => {
    begin((index) => (index < 1500 ? { passwordMadeAt: CREATED_AT, groups: [GUARDS.quarantine.group] } : {}));
    await sweeps(
      [
        { mode: "off", by: "deploy" },
        { mode: "quarantine", by: "deploy" },
      ],
      70,
    );
    expect(standings()).to.deep.equal([
      ["quarantine", 1500, 0],
      ["conditional", 0, 0],
      ["sealed", 0, 0],
    ]);
  });
});
