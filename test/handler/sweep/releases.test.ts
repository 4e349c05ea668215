import { expect } from "chai";
import type { Rules } from "../../../core/settings";
import type { User } from "../../../core/user";
import { leaveToFree } from "../../../handler/sweep/releases";
import { handlerContext } from "../../support/context";
import { failureOf } from "../../support/failure";
import { GUARDS } from "../../support/guards";
import { peopleOf } from "../../support/people";
import { newWorld, type Settings, type World } from "../../support/world";

const QUARANTINE: Settings = { mode: "quarantine" };

describe("the leave to free", () => {
  const PHONE = "arn:aws:iam::123456789012:mfa/phone";
  const HELD: User = {
    name: "ann",
    path: "/",
    createdAt: undefined,
    password: true,
    devices: [],
    groups: [GUARDS.quarantine.group],
    policies: [],
    datedAt: undefined,
  };
  const leave = (user: Partial<User>, rules: Partial<Rules>, isScopeUnmatched = false) =>
    leaveToFree({ ...HELD, ...user }, { ...handlerContext(rules), isScopeUnmatched });
  const { quarantine, conditional } = GUARDS;
  const enrolled = { devices: [PHONE] };

  it("is a matter of nobody who stays held, and of nobody whom nothing holds", () => {
    expect(leave({}, {})).to.equal(undefined);
    expect(leave({ ...enrolled, groups: [] }, {})).to.equal(undefined);
  });

  it("is given out of a guard that the mode uses if they are few, though another guard holds too", () => {
    expect(leave(enrolled, {})).to.equal("if they are few");
    expect(leave({ ...enrolled, groups: [conditional.group, quarantine.group] }, {})).to.equal("if they are few");
  });

  it("is given at once out of a guard that the mode does not use, and in mode off", () => {
    expect(leave({ ...enrolled, groups: [conditional.group] }, {})).to.equal("at once");
    expect(leave({}, { mode: "off" })).to.equal("at once");
  });

  const scopes: readonly Partial<Rules>[] = [
    { onlyUsers: ["bob", "alcie"] },
    { onlyPaths: ["/staff/"] },
    { onlyGroups: ["consoles"] },
  ];
  for (const scope of scopes) {
    it(`is not given by ${JSON.stringify(scope)} where an entry of it matches nobody`, () => {
      expect(leave({}, scope, true)).to.equal("not by a scope that matches nobody");
      expect(leave({}, scope, false)).to.equal("if they are few");
    });
  }

  it("is given by a device and by an exemption, whatever the scope", () => {
    expect(leave(enrolled, { onlyUsers: ["alcie"] }, true)).to.equal("if they are few");
    expect(leave({}, { onlyUsers: ["alcie"], exemptUsers: ["ann"] }, true)).to.equal("if they are few");
  });
});

describe("a sweep's releases", () => {
  let world: World;
  let people: ReturnType<typeof peopleOf>;
  beforeEach(async () => {
    world = await newWorld();
    people = peopleOf(world);
  });
  afterEach(() => world.close());

  const names = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);
  const callsOf = (action: string) => world.calls().filter((call) => call === action).length;

  describe("by a scope of which an entry matches nobody", () => {
    const CONFIRMED: Settings = { ...QUARANTINE, maxReleases: 5000 };
    beforeEach(async () => {
      for (const name of ["alice", "bob", "carol"]) people.personAt("/staff/", name, "password");
      await world.sweep(QUARANTINE, { by: "deploy" });
    });

    const scopes: readonly (readonly [string, Partial<Settings>, string])[] = [
      [
        "a path in other letters",
        { onlyPaths: ["/Staff/"] },
        'onlyPaths names "/Staff/", which matches nobody (the nearest is "/staff/")',
      ],
      [
        "a misspelt name",
        { onlyUsers: ["alcie"] },
        'onlyUsers names "alcie", which matches nobody (the nearest is "alice")',
      ],
      [
        "an empty group",
        { onlyGroups: ["consoles"] },
        'onlyGroups names "consoles", which matches nobody (that group is empty)',
      ],
    ];
    for (const [title, scope, words] of scopes) {
      it(`don't come about for ${title}, at a deploy and at the sweeps after it`, async () => {
        people.groups("consoles");
        const message = `3 users would be free only for being outside the scope, of which an entry matches nobody, and stay held: ${words}. Correct the entry, or remove it`;
        expect((await failureOf(world.sweep({ ...CONFIRMED, ...scope }, { by: "deploy" }))).message).to.equal(message);
        const { summary } = await world.sweep({ ...CONFIRMED, ...scope }, {});
        expect(people.standings("alice", "bob", "carol")).to.deep.equal(["quarantine", "quarantine", "quarantine"]);
        expect([...summary.releasesStoppedByScope].sort()).to.deep.equal(["alice", "bob", "carol"]);
        expect(world.metrics()).to.deep.include({ ReleasesStopped: 3, Freed: 0 });
        expect(world.findings()).to.containSubset([{ level: "WARN", finding: "unmatched", message: words }]);
      });
    }

    it("come about for who is free by a device or by an exemption", async () => {
      world.enrol("alice");
      world.waitHours(5);
      const settings: Settings = { ...CONFIRMED, onlyPaths: ["/Staff/"], exemptUsers: ["bob"] };
      await world.sweep(settings, {});
      expect(people.standings("alice", "bob", "carol")).to.deep.equal(["free", "free", "quarantine"]);
    });

    it("come about once every entry matches somebody", async () => {
      await world.sweep({ ...CONFIRMED, onlyUsers: ["alice"] }, { by: "deploy" });
      expect(people.standings("alice", "bob", "carol")).to.deep.equal(["quarantine", "free", "free"]);
    });

    it("come about in mode off", async () => {
      await world.sweep({ mode: "off", onlyPaths: ["/Staff/"] }, { by: "deploy" });
      expect(people.standings("alice", "bob", "carol")).to.deep.equal(["free", "free", "free"]);
    });

    it("don't come about for who loses the device before it is known how many there are", async () => {
      world.enrol("alice");
      world.waitHours(5);
      let reads = 0;
      const losesIt = () => {
        // The second read of devices is the one right before the release.
        if (++reads < 2) return world.account.before("ListMFADevices", losesIt);
        const [device] = world.account.call({ type: "Root" }, "ListMFADevices", { UserName: "alice" }).MFADevices;
        world.root("DeactivateMFADevice", { UserName: "alice", SerialNumber: device?.SerialNumber ?? "" });
      };
      world.account.before("ListMFADevices", losesIt);
      await world.sweep({ ...QUARANTINE, onlyPaths: ["/Staff/"] }, {});
      expect(world.standing("alice")).to.equal("quarantine");
    });

    it("are no matter of exempt entries that match nobody, which are warned of", async () => {
      await world.sweep({ ...QUARANTINE, exemptUsers: ["alcie"], exemptPaths: ["/staf/"] }, { by: "deploy" });
      expect(world.findings()).to.containSubset([
        {
          level: "WARN",
          finding: "unmatched",
          entries: [
            { setting: "exemptUsers", entry: "alcie", nearest: "alice" },
            { setting: "exemptPaths", entry: "/staf/", nearest: "/staff/" },
          ],
        },
      ]);
    });
  });

  describe("beyond maxReleases, by a deploy", () => {
    const enrolled = async (count: number) => {
      for (const name of names(count)) people.person(name, "password");
      await world.sweep(QUARANTINE, { by: "deploy" });
      for (const name of names(count)) world.enrol(name);
      world.waitHours(5);
    };

    it("are stopped as a schedule's are, and the deploy fails and says how to confirm", async () => {
      await enrolled(60);
      const failure = await failureOf(world.sweep(QUARANTINE, { by: "deploy" }));
      expect(failure.message).to.equal(
        "this sweep would free 60 users, by the credential report of 2026-03-05T06:02:50.000Z, and maxReleases lets a sweep free 50: none of them was freed. If they are to be free, confirm it: pulumi config set maxReleases 60 && pulumi up",
      );
      expect(new Set(people.standings(...names(60)))).to.deep.equal(new Set(["quarantine"]));
      await world.sweep({ ...QUARANTINE, maxReleases: 60 }, { by: "deploy" });
      expect(new Set(people.standings(...names(60)))).to.deep.equal(new Set(["free"]));
    });

    it("are seen by the report alone, with no read of any of them, and who is to be held is held", async () => {
      await enrolled(60);
      people.person("zoe", "password");
      const before = callsOf("ListMFADevices");
      await failureOf(world.sweep(QUARANTINE, { by: "deploy" }));
      // Twice of zoe, who is held.
      expect(callsOf("ListMFADevices") - before).to.equal(2);
      expect(world.standing("zoe")).to.equal("quarantine");
    });

    it("are not counted out of a guard that the mode does not use", async () => {
      for (const name of names(60)) people.person(name, "password", "device");
      await world.sweep({ mode: "conditional-deny" }, { by: "deploy" });
      const { summary } = await world.sweep(QUARANTINE, { by: "deploy" });
      expect(summary.freed).to.equal(60);
    });

    it("are not counted in mode off, neither by a deploy nor by the schedule that goes on with it", async () => {
      for (const name of names(60)) people.person(name, "password");
      await world.sweep(QUARANTINE, { by: "deploy" });
      let users = 20;
      await world.sweep({ mode: "off", maxReleases: 0 }, { by: "deploy" }, () => users-- > 0);
      const { summary } = await world.sweep({ mode: "off", maxReleases: 0 }, {});
      expect(summary.freed).to.be.within(1, 59);
      expect(new Set(people.standings(...names(60)))).to.deep.equal(new Set(["free"]));
    });
  });

  it("are not made by an old look: who lost the device meanwhile stays", async () => {
    for (const name of ["alice", "bob"]) people.person(name, "password");
    await world.sweep(QUARANTINE, { by: "deploy" });
    for (const name of ["alice", "bob"]) world.enrol(name);
    world.waitHours(5);
    // Of the four reads of devices the last two are those right before the releases.
    let reads = 0;
    const losesIt = () => {
      if (++reads < 3) world.account.before("ListMFADevices", losesIt);
      else {
        const [device] = world.account.call({ type: "Root" }, "ListMFADevices", { UserName: "alice" }).MFADevices;
        world.root("DeactivateMFADevice", { UserName: "alice", SerialNumber: device?.SerialNumber ?? "" });
      }
    };
    world.account.before("ListMFADevices", losesIt);
    await world.sweep(QUARANTINE, {});
    expect(people.standings("alice", "bob")).to.deep.equal(["quarantine", "free"]);
  });

  it("count who was under no guard in the snapshot and is meanwhile", async () => {
    people.person("alice", "password");
    // The report goes on saying that alice has no device.
    await world.sweep({ ...QUARANTINE, dryRun: true }, {});
    world.enrol("alice");
    world.account.before("ListGroupsForUser", () => people.join("alice", GUARDS.quarantine.group));
    await world.sweep({ ...QUARANTINE, maxReleases: 0 }, {});
    expect(world.standing("alice")).to.equal("quarantine");
    expect(world.complaint()).to.match(/^this sweep would free 1 user, and maxReleases lets a sweep free 0/);
  });
});
