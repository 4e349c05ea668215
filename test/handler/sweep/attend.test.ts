import { expect } from "chai";
import type { Deadline } from "../../../core/due";
import { DEFAULT_SETTINGS, type Rules } from "../../../core/settings";
import { type VirtualClock, virtualClock } from "../../../fake-aws/virtual-clock";
import { type VirtualIam, type VirtualUser, virtualIam } from "../../../fake-aws/virtual-iam";
import {
  AccessDeniedError,
  type Iam,
  LimitExceededError,
  ThrottledError,
  type UserDetail,
} from "../../../handler/iam/iam";
import { type Outcome, SupersededError } from "../../../handler/reconcile";
import { type AttendContext, type Attended, attendToAll, lookAgain, settleAll } from "../../../handler/sweep/attend";
import { GUARD_GROUPS, GUARDS, POLICY_DIGESTS } from "../../support/guards";
import { findsTheTrail } from "../../support/trails";

const MADE = new Date("2026-11-18T09:00:00Z");
const { quarantine, conditional } = GUARDS;
const PHONE = { serialNumber: "arn:aws:iam::123456789012:mfa/phone", enabledAt: MADE };

/** A user with a password, in these groups. */
const person = (name: string, groups: readonly string[] = [], ...devices: readonly (typeof PHONE)[]): VirtualUser => ({
  name,
  path: "/",
  createdAt: MADE,
  passwordMadeAt: MADE,
  devices,
  groups,
  policies: [],
});
const detailOf = ({ name, path, createdAt, groups, policies }: VirtualUser): UserDetail => {
  return { id: `AIDA${name}`, name, path, createdAt, groups, policies, permissionsBoundary: undefined };
};

describe("attending to users", () => {
  const HELD_AND_ENROLLED = person("held-and-enrolled", [quarantine.group], PHONE);
  const ASTRAY = person("astray", [conditional.group], PHONE);
  const FREE = person("free");
  const USERS = [HELD_AND_ENROLLED, ASTRAY, FREE];

  let clock: VirtualClock;
  let account: VirtualIam;
  let told: Outcome[];
  beforeEach(() => {
    clock = virtualClock(new Date("2026-11-20T09:00:00Z"));
    account = virtualIam(clock, USERS, { groups: GUARD_GROUPS });
    told = [];
  });

  const contextOf = (
    rules: Partial<Rules & Deadline> = {},
    changed: Partial<AttendContext> = {},
    calls: Partial<Iam> = {},
  ): AttendContext => ({
    iam: { ...account, ...calls },
    clock,
    guards: GUARDS,
    policyDigests: POLICY_DIGESTS,
    rules: { ...DEFAULT_SETTINGS, ...rules },
    dryRun: false,
    deadline: { ...DEFAULT_SETTINGS, ...rules },
    maxReleases: 50,
    sweepEverySeconds: 3600,
    secondsLeft: () => 855,
    isCurrent: async () => true,
    checkTrail: findsTheTrail,
    hasTime: () => true,
    beforeWriting: async () => undefined,
    isScopeUnmatched: false,
    tell: (outcome) => told.push(outcome),
    ...changed,
  });
  const details = (...users: readonly VirtualUser[]) => users.map(detailOf);
  /** Who, and what came of it: by name, for the order is none. */
  const inShort = (attended: readonly Attended[]) =>
    attended
      .map((each) => {
        if ("leave" in each) return [each.detail.name, each.leave];
        if ("outcome" in each) return [each.detail.name, each.outcome.action];
        return [each.detail.name, each.failure, each.isUnholdable];
      })
      .toSorted(([one], [other]) => String(one).localeCompare(String(other)));
  const groupsOf = (name: string) => account.users().find((user) => user.name === name)?.groups;
  const refuse = (error: Error) => () => Promise.reject(error);

  it("holds, frees at once, and leaves those who count as releases", async () => {
    const attended = await clock.run(attendToAll(details(...USERS), contextOf()));
    expect(inShort(attended)).to.deep.equal([
      ["astray", "freed"],
      ["free", "held"],
      ["held-and-enrolled", "if they are few"],
    ]);
    expect(USERS.map(({ name }) => groupsOf(name))).to.deep.equal([[quarantine.group], [], [quarantine.group]]);
    expect(told.map(({ user, action, lagging }) => [user, action, lagging])).to.have.deep.members([
      ["astray", "freed", false],
      ["free", "held", false],
    ]);
  });

  it("takes for gone whom a live read does not find", async () => {
    const attended = await clock.run(attendToAll(details(person("nobody")), contextOf()));
    expect(inShort(attended)).to.deep.equal([["nobody", "gone"]]);
  });

  it("frees those who are left once they are few, and none by a scope that matches nobody", async () => {
    const context = contextOf({ onlyUsers: ["alcie"] }, { isScopeUnmatched: true });
    const outside = person("outside", [quarantine.group]);
    account = virtualIam(clock, [HELD_AND_ENROLLED, outside], { groups: GUARD_GROUPS });
    const attended = await clock.run(
      settleAll(details(HELD_AND_ENROLLED, outside, person("nobody")), { ...context, iam: account }),
    );
    expect(inShort(attended)).to.deep.equal([
      ["held-and-enrolled", "freed"],
      ["nobody", "gone"],
      ["outside", "not by a scope that matches nobody"],
    ]);
    expect([groupsOf("held-and-enrolled"), groupsOf("outside")]).to.deep.equal([[], [quarantine.group]]);
  });

  it("names who fails and why, and goes on", async () => {
    const attended = await clock.run(
      attendToAll(details(...USERS), contextOf({}, {}, { addUserToGroup: refuse(new AccessDeniedError("not you")) })),
    );
    expect(inShort(attended)).to.deep.equal([
      ["astray", "freed"],
      ["free", "not you", false],
      ["held-and-enrolled", "if they are few"],
    ]);
  });

  it("marks the failure of whom no guard can hold", async () => {
    const full = refuse(new LimitExceededError("Cannot exceed quota"));
    const attended = await clock.run(
      attendToAll(details(FREE), contextOf({}, {}, { addUserToGroup: full, attachUserPolicy: full })),
    );
    expect(attended).to.have.lengthOf(1);
    expect(attended[0]).to.deep.include({ isUnholdable: true });
  });

  it("leaves to another run who is throttled, whom a deploy overtakes, and for whom there is no time", async () => {
    const throttled = contextOf({}, {}, { listGroupsForUser: refuse(new ThrottledError("Rate exceeded")) });
    expect(await clock.run(attendToAll(details(FREE), throttled))).to.deep.equal([]);
    const superseded = contextOf({}, { beforeWriting: refuse(new SupersededError("a deploy")) });
    expect(await clock.run(attendToAll(details(FREE), superseded))).to.deep.equal([]);
    const late = contextOf({}, { hasTime: () => false });
    expect(await clock.run(attendToAll(details(FREE), late))).to.deep.equal([]);
    expect(told).to.deep.equal([]);
    expect(groupsOf("free")).to.deep.equal([]);
  });

  describe("who seem to be in place", () => {
    const always = () => true;

    it("costs three calls for who is, whatever paths and grace the settings name", async () => {
      const held = person("held", [quarantine.group]);
      account = virtualIam(clock, [held], { groups: GUARD_GROUPS });
      for (const settings of [{ onlyPaths: ["/"] }, { exemptPaths: ["/robots/"] }, { graceDays: 7 }]) {
        expect(await clock.run(lookAgain(details(held), contextOf(settings), always))).to.deep.equal([]);
      }
      expect([...account.counts()]).to.have.deep.members([
        ["listMfaDevices", 3],
        ["getLoginProfile", 3],
        ["listGroupsForUser", 3],
      ]);
    });

    it("ends with those put right who are not, and those told who are gone", async () => {
      const attended = await clock.run(lookAgain(details(ASTRAY, FREE, person("nobody")), contextOf(), always));
      expect(inShort(attended)).to.deep.equal([
        ["astray", "freed"],
        ["free", "held"],
        ["nobody", "gone"],
      ]);
    });

    it("does nothing about who can't be read", async () => {
      const context = contextOf({}, {}, { listGroupsForUser: refuse(new Error("Service failure")) });
      expect(await clock.run(lookAgain(details(FREE), context, always))).to.deep.equal([]);
    });

    it("makes no call where there is no time to look", async () => {
      expect(await clock.run(lookAgain(details(FREE), contextOf(), () => false))).to.deep.equal([]);
      expect(account.counts().size).to.equal(0);
    });
  });
});
