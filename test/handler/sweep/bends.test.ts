import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../../core/settings";
import type { SweepRequest } from "../../../core/sweep-request";
import { type VirtualClock, virtualClock } from "../../../fake-aws/virtual-clock";
import { type VirtualIam, type VirtualUser, virtualIam } from "../../../fake-aws/virtual-iam";
import type { Iam } from "../../../handler/iam/iam";
import { respond } from "../../../handler/respond";
import { SweepError } from "../../../handler/respond-to-sweep";
import type { SweepSummary } from "../../../handler/sweep/sweep-summary";
import { failureOf } from "../../support/failure";
import { GUARD_GROUPS, GUARD_POLICIES, GUARDS, POLICY_DIGESTS } from "../../support/guards";
import { peopleOf } from "../../support/people";
import { QUIET_BUS } from "../../support/quiet-bus";
import { findsTheTrail } from "../../support/trails";
import { newWorld, RUN_SECONDS, type Settings, type World } from "../../support/world";

const QUARANTINE: Settings = { mode: "quarantine" };

describe("a sweep bends and does not break", () => {
  let world: World;
  let people: ReturnType<typeof peopleOf>;
  beforeEach(async () => {
    world = await newWorld();
    people = peopleOf(world);
  });
  afterEach(() => world.close());

  const callsSince = (before: number) => world.calls().slice(before);
  const rename = (from: string, to: string) => world.root("UpdateUser", { UserName: from, NewUserName: to });

  describe("where a group is missing that the settings name", () => {
    const RULES: Settings = { ...QUARANTINE, exemptGroups: ["robots"] };
    beforeEach(() => {
      people.groups("robots", "teams");
      people.person("alice", "password");
      people.person("bob", "password");
      people.person("carol", "password", "device");
      people.person("rob", "password");
      people.join("bob", "teams");
      people.join("rob", "robots");
    });

    it("holds for whom it makes no difference, leaves the others as they are by name, and fails a deploy only", async () => {
      await world.sweep(RULES, { by: "deploy" });
      people.person("dave", "password");
      world.root("UpdateGroup", { GroupName: "robots", NewGroupName: "automata" });
      const message =
        "onlyGroups or exemptGroups name what is no group of this account: robots; 2 users stay held or free as before, for it depends on that where they belong: bob, rob";
      const { summary } = await world.sweep(RULES, {});
      expect(people.standings("alice", "bob", "carol", "rob", "dave")).to.deep.equal([
        "quarantine",
        "quarantine",
        "free",
        "free",
        "quarantine",
      ]);
      expect(summary).to.deep.include({ missingGroups: ["robots"], undecided: ["bob", "rob"] });
      expect(world.complaint()).to.equal(message);
      expect(world.findings()).to.containSubset([
        { level: "ERROR", finding: "missing-group", message, groups: ["robots"], users: ["bob", "rob"] },
      ]);
      expect(world.metrics()).to.deep.include({ MissingGroups: 1 });
      const failure = await failureOf(world.sweep(RULES, { by: "deploy" }));
      expect(String(failure)).to.equal(`SweepError: ${message}`);
      // Nobody waits for a deploy's further runs, and Lambda would repeat them for nothing.
      expect((await world.sweep(RULES, { by: "deploy", run: 2 })).summary.missingGroups).to.deep.equal(["robots"]);
    });

    it("frees everybody in mode off", async () => {
      await world.sweep(RULES, { by: "deploy" });
      world.root("UpdateGroup", { GroupName: "robots", NewGroupName: "automata" });
      const { summary } = await world.sweep({ ...RULES, mode: "off" }, { by: "deploy" });
      expect(summary.missingGroups).to.deep.equal([]);
      expect(new Set(people.standings("alice", "bob", "carol", "rob"))).to.deep.equal(new Set(["free"]));
    });
  });

  describe("where a user changes names while it looks", () => {
    it("finds the user again by the id, once", async () => {
      people.person("mallory", "password");
      world.account.before("ListMFADevices", () => rename("mallory", "malory"));
      const before = world.calls().length;
      const { summary } = await world.sweep(QUARANTINE, {});
      expect(world.standing("malory")).to.equal("quarantine");
      expect(callsSince(before).filter((call) => call === "GetAccountAuthorizationDetails")).to.have.lengthOf(2);
      expect(summary).to.deep.include({ newlyHeld: 1, failures: [] });
    });

    it("takes it for a failure where the user does so again", async () => {
      people.person("mallory", "password");
      world.account.before("ListMFADevices", () => {
        rename("mallory", "malory");
        world.account.before("ListMFADevices", () => rename("malory", "mallorie"));
      });
      const failure = await failureOf(world.sweep(QUARANTINE, {}));
      expect(failure).to.be.instanceOf(SweepError);
      expect(failure.message).to.match(
        /^1 user could not be reconciled: malory: the user of the id AIDA\w+ changes names while the sweep looks: mallory, then malory$/,
      );
    });

    for (const leavesAnother of [false, true]) {
      it(`takes it for a failure where the user is gone from the new name by the end, ${leavesAnother ? "and another has it" : "and nobody has it"}`, async () => {
        people.person("mallory", "password");
        world.account.before("ListMFADevices", () => rename("mallory", "malory"));
        world.account.before("GetUser", () => {
          rename("malory", "mallorie");
          if (leavesAnother) people.person("malory");
        });
        const failure = await failureOf(world.sweep(QUARANTINE, {}));
        expect(failure.message).to.match(
          /^1 user could not be reconciled: malory: the user of the id AIDA\w+ changes names while the sweep looks: mallory, then malory$/,
        );
      });
    }

    it("holds who leaves another user under the old name", async () => {
      people.person("mallory", "password");
      world.account.before("ListMFADevices", () => {
        rename("mallory", "malory");
        people.person("mallory");
      });
      const { summary } = await world.sweep(QUARANTINE, {});
      expect(world.standing("malory")).to.equal("quarantine");
      expect(summary.failures).to.deep.equal([]);
    });

    it("leaves who is found again and for whom there is no time, and takes it for no failure", async () => {
      people.person("mallory", "password");
      let hasTime = true;
      world.account.before("ListMFADevices", () => {
        rename("mallory", "malory");
        hasTime = false;
      });
      const { summary } = await world.sweep(QUARANTINE, {}, () => hasTime);
      expect([summary.failures, summary.left]).to.deep.equal([[], 1]);
    });

    it("takes who is gone for a failure where the second bulk read fails, and tells of all the rest", async () => {
      people.person("mallory", "password");
      people.person("alice", "password");
      world.account.before("ListMFADevices", () => {
        rename("mallory", "malory");
        world.account.failNext("GetAccountAuthorizationDetails", "AccessDenied", 1000);
      });
      const failure = await failureOf(world.sweep(QUARANTINE, {}));
      expect(failure.message).to.match(/^1 user could not be reconciled: mallory: is not found by name: /);
      expect(world.metrics()).to.deep.include({ NewlyHeld: 1, Failures: 1 });
    });

    it("asks no second time where the user was deleted", async () => {
      people.person("mallory");
      world.account.before("ListMFADevices", () => world.root("DeleteUser", { UserName: "mallory" }));
      const { summary } = await world.sweep({ mode: "conditional-deny" }, {});
      expect(summary).to.deep.include({ users: 0, newlyHeld: 0, failures: [] });
    });
  });

  describe("where the credential report", () => {
    it("can't be asked for, again and again, looks at everybody live", async () => {
      people.person("alice", "password");
      world.account.failNext("GenerateCredentialReport", "LimitExceeded", 1000);
      const { summary } = await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("quarantine");
      expect(summary).to.deep.include({ newlyHeld: 1, failures: [], certainFrom: summary.startedAt });
      expect(summary.reportFailure).to.equal("IAM had none within 120 seconds");
    });

    it("is refused for good, looks at everybody live and tells why", async () => {
      people.person("alice", "password");
      world.account.failNext("GetCredentialReport", "AccessDenied", 1000);
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("quarantine");
      expect(world.findings()).to.deep.equal([
        {
          level: "WARN",
          finding: "no-report",
          message:
            "there was no credential report, so that whoever may be out of place was looked at live: Injected fault: AccessDenied",
        },
      ]);
    });
  });

  it("says from when on its result is certain: with an older report, from when that expires", async () => {
    people.person("alice", "password");
    const first = await world.sweep(QUARANTINE, { by: "deploy" });
    expect(first.summary.certainFrom).to.equal(first.summary.startedAt);
    world.waitHours(1);
    const second = await world.sweep(QUARANTINE, { by: "deploy" });
    // The report was made at 01:02:38.
    expect(second.summary.certainFrom).to.equal("2026-03-05T05:02:38.000Z");
  });

  describe("where a lost event left somebody in quarantine", () => {
    it("frees them at the next sweep, although the report still agrees with the wrong record", async () => {
      people.person("alice", "password");
      await world.sweep(QUARANTINE, {});
      world.waitHours(1);
      world.enrol("alice");
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("free");
    });

    it("takes three calls for each who belongs there, where rules name paths too", async () => {
      for (let index = 0; index < 20; index++) people.person(`user-${index}`, "password");
      const settings: Settings = { ...QUARANTINE, exemptPaths: ["/robots/"] };
      await world.sweep(settings, {});
      const before = world.calls().length;
      await world.sweep(settings, {});
      const looks = callsSince(before).filter((call) => /^(List|GetLoginProfile|GetUser$)/.test(call));
      expect(looks).to.have.lengthOf(60);
    });
  });

  it("reads the path again before it holds", async () => {
    people.personAt("/robots/", "rob", "password");
    const settings: Settings = { ...QUARANTINE, exemptPaths: ["/automata/"] };
    world.account.before("ListMFADevices", () => world.root("UpdateUser", { UserName: "rob", NewPath: "/automata/" }));
    await world.sweep(settings, {});
    expect(world.standing("rob")).to.equal("free");
  });

  it("tells of nobody who can't be held in silence: both quotas are full", async () => {
    people.person("alice", "password");
    for (let index = 0; index < 10; index++) {
      people.groups(`team-${index}`);
      people.join("alice", `team-${index}`);
      const PolicyName = `policy-${index}`;
      const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
      world.root("CreatePolicy", { PolicyName, PolicyDocument });
      const PolicyArn = `arn:aws:iam::123456789012:policy/${PolicyName}`;
      world.root("AttachUserPolicy", { UserName: "alice", PolicyArn });
    }
    for (let sweep = 0; sweep < 2; sweep++) {
      const { summary } = await world.sweep(QUARANTINE, {});
      expect(summary.unholdable).to.deep.equal(["alice"]);
      expect(world.metrics()).to.deep.include({ Unholdable: 1, Free: 1 });
      expect(world.findings().at(-1)).to.deep.include({ level: "ERROR", finding: "unholdable", users: ["alice"] });
    }
    expect((await failureOf(world.sweep(QUARANTINE, { by: "deploy" }))).message).to.match(/^1 user could not be/);
  });

  it("names the exempt who have a password and no device, and root without a device, and held people with bounds", async () => {
    await world.close();
    world = await newWorld({ rootHasDevice: false });
    people = peopleOf(world);
    people.person("alice", "password");
    people.person("rob", "password");
    people.person("break-glass", "password", "device");
    people.person("bob", "password");
    const boundary = "arn:aws:iam::aws:policy/IAMUserChangePassword";
    world.root("PutUserPermissionsBoundary", { UserName: "alice", PermissionsBoundary: boundary });
    const unbounded = "arn:aws:iam::aws:policy/AdministratorAccess";
    world.root("PutUserPermissionsBoundary", { UserName: "bob", PermissionsBoundary: unbounded });
    const { summary } = await world.sweep({ ...QUARANTINE, exemptUsers: ["rob", "break-glass"] }, {});
    expect(summary).to.deep.include({ exemptUnprotected: ["rob"], rootWithoutMfa: true });
    expect(summary.bounded).to.deep.equal([{ user: "alice", boundary }]);
    expect(world.metrics()).to.deep.include({ ExemptUnprotected: 1, RootWithoutMfa: 1 });
    expect(world.findings().map(({ level, finding, users }) => [level, finding, users])).to.deep.equal([
      ["WARN", "exempt-without-device", ["rob"]],
      ["WARN", "root-without-mfa", undefined],
      ["WARN", "permissions-boundary", [{ user: "alice", boundary }]],
    ]);
  });

  it("counts the exempt without a device on the day of enforceFrom too", async () => {
    people.person("rob", "password");
    const settings: Settings = { ...QUARANTINE, exemptUsers: ["rob"], enforceFrom: "2026-03-06" };
    world.waitHours(21);
    const before = await world.sweep(settings, {});
    world.waitHours(3);
    const after = await world.sweep(settings, {});
    expect([before.summary.exemptUnprotected, after.summary.exemptUnprotected]).to.deep.equal([["rob"], ["rob"]]);
  });

  it("writes what it found before it asks for its next run", async () => {
    for (const name of ["alice", "bob", "carol"]) people.person(name, "password");
    let users = 3;
    let toldBefore = false;
    await world.sweep(
      QUARANTINE,
      {},
      () => users-- > 0,
      async () => true,
      async () => {
        toldBefore = world.log.some((line) => "summary" in line);
      },
    );
    expect(toldBefore).to.equal(true);
  });

  it("writes its summary, metrics and names where the next run can't be started", async () => {
    for (const name of ["alice", "bob", "carol"]) people.person(name, "password");
    let users = 3;
    const failure = await failureOf(
      world.sweep(
        QUARANTINE,
        {},
        () => users-- > 0,
        async () => true,
        async () => Promise.reject(new Error("Lambda did not take it")),
      ),
    );
    expect(failure.message).to.equal("the next run could not be started: Lambda did not take it");
    expect(world.metrics()).to.deep.include({ NewlyHeld: 1, Left: 2 });
  });

  it("begins no further run once the next scheduled sweep is due", async () => {
    for (const name of ["alice", "bob", "carol"]) people.person(name, "password");
    let users = 3;
    const firstRunAt = Date.parse("2026-03-05T01:02:38Z") - 3_599_000;
    const early = await world.sweep(QUARANTINE, { run: 4, firstRunAt: firstRunAt + 60_000 }, () => users-- > 0);
    expect(early.next).to.deep.equal([{ by: "schedule", run: 5, firstRunAt: firstRunAt + 60_000 }]);
    users = 2;
    const late = await world.sweep(QUARANTINE, { run: 4, firstRunAt: firstRunAt - 1_000 }, () => users-- > 0);
    expect(late.next).to.deep.equal([]);
    expect(world.complaint()).to.match(/^there was no time for \d users?, and the next scheduled sweep takes them up$/);
  });
});

describe("a sweep of 5,000 where IAM throttles", () => {
  const CREATED_AT = new Date("2026-01-05T08:00:00Z");
  let clock: VirtualClock;

  const account = (callsPerSecond: number, userOf: (index: number) => Partial<VirtualUser>): VirtualIam => {
    clock = virtualClock(new Date("2026-11-20T09:00:00Z"));
    const users = Array.from({ length: 5000 }, (_, index) => ({
      name: `user-${index}`,
      path: "/",
      createdAt: CREATED_AT,
      devices: [],
      groups: [],
      policies: [],
      ...userOf(index),
    }));
    const groups = GUARD_GROUPS;
    return virtualIam(clock, users, { groups, policies: GUARD_POLICIES, callsPerSecond, refuses: true });
  };
  /** Sweeps by request, and all runs that ask for another. */
  const sweeps = async (
    iam: Iam,
    mode: "quarantine" | "off",
    first: SweepRequest,
  ): Promise<readonly SweepSummary[]> => {
    const summaries: SweepSummary[] = [];
    let next: SweepRequest | undefined = first;
    while (next !== undefined) {
      const request: SweepRequest = next;
      next = undefined;
      const started = clock.now();
      const response = respond(
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
          sweepEverySeconds: 86_400,
          functionName: "require-mfa-1a2b3c4",
          ...QUIET_BUS,
          secondsLeft: () => RUN_SECONDS - (clock.now() - started) / 1000,
          startNextRun: async (asked) => {
            next = asked;
          },
          isCurrent: async () => true,
          checkTrail: findsTheTrail,
          log: () => undefined,
        },
      );
      const summary = await clock.run(response);
      if (summary !== undefined) summaries.push(summary);
      expect((clock.now() - started) / 1000).to.be.at.most(900);
    }
    return summaries;
  };
  const countIn = (iam: VirtualIam) =>
    iam.users().filter(({ groups }) => groups.includes(GUARDS.quarantine.group)).length;

  for (const callsPerSecond of [5, 2]) {
    it(`loses nobody at ${callsPerSecond} calls of a kind a second: who is throttled is left and no failure`, async () => {
      const iam = account(callsPerSecond, () => ({ passwordMadeAt: CREATED_AT }));
      const summaries = await sweeps(iam, "quarantine", { by: "schedule", run: 1 });
      expect(summaries.flatMap(({ failures }) => failures)).to.deep.equal([]);
      expect(countIn(iam)).to.equal(5000);
    });
  }

  it("goes on freeing in mode off by the schedule, where a deploy's sweep ended before it was done", async () => {
    const iam = account(0.5, (index) =>
      index < 300 ? { passwordMadeAt: CREATED_AT, groups: [GUARDS.quarantine.group] } : {},
    );
    await sweeps(iam, "off", { by: "deploy", run: 10 });
    expect(countIn(iam)).to.be.within(1, 299);
    await sweeps(iam, "off", { by: "schedule", run: 1 });
    expect(countIn(iam)).to.equal(0);
  });
});
