import { expect } from "chai";
import type { SweepRequest } from "../../../core/sweep-request";
import { SweepError } from "../../../handler/respond-to-sweep";
import type { SweepSummary } from "../../../handler/sweep/sweep-summary";
import { failureOf } from "../../support/failure";
import { GUARDS } from "../../support/guards";
import { newWorld, type Settings, type World } from "../../support/world";

const QUARANTINE: Settings = { mode: "quarantine" };
const STRICT: Settings = { mode: "strict" };
const OFF: Settings = { mode: "off" };
const REPORT_POLL = "GetCredentialReport";

async function stopped(
  promise: Promise<unknown>,
): Promise<{ readonly message: string; readonly summary: SweepSummary }> {
  const failure = await failureOf(promise);
  if (failure instanceof SweepError) return failure;
  throw failure;
}

describe("a sweep", () => {
  let world: World;
  beforeEach(async () => {
    world = await newWorld();
  });
  afterEach(() => world.close());

  /** A user as they were before the program came: `path` and what they have. */
  const person = (name: string, ...has: readonly ("password" | "device")[]) => personAt("/", name, ...has);
  const personAt = (path: string, name: string, ...has: readonly ("password" | "device")[]) => {
    world.root("CreateUser", { UserName: name, Path: path });
    if (has.includes("password")) world.root("CreateLoginProfile", { UserName: name, Password: "correct-horse" });
    if (has.includes("device")) world.enrol(name);
  };
  const join = (user: string, group: string) => world.recordOf("AddUserToGroup", { UserName: user, GroupName: group });
  const loseDevice = (user: string) => {
    const [device] = world.account.call({ type: "Root" }, "ListMFADevices", { UserName: user }).MFADevices;
    if (device === undefined) throw new Error(`${user} has no device`);
    world.root("DeactivateMFADevice", { UserName: user, SerialNumber: device.SerialNumber });
  };
  const standings = (...users: readonly string[]) => users.map((user) => world.standing(user));
  const callsSince = (before: number) => world.calls().slice(before);
  const writes = () => world.calls().filter((call) => /^(Add|Remove|Attach|Detach)/.test(call));

  describe("misses nobody", () => {
    it("who was there before, in every mode", async () => {
      person("with-password", "password");
      person("with-both", "password", "device");
      person("with-keys");
      const everybody = ["with-password", "with-both", "with-keys"];
      const modes = ["quarantine", "conditional-deny", "strict", "off"] as const;
      const found: string[][] = [];
      for (const mode of modes) {
        await world.sweep({ mode }, { by: "deploy" });
        found.push(standings(...everybody));
      }
      expect(found).to.deep.equal([
        ["quarantine", "free", "free"],
        ["conditional", "conditional", "conditional"],
        ["quarantine", "sealed", "sealed"],
        ["free", "free", "free"],
      ]);
    });

    it("beyond the first page of anything", async () => {
      await world.close();
      world = await newWorld({ pageSize: 7 });
      for (let index = 0; index < 25; index++) person(`user-${index}`, "password");
      const { summary } = await world.sweep(QUARANTINE, { by: "deploy" });
      expect(summary).to.deep.include({ users: 25, newlyHeld: 25, free: 0, left: 0 });
      expect(world.standing("user-24")).to.equal("quarantine");
    });

    it("who came after the report was made", async () => {
      await world.sweep(QUARANTINE, {});
      world.waitHours(1);
      person("newcomer", "password");
      await world.sweep(QUARANTINE, {});
      expect(world.standing("newcomer")).to.equal("quarantine");
    });

    it("who bears the name of another whom the report still tells of", async () => {
      person("alice", "password", "device");
      await world.sweep(QUARANTINE, {});
      world.waitHours(1);
      loseDevice("alice");
      world.root("DeleteLoginProfile", { UserName: "alice" });
      world.root("DeleteUser", { UserName: "alice" });
      person("alice", "password");
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("who has a comma in the name", async () => {
      person("doe,john", "password");
      person("roe,jane", "password", "device");
      await world.sweep(QUARANTINE, {});
      expect(standings("doe,john", "roe,jane")).to.deep.equal(["quarantine", "free"]);
    });

    it("who is in ten groups", async () => {
      person("alice", "password");
      for (let index = 0; index < 10; index++) {
        world.root("CreateGroup", { GroupName: `team-${index}` });
        join("alice", `team-${index}`);
      }
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("quarantine by policy");
      await world.sweep(OFF, { by: "deploy" });
      expect(world.standing("alice")).to.equal("free");
    });
  });

  describe("goes by the state and not by a report that is hours old", () => {
    it("holds nobody who has enrolled since", async () => {
      person("alice", "password");
      await world.sweep({ ...QUARANTINE, dryRun: true }, {});
      world.waitHours(3);
      world.enrol("alice");
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("free");
      expect(writes()).to.deep.equal([]);
    });

    it("frees nobody who has lost the device since", async () => {
      person("alice", "password", "device");
      await world.sweep(QUARANTINE, {});
      world.waitHours(1);
      loseDevice("alice");
      join("alice", GUARDS.quarantine.group);
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("quarantine");
      expect(writes()).to.deep.equal([]);
    });

    it("mends a lost event at the next sweep, and where the report agrees with the wrong record, with the next report", async () => {
      person("alice", "password", "device");
      await world.sweep(QUARANTINE, {});
      world.waitHours(1);
      loseDevice("alice");
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("free");
      world.waitHours(4);
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("writes nothing a second time", async () => {
      person("alice", "password");
      person("bob", "password", "device");
      await world.sweep(STRICT, {});
      const before = writes().length;
      world.waitHours(1);
      const { summary } = await world.sweep(STRICT, {});
      expect(writes()).to.have.lengthOf(before);
      expect(summary).to.deep.include({ newlyHeld: 0, moved: 0, freed: 0 });
    });
  });

  describe("takes few calls", () => {
    it("none about anybody who is in place", async () => {
      for (let index = 0; index < 40; index++) person(`user-${index}`, "password", "device");
      await world.sweep(STRICT, { by: "deploy" });
      const before = world.calls().length;
      await world.sweep(STRICT, {});
      expect(callsSince(before).filter((call) => call !== REPORT_POLL)).to.have.members([
        "GenerateCredentialReport",
        "GetAccountAuthorizationDetails",
        // Of the two guards of strict, whether their policies say what was deployed.
        "GetPolicy",
        "GetPolicy",
        "GetPolicyVersion",
        "GetPolicyVersion",
      ]);
    });

    it("seven to hold or free someone, eight to move someone", async () => {
      person("alice", "password");
      const swept = async (settings: Settings) => {
        const before = world.calls().length;
        await world.sweep(settings, { by: "deploy" });
        return callsSince(before).filter((call) => !/Report|AuthorizationDetails|GetPolicy/.test(call)).length;
      };
      expect(await swept(QUARANTINE)).to.equal(7);
      expect(await swept({ mode: "conditional-deny" })).to.equal(8);
      expect(await swept(OFF)).to.equal(7);
    });
  });

  describe("in a dry run", () => {
    it("makes no write at all, and names whom it would hold", async () => {
      person("alice", "password");
      person("bob", "password", "device");
      for (const mode of ["quarantine", "conditional-deny", "strict", "off"] as const) {
        await world.sweep({ mode, dryRun: true }, {});
        await world.sweep({ mode, dryRun: true }, { by: "deploy" });
      }
      expect(writes()).to.deep.equal([]);
      const { summary } = await world.sweep({ ...QUARANTINE, dryRun: true }, {});
      expect(summary).to.deep.include({ withheld: ["alice"], newlyHeld: 0, free: 2 });
    });
  });

  describe("frees no more than maxReleases by itself", () => {
    const threeReleases = async () => {
      for (const name of ["alice", "bob", "carol"]) person(name, "password");
      await world.sweep(QUARANTINE, {});
      for (const name of ["alice", "bob", "carol"]) world.enrol(name);
      world.waitHours(5);
    };

    it("stops before the first of too many, holds whoever is to be held, and says how to confirm", async () => {
      await threeReleases();
      person("dave", "password");
      const { summary } = await world.sweep({ ...QUARANTINE, maxReleases: 2 }, {});
      expect(world.complaint()).to.equal(
        "this sweep would free 3 users, and maxReleases lets a sweep free 2: none of them was freed. If they are to be free, confirm it: pulumi config set maxReleases 3 && pulumi up",
      );
      expect(standings("alice", "bob", "carol", "dave")).to.deep.equal([
        "quarantine",
        "quarantine",
        "quarantine",
        "quarantine",
      ]);
      expect(summary).to.deep.include({ freed: 0, newlyHeld: 1, left: 0 });
      expect([...summary.releasesStopped].sort()).to.deep.equal(["alice", "bob", "carol"]);
    });

    it("frees as many as it may", async () => {
      await threeReleases();
      await world.sweep({ ...QUARANTINE, maxReleases: 3 }, {});
      expect(standings("alice", "bob", "carol")).to.deep.equal(["free", "free", "free"]);
    });

    it("still moves the held", async () => {
      for (const name of ["alice", "bob", "carol"]) person(name, "password");
      await world.sweep(STRICT, {});
      for (const name of ["alice", "bob", "carol"]) world.enrol(name);
      world.waitHours(5);
      await world.sweep({ ...STRICT, maxReleases: 0 }, {});
      expect(standings("alice", "bob", "carol")).to.deep.equal(["sealed", "sealed", "sealed"]);
    });

    it("neither counts nor frees whom it can't read, and names them", async () => {
      await threeReleases();
      world.account.failNext("ListGroupsForUser", "AccessDenied");
      const { summary } = await stopped(world.sweep({ ...QUARANTINE, maxReleases: 2 }, {}));
      expect(summary.releasesStopped).to.deep.equal([]);
      expect(summary.freed).to.equal(2);
      expect(summary.failures[0]).to.match(/^(alice|bob|carol): /);
    });

    it("frees nobody where there was no time to count them all", async () => {
      await threeReleases();
      let users = 2;
      const { summary, next } = await world.sweep({ ...QUARANTINE, maxReleases: 2 }, {}, () => users-- > 0);
      expect(standings("alice", "bob", "carol")).to.deep.equal(["quarantine", "quarantine", "quarantine"]);
      expect(summary.left).to.equal(3);
      expect(next).to.containSubset([{ by: "schedule", run: 2 }]);
    });
  });

  describe("goes on", () => {
    it("past a user whom IAM refuses, and names everyone who failed at the end", async () => {
      for (const name of ["alice", "bob", "carol"]) person(name, "password");
      world.account.failNext("AddUserToGroup", "AccessDenied");
      const { message, summary } = await stopped(world.sweep(QUARANTINE, { by: "deploy" }));
      expect(message).to.match(/^1 user could not be reconciled: (alice|bob|carol): /);
      expect(standings("alice", "bob", "carol").filter((each) => each === "quarantine")).to.have.lengthOf(2);
      expect(summary.failures).to.have.lengthOf(1);
      const levels = world.log.map(({ level }) => level).filter((level) => level !== undefined);
      expect(levels).to.deep.equal(["INFO", "INFO", "INFO", "ERROR"]);
    });

    it("in another run where time runs out, until nobody is left", async () => {
      const everybody = Array.from({ length: 30 }, (_, index) => `user-${index}`);
      for (const name of everybody) person(name, "password");
      const left: number[] = [];
      let request: SweepRequest = { by: "deploy", run: 1 };
      for (;;) {
        let users = 12;
        const { summary, next } = await world.sweep(QUARANTINE, request, () => users-- > 0);
        left.push(summary.left);
        if (next[0] === undefined) break;
        request = next[0];
      }
      // Each run asks once at its start, and the first once more, before it waits for the report.
      expect(left).to.deep.equal([20, 9, 0]);
      expect(request).to.deep.include({ by: "deploy", run: 3 });
      expect(new Set(everybody.map((name) => world.standing(name)))).to.deep.equal(new Set(["quarantine"]));
    });

    it("in another run once a deploy has told the function something else, and writes nothing more itself", async () => {
      const everybody = Array.from({ length: 30 }, (_, index) => `user-${index}`);
      for (const name of everybody) person(name, "password");
      let asked = 0;
      // Half a minute of work lies between the tenth user's reads and their write, and a deploy.
      let users = 0;
      const isCurrent = async () => {
        asked++;
        return false;
      };
      const { summary, next } = await world.sweep(
        QUARANTINE,
        { by: "schedule" },
        () => {
          if (users++ === 20) world.waitSeconds(36);
          return true;
        },
        isCurrent,
      );
      const held = everybody.filter((name) => world.standing(name) === "quarantine");
      expect(asked).to.equal(1);
      expect(held).to.have.lengthOf(summary.held.quarantine);
      expect(held.length).to.be.within(1, 29);
      expect(summary.left).to.equal(30 - held.length);
      expect(summary.failures).to.deep.equal([]);
      expect(next).to.containSubset([{ by: "schedule", run: 2 }]);
    });

    it("by what it was told where Lambda does not say whether that is current", async () => {
      for (const name of ["alice", "bob"]) person(name, "password");
      const { summary } = await world.sweep(
        QUARANTINE,
        {},
        () => {
          world.waitSeconds(36);
          return true;
        },
        async () => {
          throw new Error("no answer");
        },
      );
      expect(summary.left).to.equal(0);
      expect(standings("alice", "bob")).to.deep.equal(["quarantine", "quarantine"]);
    });

    it("ten runs at the most, and leaves the rest to the next sweep", async () => {
      person("alice", "password");
      const { summary } = await world.sweep(QUARANTINE, { run: 10 }, () => false);
      expect(world.complaint()).to.equal("there was no time for 1 user, and the next scheduled sweep takes them up");
      expect(summary.left).to.equal(1);
    });

    it("with a role that is seconds old", async () => {
      person("alice", "password");
      world.account.failNext("GetAccountAuthorizationDetails", "AccessDenied", 2);
      await world.sweep(QUARANTINE, { by: "deploy" });
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("without throwing where another run follows, which finds again who failed in this one", async () => {
      for (const name of ["alice", "bob", "carol"]) person(name, "password");
      world.account.failNext("AddUserToGroup", "AccessDenied");
      let users = 3;
      const { summary, next } = await world.sweep(QUARANTINE, { by: "deploy" }, () => users-- > 0);
      expect(summary.failures).to.have.lengthOf(1);
      expect(next).to.containSubset([{ by: "deploy", run: 2 }]);
      await world.sweep(QUARANTINE, { by: "deploy", run: 2 });
      expect(standings("alice", "bob", "carol")).to.deep.equal(["quarantine", "quarantine", "quarantine"]);
    });

    it("with another report where the stored one grows too old in the middle", async () => {
      person("alice", "password");
      await world.sweep({ ...QUARANTINE, dryRun: true }, {});
      world.account.before("GetCredentialReport", () => world.waitHours(5));
      const before = world.calls().length;
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("quarantine");
      expect(callsSince(before).filter((call) => call === "GenerateCredentialReport")).to.have.lengthOf(2);
    });

    it("by live reads alone where the report is not made within two minutes", async () => {
      person("alice", "password");
      world.account.failNext("GetCredentialReport", "ReportInProgress", 1000);
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("quarantine");
      expect(callsSince(0).filter((call) => call === "GetCredentialReport")).to.have.lengthOf(60);
    });

    it("where another hand has detached a guard's policy since the account snapshot", async () => {
      person("alice", "password", "device");
      world.root("AttachUserPolicy", { UserName: "alice", PolicyArn: GUARDS.quarantine.policyArn });
      world.account.before("ListGroupsForUser", () => {
        world.root("DetachUserPolicy", { UserName: "alice", PolicyArn: GUARDS.quarantine.policyArn });
      });
      await world.sweep(QUARANTINE, {});
      expect(world.standing("alice")).to.equal("free");
      expect(callsSince(0).filter((call) => call === "DetachUserPolicy")).to.have.lengthOf(1);
    });

    it("with nobody new after 40 seconds of a deploy's first run, which is waited for, and of no other", async () => {
      const everybody = Array.from({ length: 20 }, (_, index) => `user-${index}`);
      for (const name of everybody) person(name, "password");
      const slowly = () => {
        world.waitSeconds(5);
        return true;
      };
      const { summary, next } = await world.sweep(QUARANTINE, { by: "deploy" }, slowly);
      expect(summary.left).to.be.within(10, 19);
      expect(next).to.containSubset([{ by: "deploy", run: 2 }]);
      expect(world.log.find((line) => "summary" in line)).to.deep.include({ level: "WARN" });
      const second = await world.sweep(QUARANTINE, { by: "deploy", run: 2 }, slowly);
      expect(second.summary.left).to.equal(0);
      expect(world.log.findLast((line) => "summary" in line)).to.deep.include({ level: "INFO" });
    });

    it("without the report where a deploy can't wait for it: everybody is left to a run that can", async () => {
      person("alice", "password");
      const { summary, next } = await world.sweep(QUARANTINE, { by: "deploy" }, () => false);
      expect(summary).to.deep.include({ left: 1, newlyHeld: 0 });
      expect(next).to.containSubset([{ by: "deploy", run: 2 }]);
    });
  });

  describe("keeps to the scope", () => {
    const RULES: Settings = {
      ...QUARANTINE,
      onlyPaths: ["/staff/"],
      onlyGroups: ["consoles"],
      exemptUsers: ["Break-Glass"],
      exemptPaths: ["/staff/machines/"],
      exemptGroups: ["auditors"],
    };
    beforeEach(() => {
      for (const group of ["consoles", "auditors"]) world.root("CreateGroup", { GroupName: group });
      personAt("/staff/", "alice", "password");
      personAt("/staff/", "break-glass", "password");
      personAt("/staff/machines/", "robot", "password");
      personAt("/guests/", "guest", "password");
      personAt("/guests/", "visitor", "password");
      personAt("/staff/", "auditor", "password");
      join("visitor", "consoles");
      join("auditor", "auditors");
    });

    it("and names the exempt", async () => {
      const { summary } = await world.sweep(RULES, {});
      expect(standings("alice", "break-glass", "robot", "guest", "visitor", "auditor")).to.deep.equal([
        "quarantine",
        "free",
        "free",
        "free",
        "quarantine",
        "free",
      ]);
      expect([...summary.exempt].sort()).to.deep.equal(["auditor", "break-glass", "robot"]);
    });

    it("by event, as people join, leave and move", async () => {
      await world.sweep(RULES, {});
      await world.handle(RULES, world.recordOf("RemoveUserFromGroup", { UserName: "visitor", GroupName: "consoles" }));
      await world.handle(RULES, join("guest", "consoles"));
      await world.handle(RULES, world.recordOf("UpdateUser", { UserName: "robot", NewPath: "/staff/" }));
      const line = await world.handle(RULES, join("alice", "auditors"));
      expect(standings("visitor", "guest", "robot", "alice")).to.deep.equal([
        "free",
        "quarantine",
        "quarantine",
        "free",
      ]);
      expect(line).to.deep.include({
        level: "WARN",
        user: "alice",
        action: "freed",
        reason: "exempt by group auditors",
        exempt: true,
      });
    });

    it("and spares who has neither password nor device, where it is told to", async () => {
      person("keys-only");
      await world.sweep({ mode: "strict", spareKeyOnlyUsers: true }, {});
      expect(standings("keys-only", "alice")).to.deep.equal(["free", "quarantine"]);
    });
  });

  describe("waits until a hold is due", () => {
    // The account begins at 01:00 on 5 March 2026.
    const TOMORROW: Settings = { ...QUARANTINE, enforceFrom: "2026-03-06" };
    const DAY = "2026-03-06T00:00:00.000Z";
    const metrics = () => world.log.filter((line) => "_aws" in line).at(-1);
    const drifts = () => world.log.filter((line) => typeof line["drift"] === "object");

    it("tells who and when by the bulk reads alone, by name, and holds them with the first sweep after it", async () => {
      person("zoe", "password");
      person("bob", "password");
      person("carol", "password", "device");
      await world.sweep({ ...QUARANTINE, dryRun: true }, {});
      const before = world.calls().length;
      const { summary } = await world.sweep(TOMORROW, { by: "deploy" });
      expect(summary.pending).to.deep.equal([
        { user: "bob", due: DAY },
        { user: "zoe", due: DAY },
      ]);
      expect(summary).to.deep.include({ newlyHeld: 0, free: 3, left: 0, failures: [] });
      expect(callsSince(before).filter((call) => call !== REPORT_POLL)).to.deep.equal([
        "GenerateCredentialReport",
        "GetAccountAuthorizationDetails",
        "GetPolicy",
        "GetPolicyVersion",
      ]);
      expect(metrics()).to.deep.include({ Pending: 2, Withheld: 0, HeldInQuarantine: 0 });
      world.waitHours(23);
      const after = await world.sweep(TOMORROW, {});
      expect(standings("zoe", "bob", "carol")).to.deep.equal(["quarantine", "quarantine", "free"]);
      expect(after.summary).to.deep.include({ newlyHeld: 2, pending: [] });
    });

    it("holds with the first sweep after it whom the report does not know to have made a password", async () => {
      person("alice");
      person("bob", "password", "device");
      world.waitHours(21);
      await world.sweep(TOMORROW, {});
      world.waitHours(1);
      const made = world.recordOf("CreateLoginProfile", { UserName: "alice", Password: "correct-horse" });
      expect(await world.handle(TOMORROW, made)).to.deep.include({ action: "pending", due: DAY });
      loseDevice("bob");
      world.waitHours(1.5);
      await world.sweep(TOMORROW, {});
      expect(standings("alice", "bob")).to.deep.equal(["quarantine", "quarantine"]);
    });

    it("reads nobody live for that once there is a newer report", async () => {
      for (const name of ["alice", "bob"]) person(name, "password", "device");
      person("carol", "password");
      await world.sweep(QUARANTINE, {});
      world.waitHours(22);
      await world.sweep(TOMORROW, {});
      const live = async (hours: number) => {
        world.waitHours(hours);
        const before = world.calls().length;
        await world.sweep(TOMORROW, {});
        return callsSince(before).filter((call) => call === "ListMFADevices").length;
      };
      // At 23:30, 00:30, 03:30 and 04:30, by the report of 23:00 and from 03:00 on by a new one; carol, who is in
      // quarantine, at each of them.
      expect([await live(0.5), await live(1), await live(3), await live(1)]).to.deep.equal([1, 3, 1, 1]);
    });

    it("takes no hold that has just fallen due for drift, and one that is long due it does", async () => {
      person("alice", "password");
      world.waitHours(23.5);
      await world.sweep(TOMORROW, {});
      expect(world.standing("alice")).to.equal("quarantine");
      expect(drifts()).to.deep.equal([]);
      world.waitHours(5);
      world.root("RemoveUserFromGroup", { UserName: "alice", GroupName: GUARDS.quarantine.group });
      await world.sweep(TOMORROW, {});
      expect(drifts()).to.have.lengthOf(1);
    });

    it("reads live of whom the report does not tell, and tells only who is pending", async () => {
      await world.sweep(QUARANTINE, {});
      world.waitHours(1);
      person("newcomer", "password");
      person("robot");
      const { summary } = await world.sweep({ ...QUARANTINE, graceDays: 2 }, {});
      expect(summary.pending.map(({ user }) => user)).to.deep.equal(["newcomer"]);
      expect(summary.pending[0]?.due).to.match(/^2026-03-07T02:/);
      expect(world.log.find(({ user }) => user === "newcomer")).to.deep.include({ level: "INFO", action: "pending" });
      world.waitHours(48);
      await world.sweep({ ...QUARANTINE, graceDays: 2 }, {});
      expect(standings("newcomer", "robot")).to.deep.equal(["quarantine", "free"]);
    });

    it("needs no live read where every state is pending", async () => {
      await world.sweep(QUARANTINE, {});
      world.waitHours(1);
      person("robot");
      const before = world.calls().length;
      const { summary } = await world.sweep({ ...STRICT, enforceFrom: "2026-03-06" }, {});
      expect(summary.pending).to.deep.equal([{ user: "robot", due: DAY }]);
      expect(callsSince(before)).to.not.include("ListMFADevices");
    });

    it("still moves who is held, and frees who is free by the state", async () => {
      person("alice", "password", "device");
      person("bob", "password", "device");
      join("alice", GUARDS.quarantine.group);
      await world.sweep({ ...STRICT, enforceFrom: "2026-03-06" }, { by: "deploy" });
      expect(standings("alice", "bob")).to.deep.equal(["sealed", "free"]);
      await world.sweep(TOMORROW, { by: "deploy" });
      expect(world.standing("alice")).to.equal("free");
    });

    it("is withheld in a dry run, not pending, and says when it is due all the same", async () => {
      person("alice", "password");
      const { summary } = await world.sweep({ ...TOMORROW, dryRun: true }, {});
      expect(summary).to.deep.include({ withheld: ["alice"], pending: [] });
      expect(world.log.find(({ user }) => user === "alice")).to.deep.include({ action: "withheld", due: DAY });
    });

    it("grants another user of the same name a grace of their own", async () => {
      person("alice", "password");
      world.waitHours(47);
      world.root("DeleteLoginProfile", { UserName: "alice" });
      world.root("DeleteUser", { UserName: "alice" });
      person("alice", "password");
      world.waitHours(2);
      const { summary } = await world.sweep({ ...QUARANTINE, graceDays: 2 }, {});
      expect(world.standing("alice")).to.equal("free");
      expect(summary.pending[0]?.due).to.match(/^2026-03-09T00:/);
    });
  });

  describe("tells drift", () => {
    const drifts = () => world.log.filter((line) => typeof line["drift"] === "object");
    const metrics = () => world.log.filter((line) => "_aws" in line).at(-1);

    it("by whom it corrected, and since when the record may have been wrong", async () => {
      person("alice", "password");
      person("bob", "password", "device");
      await world.sweep(QUARANTINE, { by: "deploy" });
      expect(drifts()).to.deep.equal([]);
      world.waitHours(5);
      world.root("RemoveUserFromGroup", { UserName: "alice", GroupName: GUARDS.quarantine.group });
      person("carol", "password");
      world.waitSeconds(301);
      person("dan", "password");
      await world.sweep(QUARANTINE, {});
      const told = new Map(drifts().map(({ user, drift }) => [user, drift]));
      expect([...told.keys()].sort()).to.deep.equal(["alice", "carol"]);
      // alice's password is older than the last sweep, an hour before this one; carol's is newer, and dan's event may yet come.
      expect(JSON.stringify(told.get("alice"))).to.match(/"since":"2026-03-05T05:/);
      expect(JSON.stringify(told.get("carol"))).to.match(/"since":"2026-03-05T06:/);
      expect(metrics()).to.deep.include({ Drift: 2, NewlyHeld: 3, HeldInQuarantine: 3, Free: 1, Users: 4 });
    });

    it("of nobody whom a deploy holds, which changes what it was asked to", async () => {
      person("alice", "password");
      world.waitHours(5);
      await world.sweep(QUARANTINE, { by: "deploy" });
      expect(world.standing("alice")).to.equal("quarantine");
      expect(drifts()).to.deep.equal([]);
      expect(metrics()).to.deep.include({ Drift: 0, NewlyHeld: 1 });
    });
  });

  it("writes its metrics in CloudWatch's embedded metric format", async () => {
    person("alice", "password");
    await world.sweep(QUARANTINE, { by: "deploy" });
    const line = world.log.find((each) => "_aws" in each);
    expect(line).to.have.nested.property("_aws.CloudWatchMetrics[0].Namespace", "require-mfa");
    expect(line)
      .to.have.nested.property("_aws.CloudWatchMetrics[0].Dimensions")
      .that.deep.equals([["FunctionName"]]);
    expect(line).to.deep.include({
      FunctionName: "require-mfa-1a2b3c4",
      Users: 1,
      HeldInQuarantine: 1,
      HeldInConditional: 0,
      HeldInSealed: 0,
      Free: 0,
      NewlyHeld: 1,
      Moved: 0,
      Freed: 0,
      Drift: 0,
      Failures: 0,
    });
  });

  it("refuses a request that is none, and says what is amiss", async () => {
    const failure = await failureOf(world.sweep(QUARANTINE, { run: 0 }));
    expect(failure.message).to.equal(
      "not a request for a sweep: sweep.run: Invalid value: Expected >=1 but received 0",
    );
  });

  it("deals with 5,000 users in at most twelve calls where everyone is in place, in every mode", async () => {
    for (let index = 0; index < 5000; index++) person(`user-${index}`, ...(index % 2 === 0 ? [] : ["device" as const]));
    const membership = {
      quarantine: undefined,
      "conditional-deny": "conditional",
      strict: "sealed",
      off: undefined,
    } as const;
    for (const mode of ["quarantine", "off", "conditional-deny", "strict"] as const) {
      const guard = membership[mode];
      for (let index = 0; guard !== undefined && index < 5000; index++) join(`user-${index}`, GUARDS[guard].group);
      if (mode === "strict") {
        for (let index = 0; index < 5000; index++) {
          world.root("RemoveUserFromGroup", { UserName: `user-${index}`, GroupName: GUARDS.conditional.group });
        }
      }
      const before = world.calls().length;
      const { summary } = await world.sweep({ mode }, {});
      expect(summary).to.deep.include({ users: 5000, newlyHeld: 0, moved: 0, freed: 0, left: 0 });
      expect(callsSince(before).filter((call) => call !== REPORT_POLL).length, mode).to.be.at.most(11);
    }
  });
});
