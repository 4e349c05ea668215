import { expect } from "chai";
import type { SweepRequest } from "../../../core/sweep-request";
import { complaintAbout } from "../../../handler/sweep/findings";
import { type Decided, newsOfSweptUsers } from "../../../handler/told/news-of-decisions";
import { isFirstOfDay } from "../../../handler/told/news-of-findings";
import { firstOf } from "../../support/account";
import { failureOf } from "../../support/failure";
import { GUARDS } from "../../support/guards";
import { peopleOf } from "../../support/people";
import { newWorld, type Settings, type World } from "../../support/world";

const QUARANTINE: Settings = { mode: "quarantine" };

/** Half past midnight: an hour before no sweep was of this day. */
const NIGHT = "2026-03-05T00:30:00Z";

describe("a sweep", () => {
  let world: World;
  let people: ReturnType<typeof peopleOf>;
  beforeEach(async () => {
    world = await newWorld({ startTime: NIGHT });
    people = peopleOf(world);
  });
  afterEach(() => world.close());

  const names = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);
  const toldSince = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    const before = world.toldTypes().length;
    await work();
    return world.toldTypes().slice(before);
  };

  describe("tells what it did", () => {
    it("by an event for each user up to ten, with the line of the log, in one call", async () => {
      for (const name of names(10)) people.person(name, "password");
      await world.sweep(QUARANTINE, { by: "deploy" });
      expect(world.toldTypes()).to.deep.equal(Array(10).fill("User Held"));
      expect(world.bus.calls).to.deep.equal([10]);
      const lines = world.log.filter(({ action }) => action === "held");
      for (const [index, { detail }] of world.told().entries()) expect(detail).to.deep.include(lines[index]);
      expect(world.told()[0]?.detail).to.deep.include({ level: "INFO", sweep: { by: "deploy", run: 1 } });
      expect(world.told()[0]?.detail["message"]).to.match(
        /^user-0 is held in quarantine now \(a password, no MFA device\)\. The sweep of a deploy found it\. /,
      );
    });

    it("beyond ten by one event", async () => {
      for (const name of names(11)) people.person(name, "password");
      await world.sweep(QUARANTINE, { by: "deploy" });
      expect(world.toldTypes()).to.deep.equal(["Users Changed"]);
      expect(world.told()[0]?.detail).to.deep.include({ sweep: { by: "deploy", run: 1 }, changed: 11 });
    });

    it("in which it names a hundred and counts the others", () => {
      const decided = names(120).map((user): Decided => {
        const outcome = {
          user,
          action: "held",
          decision: "hold",
          guard: "sealed",
          reason: "",
          writes: [],
          lagging: false,
        } as const;
        return { outcome, warnings: [], isEnrolment: false, line: {}, cause: "" };
      });
      const gone = decided
        .slice(0, 50)
        .map((each): Decided => ({ ...each, outcome: { ...each.outcome, action: "gone" } }));
      const news = newsOfSweptUsers([...gone, ...decided], { by: "schedule", run: 1 });
      expect(news).to.have.lengthOf(1);
      const { line, happened } = firstOf(news);
      expect(line).to.deep.include({ changed: 120, more: { users: 20 } });
      expect(line["users"]).to.have.lengthOf(100);
      expect(line["users"]).to.deep.include({ user: "user-7", action: "held", guard: "sealed" });
      expect(happened).to.match(/^A sweep has changed where 120 users stand: user-0 \(held\), .*, and 20 more$/);
    });

    it("not at all where it changed and found nothing", async () => {
      people.person("alice", "password", "device");
      await world.sweep({ ...QUARANTINE, dryRun: true }, {});
      people.person("bob", "password");
      await world.sweep({ ...QUARANTINE, dryRun: true }, {});
      expect(world.bus.calls).to.deep.equal([]);
    });

    it("with since when the record may have been wrong, where it corrected one", async () => {
      people.person("alice", "password");
      world.waitHours(5);
      await world.sweep(QUARANTINE, {});
      expect(world.told()[0]?.detail).to.deep.include({ level: "WARN", drift: { since: "2026-03-05T04:30:00.000Z" } });
      expect(world.told()[0]?.detail["message"]).to.match(
        /^alice is held in quarantine now \(a password, no MFA device\)\. The sweep of the schedule found it, which may have been so since 2026-03-05T04:30:00.000Z: an event was lost, or somebody worked around the guards\. /,
      );
    });

    it("with a warning where it freed someone who became exempt, or left the scope, without a device", async () => {
      for (const name of ["alice", "bob"]) people.person(name, "password");
      people.personAt("/staff/", "carol", "password");
      await world.sweep(QUARANTINE, { by: "deploy" });
      const rules: Settings = { ...QUARANTINE, exemptUsers: ["alice"], onlyPaths: ["/staff/"] };
      expect((await toldSince(() => world.sweep(rules, { by: "deploy" }))).toSorted()).to.deep.equal([
        "Scope Changed",
        "Scope Changed",
        "User Freed",
        "User Freed",
      ]);
      const warnings = world.log
        .filter(({ action }) => action === "freed")
        .map((line) => [line["user"], line["level"], line["warnings"]]);
      expect(warnings).to.have.deep.members([
        ["alice", "WARN", ["freed-as-exempt", "scope-changed-without-device"]],
        ["bob", "WARN", ["scope-changed-without-device"]],
      ]);
    });
  });

  describe("tells what lasts once a day", () => {
    const RULES: Settings = {
      ...QUARANTINE,
      exemptUsers: ["rob", "alcie"],
      exemptGroups: ["gone"],
      enforceFrom: "2026-04-01",
    };
    const LASTING = ["Group Missing", "User Pending", "Setting Unmatched", "Exempt User Unprotected"];
    beforeEach(() => {
      people.person("alice", "password");
      people.person("rob", "password");
    });

    it("at the first scheduled sweep after midnight, and at none after it until the next", async () => {
      expect(await toldSince(() => world.sweep(RULES, {}))).to.deep.equal(LASTING);
      for (let hour = 1; hour < 24; hour++) {
        world.waitHours(1);
        expect(await toldSince(() => world.sweep(RULES, {}))).to.deep.equal([]);
      }
      world.waitHours(1);
      expect(await toldSince(() => world.sweep(RULES, {}))).to.deep.equal(LASTING);
    });

    it("neither by a deploy nor in a further run", async () => {
      expect(await toldSince(() => world.sweep({ ...RULES, exemptGroups: [] }, { by: "deploy" }))).to.deep.equal([]);
      expect(await toldSince(() => world.sweep(RULES, { run: 2 }))).to.deep.equal([]);
    });

    it("each by one event, with the line of the log", async () => {
      for (const name of ["bob", "carol"]) people.person(name, "password");
      await world.sweep(RULES, {});
      const pending = world.told().find((event) => event["detail-type"] === "User Pending");
      expect(pending?.detail).to.deep.include({
        level: "INFO",
        finding: "pending",
        sweep: { by: "schedule", run: 1 },
        users: ["alice", "bob", "carol"].map((user) => ({ user, due: "2026-04-01T00:00:00.000Z" })),
      });
      expect(pending?.detail["message"]).to.match(
        /^to be held once it is due: alice \(2026-04-01T00:00:00.000Z\), bob /,
      );
    });

    it("of a guard too, but at once that it has attached a policy again", async () => {
      const { group, policyArn } = GUARDS.quarantine;
      world.waitHours(8);
      world.root("DetachGroupPolicy", { GroupName: group, PolicyArn: policyArn });
      world.root("AttachGroupPolicy", { GroupName: group, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
      expect(await toldSince(() => world.sweep(QUARANTINE, {})))
        .to.include("Guard Reattached")
        .and.not.include("Guard Broken");
      world.waitHours(16);
      expect(await toldSince(() => world.sweep(QUARANTINE, {}))).to.deep.equal(["Guard Broken"]);
    });
  });

  describe("that falls short", () => {
    it("tells what it did and found, and that it fell short, before it throws", async () => {
      for (const name of ["alice", "bob"]) people.person(name, "password");
      world.account.failNext("AddUserToGroup", "AccessDenied");
      await failureOf(world.sweep({ ...QUARANTINE, exemptUsers: ["alcie"] }, {}));
      expect(world.toldTypes()).to.deep.equal(["User Held", "Setting Unmatched", "Sweep Failed"]);
      expect(world.bus.calls).to.deep.equal([3]);
    });

    it("tells so where the account can't be read", async () => {
      world.account.failNext("GetAccountAuthorizationDetails", "ServiceFailure", 1000);
      await failureOf(world.sweep(QUARANTINE, {}));
      expect(world.toldTypes()).to.deep.equal(["Sweep Failed"]);
      expect(world.told()[0]?.detail).to.deep.include({
        level: "ERROR",
        sweep: { by: "schedule", run: 1 },
        action: "failed",
      });
    });

    it("tells so where its next run can't be started, and what it did", async () => {
      for (const name of ["alice", "bob", "carol"]) people.person(name, "password");
      let users = 3;
      const cut = () => users-- > 0;
      const isCurrent = async () => true;
      const refuse = () => Promise.reject(new Error("Lambda did not take it"));
      await failureOf(world.sweep(QUARANTINE, {}, cut, isCurrent, refuse));
      expect(world.toldTypes()).to.deep.equal(["User Held", "Sweep Failed"]);
    });

    it("tells so where time ran out for good, and not where another run goes on", async () => {
      people.person("alice", "password");
      const rules: Settings = { ...QUARANTINE, exemptGroups: ["gone"] };
      expect(await toldSince(() => world.sweep(rules, { run: 2 }, () => false))).to.deep.equal([]);
      expect(await toldSince(() => world.sweep(QUARANTINE, { run: 10 }, () => false))).to.deep.equal(["Sweep Failed"]);
    });

    it("tells no scheduled sweep's failure of what lasts, and a deploy's of it", async () => {
      const rules: Settings = { ...QUARANTINE, exemptGroups: ["gone"] };
      world.waitHours(8);
      expect(await toldSince(() => world.sweep(rules, {}))).to.deep.equal([]);
      expect(await toldSince(() => failureOf(world.sweep(rules, { by: "deploy" })))).to.deep.equal(["Sweep Failed"]);
    });
  });

  it("undoes nothing and throws nothing where its events are not taken, and counts them", async () => {
    for (const name of ["alice", "bob"]) people.person(name, "password");
    world.bus.failNext("AccessDeniedException");
    const { summary } = await world.sweep(QUARANTINE, { by: "deploy" });
    expect(summary.newlyHeld).to.equal(2);
    expect(people.standings("alice", "bob")).to.deep.equal(["quarantine", "quarantine"]);
    expect(world.metrics()).to.deep.include({ NewlyHeld: 2, NotTold: 2 });
    expect(world.findings()).to.containSubset([{ level: "ERROR", finding: "not-told" }]);
    await world.sweep(QUARANTINE, {});
    expect(world.metrics()).to.deep.include({ NotTold: 0 });
  });

  it("writes and answers lists of 100 at most, with how many more there are, and counts all in its metrics", async () => {
    for (const name of names(105)) people.person(name, "password");
    const { summary } = await world.sweep({ ...QUARANTINE, enforceFrom: "2026-04-01" }, {});
    expect(summary.pending).to.have.lengthOf(100);
    expect(summary.more).to.deep.equal({ pending: 5 });
    expect(world.log.find((line) => "summary" in line)).to.have.nested.property("summary.more.pending", 5);
    expect(world.metrics()).to.deep.include({ Pending: 105 });
    expect(world.told().map(({ detail }) => detail["more"])).to.deep.equal([{ users: 5 }]);
    expect(world.told()[0]?.detail["message"]).to.match(/, and 5 more\. Ask the user to enrol /);
  });

  it("complains of a hundred failures by name, and counts the others", async () => {
    const { summary } = await world.sweep(QUARANTINE, {});
    const failures = names(130).map((name) => `${name}: refused`);
    const complaint = complaintAbout({ ...summary, failures, undecided: names(5000), missingGroups: ["robots"] }, 50);
    expect(complaint?.message).to.match(
      /: user-0, .*, user-99, and 4900 more\. 130 users could not be reconciled: user-0: refused; .*; user-99: refused; and 30 more$/,
    );
  });
});

describe("the first sweep of a day", () => {
  const cases: readonly (readonly [string, number, Partial<SweepRequest>, boolean])[] = [
    // when it began, sweepEvery in seconds, request
    ["2026-03-05T00:00:00.000Z", 3600, {}, true],
    ["2026-03-05T00:59:59.999Z", 3600, {}, true],
    // A little late: it may be that the one before it came a little early, and on the day before.
    ["2026-03-05T01:00:30.000Z", 3600, {}, true],
    ["2026-03-05T01:01:00.000Z", 3600, {}, false],
    ["2026-03-04T23:59:59.999Z", 3600, {}, false],
    ["2026-03-05T00:14:00.000Z", 900, {}, true],
    ["2026-03-05T00:17:00.000Z", 900, {}, false],
    ["2026-03-05T17:23:00.000Z", 86_400, {}, true],
    ["2026-03-05T00:30:00.000Z", 3600, { by: "deploy" }, false],
    ["2026-03-05T00:30:00.000Z", 3600, { run: 2 }, false],
  ];
  for (const [began, every, request, expected] of cases) {
    it(`is ${expected ? "" : "not "}one of ${began}, every ${every} s, ${JSON.stringify(request)}`, () => {
      expect(isFirstOfDay({ by: "schedule", run: 1, ...request }, Date.parse(began), every)).to.equal(expected);
    });
  }

  it("comes on every day, whenever in an hour sweeps come and however early or late", () => {
    for (let offset = 0; offset < 3600; offset += 7) {
      for (const lateness of [0, 13, 29, 59]) {
        // Each second one comes late.
        const begins = Array.from({ length: 48 }, (_, hour) => hour * 3600 + offset + (hour % 2) * lateness);
        const days = begins
          .filter((seconds) => isFirstOfDay({ by: "schedule", run: 1 }, seconds * 1000, 3600))
          .map((seconds) => Math.floor(seconds / 86_400));
        expect([...new Set(days)].slice(0, 2), `${offset} s past the hour, ${lateness} s late`).to.deep.equal([0, 1]);
      }
    }
  });
});
