import { expect } from "chai";
import type { Deadline } from "../../core/due";
import { GUARD_NAMES, type GuardRefs } from "../../core/guards";
import { DEFAULT_SETTINGS, type Rules } from "../../core/settings";
import { isHeldBy } from "../../core/user";
import { type VirtualClock, virtualClock } from "../../fake-aws/virtual-clock";
import {
  AccessDeniedError,
  type Iam,
  LimitExceededError,
  NoSuchEntityError,
  ThrottledError,
} from "../../handler/iam/iam";
import { readUser } from "../../handler/iam/read-user";
import { reconcile, UnholdableError } from "../../handler/reconcile";
import { respond } from "../../handler/respond";
import type { Service } from "../../handler/service";
import { failureOf } from "../support/failure";
import { GUARDS, POLICY_DIGESTS } from "../support/guards";
import { QUIET_BUS } from "../support/quiet-bus";
import { type OneUserIam, oneUserIam, type UserRecord } from "./one-user-iam";

const START = new Date("2026-11-20T09:00:00Z");
const PHONE = "arn:aws:iam::123456789012:mfa/phone";
const MADE = new Date("2026-11-20T08:00:00Z");
const ANN: UserRecord = { path: "/", createdAt: MADE, password: false, devices: [], groups: [], policies: [] };
const { quarantine, conditional, sealed } = GUARDS;

const standingOf = (record: UserRecord): string =>
  GUARD_NAMES.filter((name) => isHeldBy(record, GUARDS[name])).join(" + ") || "free";

/** Each place where the record had the user stand, in order. */
const standings = ({ history }: OneUserIam): readonly string[] =>
  history.map(([, record]) => standingOf(record)).filter((place, at, all) => at === 0 || place !== all[at - 1]);

describe("reconciling", () => {
  let clock: VirtualClock;
  let log: Readonly<Record<string, unknown>>[];
  let asked: number[];
  beforeEach(() => {
    clock = virtualClock(START);
    log = [];
    asked = [];
  });

  const elapsed = () => clock.now() - START.getTime();
  const serviceOf = (
    { iam }: OneUserIam,
    rules: Partial<Rules & Deadline>,
    current: readonly boolean[] = [],
  ): Service => ({
    iam,
    guards: GUARDS,
    policyDigests: POLICY_DIGESTS,
    rules: { ...DEFAULT_SETTINGS, ...rules },
    dryRun: false,
    deadline: { ...DEFAULT_SETTINGS, ...rules },
    maxReleases: 50,
    sweepEverySeconds: 3600,
    functionName: "require-mfa-1a2b3c4",
    ...QUIET_BUS,
    clock,
    log: (line) => log.push(line),
    secondsLeft: () => 855,
    startNextRun: () => Promise.reject(new Error("an event goes on in no other run")),
    checkTrail: () => Promise.reject(new Error("an event looks for no trail")),
    isCurrent: async () => {
      asked.push(elapsed());
      return current[asked.length - 1] ?? true;
    },
  });
  const event = (eventName: string, requestParameters: Readonly<Record<string, string>> = {}) => ({
    detail: { eventName, requestParameters: { userName: "ann", ...requestParameters } },
  });
  const at = (ms: number, work: () => unknown) => clock.pause(ms / 1000).then(work);

  describe("in two runs at once", () => {
    const RULES: Partial<Rules> = { mode: "conditional-deny", exemptPaths: ["/robots/"] };

    it("reads the path again after a write: who came back from an exempt path meanwhile is held", async () => {
      const ann = oneUserIam(clock, { ...ANN, groups: [conditional.group] });
      const service = serviceOf(ann, RULES);
      ann.change({ path: "/robots/" });
      await clock.run(
        Promise.all([
          at(130, () => ann.change({ path: "/" })),
          // Reads /robots/ and takes her out at 300 ms.
          at(100, () => respond(event("UpdateUser", { newPath: "/robots/" }), service)),
          // Reads «/» while she still stands in place.
          at(180, () => respond(event("UpdateUser", { newPath: "/" }), service)),
        ]),
      );
      expect(standings(ann)).to.deep.equal(["conditional", "free", "conditional"]);
      expect(log.map(({ action }) => action)).to.deep.equal(["none", "moved"]);
    });

    it("at two calls more than without paths", async () => {
      const calls: number[] = [];
      for (const rules of [{ mode: "conditional-deny" } as const, RULES]) {
        const ann = oneUserIam(clock, { ...ANN, groups: [sealed.group] });
        await clock.run(respond(event("UpdateUser"), serviceOf(ann, rules)));
        expect(standings(ann)).to.deep.equal(["sealed", "conditional + sealed", "conditional"]);
        calls.push(ann.calls.length);
      }
      expect(calls).to.deep.equal([9, 11]);
    });
  });

  describe("where re-reads are outdated", () => {
    /** Of these reads the second to the last given show what was before the event. */
    const outdated =
      (last: number, ...kinds: readonly (keyof Iam)[]) =>
      (call: keyof Iam, nth: number) =>
        kinds.includes(call) && nth >= 2 && nth <= last;

    it("does not hold again whom it freed for a device", async () => {
      const before = { ...ANN, password: true, groups: [quarantine.group] };
      const ann = oneUserIam(clock, before, [], outdated(3, "listMfaDevices"));
      ann.change({ devices: [PHONE] });
      await clock.run(
        respond(event("EnableMFADevice", { serialNumber: PHONE }), serviceOf(ann, { mode: "quarantine" })),
      );
      expect(standings(ann)).to.deep.equal(["quarantine", "free"]);
    });

    it("does not free again whom it held for the loss of one", async () => {
      const before = { ...ANN, password: true, devices: [PHONE] };
      const ann = oneUserIam(clock, before, [], outdated(4, "listMfaDevices"));
      ann.change({ devices: [] });
      await clock.run(
        respond(event("DeactivateMFADevice", { serialNumber: PHONE }), serviceOf(ann, { mode: "quarantine" })),
      );
      expect(standings(ann)).to.deep.equal(["free", "quarantine"]);
      expect(log[0]).to.deep.include({ action: "held" });
    });

    it("does not take for held by the state whom outdated reads show as before the event, guard and all", async () => {
      const before = { ...ANN, password: true, groups: [quarantine.group] };
      const ann = oneUserIam(clock, before, [], outdated(3, "listMfaDevices", "listGroupsForUser"));
      ann.change({ devices: [PHONE] });
      await clock.run(
        respond(event("EnableMFADevice", { serialNumber: PHONE }), serviceOf(ann, { mode: "quarantine" })),
      );
      expect(log[0]).to.deep.include({ action: "freed", decision: "free" });
    });

    it("takes a place that contradicts the event for what it is once the pauses are over, and reads no further", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, groups: [quarantine.group] });
      ann.change({ devices: [PHONE] });
      const service = serviceOf(ann, { mode: "quarantine" });
      const removeUserFromGroup: Iam["removeUserFromGroup"] = async (user, group) => {
        await ann.iam.removeUserFromGroup(user, group);
        ann.change({ devices: [], groups: [quarantine.group] });
      };
      const iam = { ...ann.iam, removeUserFromGroup };
      await clock.run(respond(event("EnableMFADevice", { serialNumber: PHONE }), { ...service, iam }));
      expect(log[0]).to.deep.include({ decision: "hold" });
      // Four reads, the write, and three reads after it and after each of five pauses.
      expect(ann.calls).to.have.lengthOf(23);
    });

    it("acts on what contradicts the event once the pauses are over", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, groups: [quarantine.group] });
      ann.change({ devices: [PHONE] });
      await clock.run(
        Promise.all([
          respond(event("EnableMFADevice", { serialNumber: PHONE }), serviceOf(ann, { mode: "quarantine" })),
          at(150, () => ann.change({ devices: [] })),
        ]),
      );
      expect(standings(ann)).to.deep.equal(["quarantine", "free", "quarantine"]);
      const [heldAgainMs] = ann.history.at(-1) ?? [0];
      expect(heldAgainMs).to.be.within(7_750, 9_000);
    });

    it("does not take what it writes itself for a contradiction of the event", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, groups: [] });
      await clock.run(
        respond(event("RemoveUserFromGroup", { groupName: quarantine.group }), serviceOf(ann, { mode: "quarantine" })),
      );
      expect(standings(ann)).to.deep.equal(["free", "quarantine"]);
      expect(elapsed()).to.be.below(1_000);
    });

    const teams = Array.from({ length: 9 }, (_, index) => `team-${index}`);
    const sealedInTen: UserRecord = { ...ANN, groups: [...teams, sealed.group] };

    it("leaves no moment without a guard: in ten groups, from sealed to quarantine for a password", async () => {
      const cat = oneUserIam(clock, sealedInTen, [], outdated(3, "getLoginProfile", "listGroupsForUser"));
      cat.change({ password: true });
      await clock.run(respond(event("CreateLoginProfile"), serviceOf(cat, { mode: "strict" })));
      expect(standings(cat)).to.not.include("free");
      expect(standingOf(cat.now())).to.equal("quarantine");
    });

    it("nor where no event has promised anything", async () => {
      const cat = oneUserIam(clock, sealedInTen, [], outdated(3, "getLoginProfile", "listGroupsForUser"));
      cat.change({ password: true });
      const service = serviceOf(cat, { mode: "strict" });
      await clock.run(
        readUser(cat.iam, "cat", service).then((first) =>
          reconcile("cat", first, { ...service, lagging: false, beforeWriting: async () => {} }),
        ),
      );
      expect(standings(cat)).to.not.include("free");
      expect(standingOf(cat.now())).to.equal("quarantine");
    });

    it("takes nobody for gone whom two reads deny, where no event has promised anything", async () => {
      const cat = oneUserIam(clock, { ...ANN, password: true });
      let reads = 0;
      const listMfaDevices: Iam["listMfaDevices"] = async (user) => {
        reads++;
        if (reads === 2 || reads === 3) throw new NoSuchEntityError("The user with name cat cannot be found.");
        return cat.iam.listMfaDevices(user);
      };
      const service = { ...serviceOf(cat, { mode: "quarantine" }), iam: { ...cat.iam, listMfaDevices } };
      const outcome = await clock.run(
        readUser(service.iam, "cat", service).then((first) =>
          reconcile("cat", first, { ...service, lagging: false, beforeWriting: async () => {} }),
        ),
      );
      expect(outcome).to.deep.include({ action: "held", writes: [{ call: "addUserToGroup", guard: "quarantine" }] });
    });

    it("nor where both quotas are full already and the way in is of no more effect", async () => {
      const policies = Array.from({ length: 8 }, (_, index) => `arn:aws:iam::123456789012:policy/own-${index}`);
      const full: UserRecord = {
        ...ANN,
        password: true,
        groups: [...teams, quarantine.group],
        policies: [...policies, quarantine.policyArn, sealed.policyArn],
      };
      const cat = oneUserIam(clock, full, []);
      await clock.run(respond(event("CreateLoginProfile"), serviceOf(cat, { mode: "strict" })));
      expect(standings(cat)).to.deep.equal(["quarantine + sealed", "quarantine"]);
      expect(cat.now().groups).to.deep.equal([...teams, quarantine.group]);
      expect(cat.now().policies).to.deep.equal([...policies, quarantine.policyArn]);
      expect(log[0]).to.not.have.property("outBeforeIn");
    });
  });

  describe("of a user who is gone", () => {
    const refuse = () => Promise.reject(new NoSuchEntityError("The user with name ann cannot be found."));
    const REASON = "there is no user of this name (any more): deleted, or renamed since; the next sweep looks again";

    it("says so, and asks for no group of the settings", async () => {
      const ann = oneUserIam(clock, ANN);
      const service = serviceOf(ann, { mode: "quarantine", exemptGroups: ["break-glass"] });
      const iam = { ...ann.iam, listMfaDevices: refuse };
      await clock.run(respond(event("CreateLoginProfile"), { ...service, iam }));
      expect(log[0]).to.deep.include({ action: "gone", decision: "none", reason: REASON, writes: [], lagging: true });
      expect(ann.calls).to.not.include("getGroupArn");
    });

    /** Who is gone from a write on, which is refused. */
    const goneFrom = (ann: OneUserIam, write: "addUserToGroup" | "removeUserFromGroup"): Iam => {
      let isGone = false;
      return {
        ...ann.iam,
        listMfaDevices: async (user) => (isGone ? refuse() : ann.iam.listMfaDevices(user)),
        [write]: async () => {
          isGone = true;
          return refuse();
        },
      };
    };

    it("believes so after the pauses of one time", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true }, [quarantine.group]);
      const service = { ...serviceOf(ann, { mode: "quarantine" }), iam: goneFrom(ann, "addUserToGroup") };
      await clock.run(respond(event("CreateLoginProfile"), service));
      expect(log[0]).to.deep.include({ action: "gone", reason: REASON });
      expect(elapsed()).to.be.within(7_750, 10_000);
    });

    it("believes so too where the event was contradicted before", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, groups: [quarantine.group] }, [quarantine.group]);
      ann.change({ devices: [PHONE] });
      const service = { ...serviceOf(ann, { mode: "quarantine" }), iam: goneFrom(ann, "addUserToGroup") };
      await clock.run(
        Promise.all([
          respond(event("EnableMFADevice", { serialNumber: PHONE }), service),
          at(150, () => ann.change({ devices: [] })),
        ]),
      );
      expect(log[0]).to.deep.include({ action: "gone", reason: REASON });
    });
  });

  describe("where IAM refuses a write", () => {
    const teams = Array.from({ length: 10 }, (_, index) => `team-${index}`);
    const directly = (iam: Iam, record: UserRecord, rules: Partial<Rules> = { mode: "quarantine" }) => {
      const service = { ...serviceOf(oneUserIam(clock, record), rules), iam };
      const first = { ...record, name: "ann", datedAt: undefined };
      return clock.run(reconcile("ann", first, { ...service, lagging: false, beforeWriting: async () => undefined }));
    };

    it("believes in no policy that is none, and asks for no group that it does not need", async () => {
      const record = { ...ANN, password: true, groups: teams };
      const ann = oneUserIam(clock, record);
      const attachUserPolicy = () => Promise.reject(new NoSuchEntityError("Policy quarantine does not exist."));
      const failure = await failureOf(directly({ ...ann.iam, attachUserPolicy }, record));
      expect(failure.message).to.equal(
        "ann is not where the state says (a password, no MFA device) after 5 rounds of writing; IAM's last refusal: Policy quarantine does not exist.",
      );
      expect(ann.calls).to.not.include("getGroupArn");
    });

    it("is content where another hand has detached the policy already", async () => {
      const ann = oneUserIam(clock, ANN);
      const outcome = await directly(ann.iam, { ...ANN, policies: [quarantine.policyArn] });
      expect(outcome).to.deep.include({ decision: "free", writes: [] });
      expect(ann.calls.filter((call) => call === "detachUserPolicy")).to.have.lengthOf(1);
    });

    it("says which of the ways out was refused last", async () => {
      const record = { ...ANN, password: true, devices: [PHONE], groups: [quarantine.group, conditional.group] };
      const ann = oneUserIam(clock, record);
      const removeUserFromGroup: Iam["removeUserFromGroup"] = async (_, group) => {
        if (group === conditional.group) throw new NoSuchEntityError("not in conditional");
      };
      const failure = await failureOf(directly({ ...ann.iam, removeUserFromGroup }, record));
      expect(failure.message).to.match(/ after 5 rounds of writing; IAM's last refusal: not in conditional$/);
    });

    it("takes no group for gone of which IAM does not tell", async () => {
      const record = { ...ANN, password: true };
      const ann = oneUserIam(clock, record);
      const addUserToGroup = () => Promise.reject(new AccessDeniedError("not authorized"));
      const getGroupArn = () => Promise.reject(new Error("Service failure"));
      const failure = await failureOf(directly({ ...ann.iam, addUserToGroup, getGroupArn }, record));
      expect(failure.message).to.equal("Service failure");
      expect(ann.calls).to.not.include("attachUserPolicy");
    });
  });

  it("gives up after five rounds where no read ever shows what it wrote, and says of no refusal", async () => {
    const ann = oneUserIam(clock, { ...ANN, password: true }, [], (call) => call === "listGroupsForUser");
    await failureOf(clock.run(respond(event("CreateLoginProfile"), serviceOf(ann, { mode: "quarantine" }))));
    expect(log[0]).to.deep.include({
      level: "ERROR",
      error: "Error: ann is not where the state says (a password, no MFA device) after 5 rounds of writing",
    });
    expect(standings(ann)).to.deep.equal(["free", "quarantine"]);
  });

  describe("before a hold is due", () => {
    const DAY: Partial<Rules & Deadline> = { mode: "quarantine", enforceFrom: "2026-11-21" };
    // ann was made at 08:00 on the 20th, so that a week's grace ends at 08:00 on the 27th.
    const WEEK: Partial<Rules & Deadline> = { mode: "quarantine", graceDays: 7 };
    const until = (moment: string) => clock.run(clock.pause((Date.parse(moment) - clock.now()) / 1000));
    const kinds = (ann: OneUserIam) => [...ann.calls].sort();
    const FOUR_READS = ["getLoginProfile", "listAttachedUserPolicies", "listGroupsForUser", "listMfaDevices"];

    it("writes nothing and says when it is", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true });
      await clock.run(respond(event("CreateLoginProfile"), serviceOf(ann, DAY)));
      expect(standings(ann)).to.deep.equal(["free"]);
      expect(kinds(ann)).to.deep.equal(FOUR_READS);
      expect(asked).to.deep.equal([]);
      expect(log).to.deep.equal([
        {
          level: "INFO",
          call: "CreateLoginProfile",
          user: "ann",
          action: "pending",
          decision: "hold",
          guard: "quarantine",
          reason: "a password, no MFA device",
          due: "2026-11-21T00:00:00.000Z",
          seen: { password: true, devices: [], heldBy: [], datedAt: "2026-11-20T09:00:00.000Z" },
          writes: [],
          lagging: false,
        },
      ]);
    });

    it("reads CreateDate by one call where there is a grace", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true });
      await clock.run(respond(event("CreateLoginProfile"), serviceOf(ann, WEEK)));
      expect(kinds(ann)).to.deep.equal([
        "getLoginProfile",
        "getUser",
        "listAttachedUserPolicies",
        "listGroupsForUser",
        "listMfaDevices",
      ]);
      expect(log[0]).to.deep.include({ action: "pending", due: "2026-11-27T08:00:00.000Z" });
    });

    for (const mode of ["conditional-deny", "strict"] as const) {
      it(`holds nobody under any guard, in mode ${mode} either`, async () => {
        const ann = oneUserIam(clock, ANN);
        await clock.run(respond(event("UpdateUser"), serviceOf(ann, { ...DAY, mode })));
        expect(standings(ann)).to.deep.equal(["free"]);
        expect(log[0]).to.deep.include({ action: "pending" });
      });
    }

    // A run judges 100 ms after it began.
    for (const [began, action, standing] of [
      ["2026-11-20T23:59:59.899Z", "pending", "free"],
      ["2026-11-20T23:59:59.900Z", "held", "quarantine"],
    ] as const) {
      it(`waits to the last millisecond and not beyond: begun at ${began}, ${action}`, async () => {
        const ann = oneUserIam(clock, { ...ANN, password: true });
        await until(began);
        await clock.run(respond(event("CreateLoginProfile"), serviceOf(ann, DAY)));
        expect(standingOf(ann.now())).to.equal(standing);
        expect(log[0]).to.deep.include({ action, due: "2026-11-21T00:00:00.000Z" });
      });
    }

    it("opens no new grace for a lost device nor for a new password", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, devices: [PHONE] });
      const service = serviceOf(ann, WEEK);
      ann.change({ devices: [] });
      await clock.run(respond(event("DeactivateMFADevice", { serialNumber: PHONE }), service));
      expect(log[0]).to.deep.include({ action: "pending", due: "2026-11-27T08:00:00.000Z" });
      ann.change({ password: false });
      await until("2026-11-27T08:00:00Z");
      ann.change({ password: true });
      await clock.run(respond(event("CreateLoginProfile"), service));
      expect(log[1]).to.deep.include({ action: "held" });
      expect(standings(ann)).to.deep.equal(["free", "quarantine"]);
    });

    it("holds at once where IAM gives no CreateDate to reckon a grace from", async () => {
      const ann = oneUserIam(clock, { ...ANN, createdAt: undefined, password: true });
      await clock.run(respond(event("CreateLoginProfile"), serviceOf(ann, WEEK)));
      expect(standings(ann)).to.deep.equal(["free", "quarantine"]);
      expect(log[0]).to.not.have.property("due");
    });

    it("reads CreateDate again after a write: another user of the name may have come", async () => {
      const ann = oneUserIam(clock, { ...ANN, createdAt: new Date("2026-11-01T08:00:00Z"), password: true });
      await clock.run(respond(event("CreateLoginProfile"), serviceOf(ann, WEEK)));
      expect(standings(ann)).to.deep.equal(["free", "quarantine"]);
      expect(ann.calls.filter((call) => call === "getUser")).to.have.lengthOf(2);
      expect(ann.calls).to.have.lengthOf(10);
    });

    it("takes another of the name, who came meanwhile and has a grace, for somebody new", async () => {
      const before = { ...ANN, createdAt: new Date("2026-11-01T08:00:00Z"), password: true };
      const ann = oneUserIam(clock, before, [quarantine.group]);
      const addUserToGroup = async () => {
        ann.change({ createdAt: MADE });
        throw new NoSuchEntityError("The user with name ann cannot be found.");
      };
      const service = { ...serviceOf(ann, WEEK), iam: { ...ann.iam, addUserToGroup } };
      await clock.run(respond(event("CreateLoginProfile"), service));
      expect(log[0]).to.deep.include({ action: "pending", due: "2026-11-27T08:00:00.000Z" });
    });

    it("is a matter of nobody who is free, in a dry run either", async () => {
      const ann = oneUserIam(clock, ANN);
      await clock.run(respond(event("UpdateUser"), serviceOf(ann, DAY)));
      await clock.run(respond(event("UpdateUser"), { ...serviceOf(ann, DAY), dryRun: true }));
      expect(log.map(({ action }) => action)).to.deep.equal(["none", "none"]);
      for (const line of log) expect(line).to.not.have.property("due");
    });

    it("leaves who is held held, and moves them", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, groups: [quarantine.group] });
      const service = serviceOf(ann, { ...DAY, mode: "strict" });
      await clock.run(respond(event("CreateLoginProfile"), service));
      ann.change({ devices: [PHONE] });
      await clock.run(respond(event("EnableMFADevice", { serialNumber: PHONE }), service));
      expect(standings(ann)).to.deep.equal(["quarantine", "quarantine + sealed", "sealed"]);
      expect(log.map(({ action }) => action)).to.deep.equal(["none", "moved"]);
      for (const line of log) expect(line).to.not.have.property("due");
    });

    it("frees who is free by the state", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, groups: [quarantine.group] });
      ann.change({ devices: [PHONE] });
      await clock.run(respond(event("EnableMFADevice", { serialNumber: PHONE }), serviceOf(ann, DAY)));
      expect(standings(ann)).to.deep.equal(["quarantine", "free"]);
      expect(log[0]).to.deep.include({ action: "freed" });
    });

    it("does not take for somebody new whom an outdated read of the same run freed", async () => {
      const before = { ...ANN, password: true, devices: [PHONE], groups: [quarantine.group] };
      const ann = oneUserIam(clock, before, [], (call, nth) => call === "listMfaDevices" && nth === 1);
      ann.change({ devices: [] });
      await clock.run(respond(event("UpdateUser"), serviceOf(ann, DAY)));
      expect(standings(ann)).to.deep.equal(["quarantine", "free", "quarantine"]);
    });

    it("is withheld in a dry run, and says when it is due all the same", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true });
      await clock.run(respond(event("CreateLoginProfile"), { ...serviceOf(ann, DAY), dryRun: true }));
      expect(log[0]).to.deep.include({ action: "withheld", due: "2026-11-21T00:00:00.000Z" });
      await until("2026-11-21T00:00:00.000Z");
      await clock.run(respond(event("CreateLoginProfile"), { ...serviceOf(ann, DAY), dryRun: true }));
      expect(log[1]).to.deep.include({ action: "withheld" });
      expect(standings(ann)).to.deep.equal(["free"]);
    });

    it("asks for no group of the settings", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true });
      const rules = { ...DAY, exemptGroups: ["break-glass"] };
      await clock.run(respond(event("CreateLoginProfile"), serviceOf(ann, rules)));
      expect(ann.calls).to.not.include("getGroup");
    });
  });

  describe("once a deploy has replaced the instructions", () => {
    const password = event("CreateLoginProfile");

    it("writes nothing, tells nobody and fails, so that Lambda tries the event again by the new ones", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true });
      const neverPut = () => Promise.reject(new Error("what is tried again is told then"));
      const service = { ...serviceOf(ann, { mode: "quarantine" }, [false, true]), putEvents: neverPut };
      const failure = await failureOf(clock.run(respond(password, service)));
      expect(failure.message).to.equal("the event was not carried out; the function's log says why");
      expect(String(failure.cause)).to.equal(
        "SupersededError: a deploy has replaced this run's instructions; Lambda tries the event again, by the new ones",
      );
      expect(standings(ann)).to.deep.equal(["free"]);
      expect(log).to.deep.equal([
        {
          level: "WARN",
          call: "CreateLoginProfile",
          user: "ann",
          action: "superseded",
          reason: "a deploy has replaced this run's instructions; Lambda tries the event again, by the new ones",
        },
      ]);
      await clock.run(respond(password, { ...service, ...QUIET_BUS }));
      expect(standings(ann)).to.deep.equal(["free", "quarantine"]);
    });

    it("asks once, right before the first write", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, groups: ["auditors"] }, ["break-glass"]);
      await clock.run(respond(password, serviceOf(ann, { mode: "quarantine", exemptGroups: ["break-glass"] })));
      expect(asked).to.deep.equal([200]);
      expect(ann.history.map(([ms]) => ms)).to.deep.equal([0, 300]);
      expect(log.map(({ action }) => action)).to.deep.equal(["held"]);
    });

    it("does not ask where there is nothing to write", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, groups: [quarantine.group] });
      await clock.run(respond(password, serviceOf(ann, { mode: "quarantine" })));
      expect(asked).to.deep.equal([]);
    });

    it("holds all the same where Lambda does not tell", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true });
      const service = serviceOf(ann, { mode: "quarantine" });
      const isCurrent = () => Promise.reject(new Error("503"));
      await clock.run(respond(password, { ...service, isCurrent }));
      expect(standingOf(ann.now())).to.equal("quarantine");
    });
  });

  it("refuses nothing at all, a text and a number as no event", async () => {
    const service = serviceOf(oneUserIam(clock, ANN), { mode: "quarantine" });
    for (const given of [null, undefined, "sweep", 7]) {
      expect((await failureOf(clock.run(respond(given, service)))).message).to.equal(
        "not an event of AWS API Call via CloudTrail: the event: expected Object",
      );
    }
  });

  it("refuses a request for a sweep with all that is amiss in it", async () => {
    const service = serviceOf(oneUserIam(clock, ANN), { mode: "quarantine" });
    const failure = await failureOf(
      clock.run(respond({ sweep: { by: "deploy", run: 0, firstRunAt: "now" } }, service)),
    );
    expect(failure.message).to.equal(
      'not a request for a sweep: sweep.run: Invalid value: Expected >=1 but received 0; sweep.firstRunAt: Invalid type: Expected number but received "now"',
    );
  });

  describe("where a group is missing that the settings name", () => {
    const RULES: Partial<Rules> = { mode: "quarantine", exemptGroups: ["break-glass"], onlyGroups: [] };
    const missing = () => log.filter(({ finding }) => finding === "missing-group");

    it("is done with whom it can't concern, and says that it is missing", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true });
      await clock.run(respond(event("CreateLoginProfile"), serviceOf(ann, RULES)));
      expect(standingOf(ann.now())).to.equal("quarantine");
      expect(missing()).to.deep.equal([
        {
          level: "ERROR",
          finding: "missing-group",
          call: "CreateLoginProfile",
          user: "ann",
          groups: ["break-glass"],
          undecided: false,
          error:
            "onlyGroups or exemptGroups name what is no group of this account: break-glass; ann is where the state says all the same",
        },
      ]);
    });

    it("frees in mode off, whatever is missing", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true, groups: ["staff", quarantine.group] });
      await clock.run(respond(event("UpdateUser"), serviceOf(ann, { ...RULES, mode: "off" })));
      expect(standingOf(ann.now())).to.equal("free");
    });

    const undecided: readonly (readonly [string, Partial<Rules>, UserRecord, string])[] = [
      ["free who may be exempt", RULES, { ...ANN, password: true, groups: ["staff"] }, "free"],
      [
        "held who may be in the scope",
        { mode: "quarantine", onlyGroups: ["people"] },
        { ...ANN, password: true, groups: ["staff", quarantine.group] },
        "quarantine",
      ],
      [
        "free who may be in the scope",
        { mode: "quarantine", onlyGroups: ["people"] },
        { ...ANN, password: true, groups: ["staff"] },
        "free",
      ],
    ];
    for (const [title, rules, before, expected] of undecided) {
      it(`leaves ${title}, by name`, async () => {
        const ann = oneUserIam(clock, before);
        await clock.run(respond(event("CreateLoginProfile"), serviceOf(ann, rules)));
        expect(standings(ann)).to.deep.equal([expected]);
        expect(missing()).to.have.lengthOf(1);
        const stays = expected === "free" ? "free" : "held";
        const [group] = [...(rules.exemptGroups ?? []), ...(rules.onlyGroups ?? [])];
        expect(missing()[0]).to.deep.include({
          level: "ERROR",
          user: "ann",
          undecided: true,
          error: `onlyGroups or exemptGroups name what is no group of this account: ${group}; ann stays ${stays}, for it depends on that where they belong`,
        });
        expect(log.filter((line) => "MissingGroups" in line).map((line) => line["MissingGroups"])).to.deep.equal([1]);
      });
    }

    it("takes none for missing of which IAM does not tell, and writes nothing", async () => {
      const ann = oneUserIam(clock, { ...ANN, password: true });
      const service = serviceOf(ann, RULES);
      const getGroupArn = () => Promise.reject(new Error("Service failure"));
      await failureOf(
        clock.run(respond(event("CreateLoginProfile"), { ...service, iam: { ...ann.iam, getGroupArn } })),
      );
      expect(missing()).to.deep.equal([]);
      expect(log[0]).to.deep.include({ level: "ERROR", action: "failed", error: "Error: Service failure" });
      expect(standings(ann)).to.deep.equal(["free"]);
    });

    it("asks for no group where it makes no difference and nothing is to be written", async () => {
      const ann = oneUserIam(clock, { ...ANN, groups: ["staff"] });
      await clock.run(respond(event("UpdateUser"), serviceOf(ann, RULES)));
      expect(ann.calls).to.not.include("getGroupArn");
    });
  });

  describe("at full quotas, out before in", () => {
    const TEAMS = Array.from({ length: 9 }, (_, index) => `team-${index}`);
    const OTHERS = Array.from({ length: 10 }, (_, index) => `arn:aws:iam::123456789012:policy/other-${index}`);
    /** A full-quota user in quarantine whom strict wants in sealed. */
    const FULL: UserRecord = {
      path: "/",
      createdAt: undefined,
      password: true,
      devices: ["phone"],
      groups: [...TEAMS, quarantine.group],
      policies: OTHERS,
    };
    const moved = (iam: Iam, record: UserRecord, guards: GuardRefs = GUARDS) =>
      clock.run(
        reconcile(
          "alice",
          { ...record, name: "alice", datedAt: undefined },
          {
            iam,
            clock,
            guards,
            rules: { ...DEFAULT_SETTINGS, mode: "strict" },
            dryRun: false,
            deadline: DEFAULT_SETTINGS,
            lagging: false,
            beforeWriting: async () => undefined,
          },
        ),
      );
    const move = async (wrap: (iam: Iam) => Iam) => {
      const one = oneUserIam(clock, FULL);
      const failure = await failureOf(moved(wrap(one.iam), FULL));
      return { failure, now: one.now() };
    };
    /** IAM that lets nobody into a group once somebody has been taken out of one. */
    const refusingOnceOut =
      (refusal: (group: string) => Error) =>
      (iam: Iam): Iam => {
        let isOut = false;
        return {
          ...iam,
          removeUserFromGroup: async (user, group) => {
            await iam.removeUserFromGroup(user, group);
            isOut = true;
          },
          addUserToGroup: async (user, group) => {
            if (isOut) throw refusal(group);
            return iam.addUserToGroup(user, group);
          },
        };
      };

    it("goes out of a guard's policy first where the new guard has no group, for that makes the place", async () => {
      const before = { ...FULL, policies: [...OTHERS.slice(0, 9), conditional.policyArn] };
      const one = oneUserIam(clock, before);
      const outcome = await moved(one.iam, before, { ...GUARDS, sealed: { ...sealed, group: "" } });
      expect(outcome).to.deep.include({ action: "moved", outBeforeIn: true });
      expect(standings(one)).to.deep.equal(["quarantine + conditional", "quarantine", "quarantine + sealed", "sealed"]);
    });

    it("goes out of nothing where the new guard has no group and only a group could be left", async () => {
      const one = oneUserIam(clock, FULL);
      const failure = await failureOf(moved(one.iam, FULL, { ...GUARDS, sealed: { ...sealed, group: "" } }));
      expect(failure.message).to.equal(
        "alice stays in quarantine, for sealed has no group, and the quota of policies is full",
      );
      expect(failure.cause).to.have.property("cause").that.is.instanceOf(LimitExceededError);
      expect(standings(one)).to.deep.equal(["quarantine"]);
    });

    it("says that no guard can hold whose place another hand has taken on the way", async () => {
      const { failure, now } = await move(
        refusingOnceOut(() => new LimitExceededError("Cannot exceed quota for GroupsPerUser: 10")),
      );
      expect(now.groups).to.not.include(quarantine.group);
      expect(failure).to.be.instanceOf(UnholdableError);
      expect(String(failure)).to.match(/^UnholdableError: no guard can hold alice, /);
      // The way back by the other form, which was tried last.
      expect(String(failure.cause)).to.match(/Cannot exceed quota: 10$/);
    });

    it("says of nobody that they are back in a guard who are not", async () => {
      const { failure, now } = await move((iam) => ({
        ...refusingOnceOut((group) => new NoSuchEntityError(`The group with name ${group} cannot be found.`))(iam),
        getGroupArn: async (group) => `arn:aws:iam::123456789012:group/require-mfa/dev/${group}`,
      }));
      expect(now.groups).to.not.include(quarantine.group);
      expect(failure.message).to.match(
        /^alice, at both of IAM's quotas, is out of quarantine, which did not take them back/,
      );
    });

    it("names whom IAM throttles out of one guard and not yet in the other", async () => {
      const { failure, now } = await move(refusingOnceOut(() => new ThrottledError("Rate exceeded")));
      expect(now.groups).to.not.include(quarantine.group);
      // A sweep takes a ThrottledError for «nothing was begun», and says nothing of the user.
      expect(failure).to.not.be.instanceOf(ThrottledError);
      expect(failure.cause).to.be.instanceOf(ThrottledError);
      expect(failure.message).to.match(/^alice, at both of IAM's quotas, is out of quarantine/);
    });
  });
});
