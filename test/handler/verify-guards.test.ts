import { expect } from "chai";
import type { GuardFault } from "../../core/guard-state";
import type { GuardName } from "../../core/guards";
import type { Mode } from "../../core/modes";
import { DEFAULT_SETTINGS } from "../../core/settings";
import { type VirtualClock, virtualClock } from "../../fake-aws/virtual-clock";
import { virtualIam } from "../../fake-aws/virtual-iam";
import {
  AccessDeniedError,
  type GroupDetail,
  type Iam,
  NoSuchEntityError,
  ThrottledError,
} from "../../handler/iam/iam";
import { respond } from "../../handler/respond";
import { confirm, findFaults, mendGuards, readGuard, type VerifyContext } from "../../handler/verify-guards";
import { GUARD_GROUPS, GUARD_POLICIES, GUARDS, POLICY_DIGESTS } from "../support/guards";
import { QUIET_BUS } from "../support/quiet-bus";

const START = new Date("2026-11-20T09:00:00Z");
const { quarantine, sealed } = GUARDS;
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** The guards' groups, one of them changed. */
const withGroup = (group: string, changed: Partial<GroupDetail>): readonly GroupDetail[] =>
  GUARD_GROUPS.map((each) => (each.name === group ? { ...each, ...changed } : each));

describe("verifying guards", () => {
  let clock: VirtualClock;
  /** What Lambda says; undefined where it does not tell. */
  let current: boolean | undefined;
  beforeEach(() => {
    clock = virtualClock(START);
    current = true;
  });

  const account = (groups: readonly GroupDetail[] = GUARD_GROUPS, policies = GUARD_POLICIES) =>
    virtualIam(clock, [], { groups, policies });
  const contextOf = (iam: Iam, mode: Mode = "strict"): VerifyContext => ({
    iam,
    guards: GUARDS,
    policyDigests: POLICY_DIGESTS,
    rules: { mode },
    clock,
    isCurrent: async () => {
      if (current === undefined) throw new Error("503");
      return current;
    },
  });
  const elapsed = () => (clock.now() - START.getTime()) / 1000;
  const verify = (iam: Iam, names: readonly GuardName[], mode?: Mode, meanwhile: () => unknown = () => undefined) => {
    const context = contextOf(iam, mode);
    const find = () => findFaults(names, (ref) => readGuard(iam, ref), context);
    return clock.run(
      (async () => {
        const look = await mendGuards(await find(), context);
        await meanwhile();
        return { reattached: look.reattached, broken: await confirm(look, find, context) };
      })(),
    );
  };
  const inShort = (faults: readonly GuardFault[]) => faults.map(({ guard, fault, what }) => [guard, fault, what]);

  it("takes four calls a guard that is well, and no second look", async () => {
    const iam = account();
    expect(await verify(iam, ["quarantine", "sealed"])).to.deep.equal({ reattached: [], broken: [] });
    expect([...iam.counts()]).to.deep.equal([
      ["listAttachedGroupPolicies", 2],
      ["listGroupPolicies", 2],
      ["getDefaultPolicyVersion", 2],
      ["getPolicyDocument", 2],
    ]);
    expect(elapsed()).to.be.below(1);
  });

  it("attaches a guard's policy again at once", async () => {
    const iam = account(withGroup(quarantine.group, { policies: [] }));
    expect(await verify(iam, ["quarantine"])).to.deep.equal({ reattached: ["quarantine"], broken: [] });
    expect(await clock.run(iam.listAttachedGroupPolicies(quarantine.group))).to.deep.equal([quarantine.policyArn]);
    expect(elapsed()).to.be.below(1);
  });

  it("attaches nothing in mode off, where a destroy may be at work, and says that it is off", async () => {
    const iam = account(withGroup(quarantine.group, { policies: [] }));
    const { reattached, broken } = await verify(iam, ["quarantine"], "off");
    expect(reattached).to.deep.equal([]);
    expect(inShort(broken)).to.deep.equal([["quarantine", "policy-detached", quarantine.policyArn]]);
    expect(iam.counts().has("attachGroupPolicy")).to.equal(false);
  });

  it("attaches nothing by instructions that a deploy has replaced, and says nothing", async () => {
    current = false;
    const iam = account(withGroup(quarantine.group, { policies: [] }));
    expect(await verify(iam, ["quarantine"])).to.deep.equal({ reattached: [], broken: [] });
    expect(iam.counts().has("attachGroupPolicy")).to.equal(false);
  });

  it("attaches and tells all the same where Lambda does not say whether the instructions are current", async () => {
    current = undefined;
    const policies = new Map(GUARD_POLICIES).set(sealed.policyArn, ALLOW_ALL);
    const { reattached, broken } = await verify(account(withGroup(quarantine.group, { policies: [] }), policies), [
      "quarantine",
      "sealed",
    ]);
    expect(reattached).to.deep.equal(["quarantine"]);
    expect(inShort(broken)).to.deep.equal([["sealed", "policy-changed", sealed.policyArn]]);
  });

  it("tells a policy that is off its group and that IAM does not let it attach", async () => {
    const attachGroupPolicy = async () => Promise.reject(new AccessDeniedError("not authorized"));
    const iam = { ...account(withGroup(quarantine.group, { policies: [] })), attachGroupPolicy };
    const { reattached, broken } = await verify(iam, ["quarantine"]);
    expect(reattached).to.deep.equal([]);
    expect(inShort(broken)).to.deep.equal([["quarantine", "policy-detached", quarantine.policyArn]]);
  });

  it("tells another content, foreign and inline policies, after a second look a minute later", async () => {
    const groups = withGroup(sealed.group, { policies: [sealed.policyArn, ADMINISTRATOR], inlinePolicies: ["allow"] });
    const policies = new Map(GUARD_POLICIES).set(quarantine.policyArn, ALLOW_ALL);
    const { broken } = await verify(account(groups, policies), ["quarantine", "sealed"]);
    expect(inShort(broken)).to.deep.equal([
      ["quarantine", "policy-changed", quarantine.policyArn],
      ["sealed", "foreign-policy", ADMINISTRATOR],
      ["sealed", "inline-policy", "allow"],
    ]);
    expect(elapsed()).to.be.within(60, 61);
  });

  it("looks a second time a minute after the first, whatever came in between", async () => {
    const policies = new Map(GUARD_POLICIES).set(quarantine.policyArn, ALLOW_ALL);
    await verify(account(GUARD_GROUPS, policies), ["quarantine"], "strict", () => clock.pause(20));
    expect(elapsed()).to.be.within(60, 61);
  });

  it("tells nothing that the second look does not show any more", async () => {
    const policies = new Map(GUARD_POLICIES).set(quarantine.policyArn, ALLOW_ALL);
    const iam = account(GUARD_GROUPS, policies);
    const { broken } = await verify(iam, ["quarantine"], "strict", () => {
      policies.set(quarantine.policyArn, GUARD_POLICIES.get(quarantine.policyArn) ?? "");
    });
    expect(broken).to.deep.equal([]);
  });

  it("tells what the first look showed where the second fails", async () => {
    const iam = account(GUARD_GROUPS, new Map(GUARD_POLICIES).set(quarantine.policyArn, ALLOW_ALL));
    let reads = 0;
    const getDefaultPolicyVersion: Iam["getDefaultPolicyVersion"] = async (arn) => {
      if (++reads > 1) throw new ThrottledError("Rate exceeded");
      return iam.getDefaultPolicyVersion(arn);
    };
    const { broken } = await verify({ ...iam, getDefaultPolicyVersion }, ["quarantine"]);
    expect(inShort(broken)).to.deep.equal([["quarantine", "policy-changed", quarantine.policyArn]]);
  });

  it("tells a guard that is broken in another way at the second look", async () => {
    let reads = 0;
    const iam = { ...account(), listGroupPolicies: async () => [`allow-${++reads}`] };
    const { broken } = await verify(iam, ["quarantine"]);
    expect(inShort(broken)).to.deep.equal([["quarantine", "inline-policy", "allow-2"]]);
  });

  it("attaches nothing, and tells nothing, where the policy is on its group again by then", async () => {
    const iam = account();
    let looks = 0;
    const listAttachedGroupPolicies: Iam["listAttachedGroupPolicies"] = async (group) =>
      ++looks === 1 ? [] : iam.listAttachedGroupPolicies(group);
    expect(await verify({ ...iam, listAttachedGroupPolicies }, ["quarantine"])).to.deep.equal({
      reattached: [],
      broken: [],
    });
    expect(iam.counts().has("attachGroupPolicy")).to.equal(false);
  });

  it("tells nothing where a deploy has told the function something else meanwhile", async () => {
    const policies = new Map(GUARD_POLICIES).set(quarantine.policyArn, ALLOW_ALL);
    const { broken } = await verify(account(GUARD_GROUPS, policies), ["quarantine"], "strict", () => {
      current = false;
    });
    expect(broken).to.deep.equal([]);
  });

  it("tells a group that is gone, and one of its name at which the role may not look", async () => {
    const gone = account(GUARD_GROUPS.filter(({ name }) => name !== quarantine.group));
    expect(inShort((await verify(gone, ["quarantine"])).broken)).to.deep.equal([
      ["quarantine", "group-gone", quarantine.group],
    ]);
    const refuse = async () => Promise.reject(new AccessDeniedError("not authorized"));
    // IAM refuses the role's look at a group that is gone, for it knows no path of it.
    const goneAndRefused = { ...gone, listAttachedGroupPolicies: refuse, listGroupPolicies: refuse };
    expect(inShort((await verify(goneAndRefused, ["quarantine"])).broken)).to.deep.equal([
      ["quarantine", "group-gone", quarantine.group],
    ]);
    const getGroupArn = async () => `arn:aws:iam::123456789012:group/${quarantine.group}`;
    const elsewhere = { ...account(), listAttachedGroupPolicies: refuse, listGroupPolicies: refuse, getGroupArn };
    expect(inShort((await verify(elsewhere, ["quarantine"])).broken)).to.deep.equal([
      ["quarantine", "group-elsewhere", quarantine.group],
    ]);
    const refused = { ...account(), listAttachedGroupPolicies: refuse, listGroupPolicies: refuse };
    expect(inShort((await verify(refused, ["quarantine"])).broken)).to.deep.equal([
      ["quarantine", "unreadable", "not authorized"],
    ]);
  });

  it("tells no group for gone or another's of which IAM does not say", async () => {
    const fail = async () => Promise.reject(new Error("Service failure"));
    const unlisted = { ...account(), listGroupPolicies: fail };
    expect(inShort((await verify(unlisted, ["quarantine"])).broken)).to.deep.equal([
      ["quarantine", "unreadable", "Service failure"],
    ]);
    const refuse = async () => Promise.reject(new AccessDeniedError("not authorized"));
    const unknown = { ...account(), listGroupPolicies: refuse, getGroupArn: fail };
    expect(inShort((await verify(unknown, ["quarantine"])).broken)).to.deep.equal([
      ["quarantine", "unreadable", "Service failure"],
    ]);
  });

  it("tells a policy that is gone, and that it can't be attached", async () => {
    const policies = new Map(GUARD_POLICIES);
    policies.delete(sealed.policyArn);
    const { reattached, broken } = await verify(account(withGroup(sealed.group, { policies: [] }), policies), [
      "sealed",
    ]);
    expect(reattached).to.deep.equal([]);
    expect(inShort(broken)).to.deep.equal([
      ["sealed", "policy-gone", sealed.policyArn],
      ["sealed", "policy-detached", sealed.policyArn],
    ]);
  });

  it("tells a guard that can't be read, and goes on with the others", async () => {
    const policies = new Map(GUARD_POLICIES).set(quarantine.policyArn, ALLOW_ALL);
    const iam = account(GUARD_GROUPS, policies);
    const unreadable = {
      ...iam,
      getDefaultPolicyVersion: async (policyArn: string) => {
        if (policyArn === sealed.policyArn) throw new Error("Service failure");
        return iam.getDefaultPolicyVersion(policyArn);
      },
    };
    expect(inShort((await verify(unreadable, ["quarantine", "sealed"])).broken)).to.deep.equal([
      ["quarantine", "policy-changed", quarantine.policyArn],
      ["sealed", "unreadable", "Service failure"],
    ]);
  });

  describe("by an event", () => {
    let log: Readonly<Record<string, unknown>>[];
    beforeEach(() => {
      log = [];
    });
    const handle = (iam: Iam, mode: Mode, eventName: string, requestParameters: Readonly<Record<string, string>>) =>
      clock.run(
        respond(
          {
            detail: {
              eventName,
              eventTime: "2026-11-20T08:59:50Z",
              userIdentity: { arn: "arn:aws:iam::123456789012:user/mallory" },
              requestParameters,
            },
          },
          {
            ...contextOf(iam),
            rules: { ...DEFAULT_SETTINGS, mode },
            dryRun: false,
            deadline: DEFAULT_SETTINGS,
            maxReleases: 50,
            sweepEverySeconds: 3600,
            secondsLeft: () => 855,
            startNextRun: () => Promise.reject(new NoSuchEntityError("an event goes on in no other run")),
            functionName: "require-mfa-1a2b3c4",
            checkTrail: () => Promise.reject(new Error("an event looks for no trail")),
            ...QUIET_BUS,
            log: (line) => log.push(line),
          },
        ),
      );

    it("attaches at once what was taken off, and tells by whom", async () => {
      const iam = account(withGroup(quarantine.group, { policies: [] }));
      const parameters = { groupName: quarantine.group.toUpperCase(), policyArn: quarantine.policyArn };
      expect(await handle(iam, "quarantine", "DetachGroupPolicy", parameters)).to.equal(undefined);
      expect(log[0]).to.deep.include({
        level: "WARN",
        call: "DetachGroupPolicy",
        action: "verified",
        finding: "guard-reattached",
        guard: "quarantine",
        caller: "arn:aws:iam::123456789012:user/mallory",
        secondsSinceCall: 10,
      });
      expect(log[1]).to.deep.include({ GuardBroken: 0, GuardReattached: 1 });
    });

    it("takes four calls and one line where all is well", async () => {
      const iam = account();
      await handle(iam, "quarantine", "CreatePolicyVersion", { policyArn: quarantine.policyArn });
      expect([...iam.counts().values()].reduce((sum, each) => sum + each, 0)).to.equal(4);
      expect(log).to.have.lengthOf(1);
      expect(log[0]).to.deep.include({
        level: "INFO",
        action: "verified",
        guard: "quarantine",
        reason: "the guard is what was deployed",
      });
    });

    it("says so where what seemed wrong is right a minute later", async () => {
      const right = account();
      let reads = 0;
      const readLate: Iam = {
        ...right,
        getPolicyDocument: async (policyArn, version) => {
          reads++;
          return reads === 1 ? ALLOW_ALL : right.getPolicyDocument(policyArn, version);
        },
      };
      await handle(readLate, "quarantine", "CreatePolicyVersion", { policyArn: quarantine.policyArn });
      expect(log).to.have.lengthOf(1);
      expect(log[0]).to.deep.include({
        level: "INFO",
        action: "verified",
        reason: "what seemed wrong was not so a minute later",
      });
    });

    it("tells both where one thing is mended and another can't be", async () => {
      const policies = new Map(GUARD_POLICIES).set(quarantine.policyArn, ALLOW_ALL);
      const iam = account(withGroup(quarantine.group, { policies: [] }), policies);
      await handle(iam, "quarantine", "DetachGroupPolicy", {
        groupName: quarantine.group,
        policyArn: quarantine.policyArn,
      });
      expect(log.map(({ finding }) => finding)).to.deep.equal(["guard-broken", "guard-reattached", undefined]);
      expect(log[2]).to.deep.include({ GuardBroken: 1, GuardReattached: 1 });
    });

    it("tells as an error what it can't mend, a minute later", async () => {
      const policies = new Map(GUARD_POLICIES).set(quarantine.policyArn, ALLOW_ALL);
      await handle(account(GUARD_GROUPS, policies), "quarantine", "SetDefaultPolicyVersion", {
        policyArn: quarantine.policyArn,
      });
      expect(log[0]).to.deep.include({
        level: "ERROR",
        finding: "guard-broken",
        guard: "quarantine",
        faults: [{ fault: "policy-changed", what: quarantine.policyArn }],
        error: `the policy of quarantine, ${quarantine.policyArn}, is not the one that was deployed; pulumi up --refresh makes it what was deployed`,
      });
      expect(log[1]).to.deep.include({ GuardBroken: 1, GuardReattached: 0 });
      expect(elapsed()).to.be.within(60, 71);
    });

    it("tells where a guard's policy was attached to a group that is no guard's", async () => {
      await handle(account(), "quarantine", "AttachGroupPolicy", {
        groupName: "robots",
        policyArn: quarantine.policyArn,
      });
      expect(log[0]).to.deep.include({
        level: "ERROR",
        finding: "guard-broken",
        faults: [{ fault: "policy-elsewhere", what: "robots" }],
      });
    });

    it("leaves a guard alone under which nobody belongs", async () => {
      const iam = account(withGroup(sealed.group, { policies: [] }));
      await handle(iam, "quarantine", "DeleteGroup", { groupName: sealed.group });
      expect(log).to.have.lengthOf(1);
      expect(log[0]).to.deep.include({
        level: "INFO",
        action: "ignored",
        reason: "mode quarantine holds nobody in sealed",
      });
      expect(iam.counts().size).to.equal(0);
    });
  });
});
