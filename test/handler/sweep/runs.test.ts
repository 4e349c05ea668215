import { expect } from "chai";
import { DEFAULT_SETTINGS } from "../../../core/settings";
import { virtualClock } from "../../../fake-aws/virtual-clock";
import { virtualIam } from "../../../fake-aws/virtual-iam";
import { sweep } from "../../../handler/sweep/sweep";
import { GUARD_GROUPS, GUARD_POLICIES, GUARDS, POLICY_DIGESTS } from "../../support/guards";
import { peopleOf } from "../../support/people";
import { findsTheTrail } from "../../support/trails";
import { newWorld, type World } from "../../support/world";

const QUARANTINE = { mode: "quarantine" } as const;
const { quarantine, sealed } = GUARDS;

describe("a run of a sweep", () => {
  let world: World;
  let people: ReturnType<typeof peopleOf>;
  beforeEach(async () => {
    world = await newWorld();
    people = peopleOf(world);
  });
  afterEach(() => world.close());

  /** Whether there is time: for the run's own start, and then for so many users. */
  const timeFor = (users: number) => {
    let left = users + 2;
    return () => left-- > 0;
  };
  const onRobots = () => {
    people.groups("robots");
    world.root("AttachGroupPolicy", { GroupName: "robots", PolicyArn: quarantine.policyArn });
  };
  const countOf = (call: string) => world.calls().filter((each) => each === call).length;

  it("begins with whom nobody holds and who is to be held, and goes on with who is to be moved", async () => {
    for (const name of ["anna", "zoe"]) {
      people.person(name, "password");
      people.join(name, sealed.group);
    }
    for (const name of ["ben", "yan"]) people.person(name, "password");
    await world.sweep(QUARANTINE, { by: "deploy" }, timeFor(2));
    expect(people.standings("anna", "ben", "yan", "zoe")).to.deep.equal([
      "sealed",
      "quarantine",
      "quarantine",
      "sealed",
    ]);
  });

  it("counts who would be free by a scope in doubt among no releases that maxReleases bounds", async () => {
    for (const name of ["alice", "bob"]) people.person(name, "password");
    await world.sweep(QUARANTINE, { by: "deploy" });
    world.enrol("alice");
    world.waitHours(5);
    const settings = { ...QUARANTINE, onlyUsers: ["alice", "nobody"], maxReleases: 1 };
    const { summary } = await world.sweep(settings, {});
    expect(summary).to.deep.include({ releasesStopped: [], releasesStoppedByScope: ["bob"], freed: 1 });
    expect(people.standings("alice", "bob")).to.deep.equal(["free", "quarantine"]);
  });

  it("leaves whom it has not looked at, and whom it would free while it does not know how many there are", async () => {
    for (const name of ["alice", "bob", "carol", "dave"]) people.person(name, "password");
    await world.sweep(QUARANTINE, { by: "deploy" });
    for (const name of ["alice", "bob", "carol", "dave"]) world.enrol(name);
    world.waitHours(5);
    const { summary, next } = await world.sweep(QUARANTINE, {}, timeFor(2));
    expect(summary).to.deep.include({ left: 4, freed: 0 });
    expect(next).to.containSubset([{ run: 2 }]);
  });

  it("of a deploy takes nobody for a release of whom the report says nothing, and reads them", async () => {
    for (const name of ["alice", "bob"]) people.person(name, "password");
    await world.sweep(QUARANTINE, { by: "deploy" });
    // Others of the same names, of whom the report does not tell.
    for (const name of ["alice", "bob"]) {
      world.root("DeleteLoginProfile", { UserName: name });
      world.root("RemoveUserFromGroup", { UserName: name, GroupName: quarantine.group });
      world.root("DeleteUser", { UserName: name });
      people.person(name, "password");
      people.join(name, quarantine.group);
    }
    const { summary } = await world.sweep({ ...QUARANTINE, maxReleases: 0 }, { by: "deploy" });
    expect(summary.releasesStopped).to.deep.equal([]);
  });

  it("that goes on with a deploy's reads live whom the report shows as free", async () => {
    for (const name of ["alice", "bob"]) people.person(name, "password");
    await world.sweep(QUARANTINE, { by: "deploy" });
    for (const name of ["alice", "bob"]) world.enrol(name);
    world.waitHours(5);
    const before = countOf("ListMFADevices");
    const request = { by: "deploy", run: 2, firstRunAt: 0 } as const;
    const { summary } = await world.sweep({ ...QUARANTINE, maxReleases: 1 }, request);
    expect(summary.releasesStopped).to.have.members(["alice", "bob"]);
    expect(summary).to.not.have.property("releasesByReportOf");
    expect(countOf("ListMFADevices") - before).to.equal(2);
  });

  describe("looks for a guard's policy on other groups", () => {
    it("but not by a deploy, which may be about to take the old one away", async () => {
      onRobots();
      await world.sweep(QUARANTINE, { by: "deploy" });
      expect(world.findings()).to.deep.equal([]);
    });

    it("and not in a further run, which does not look at guards at all", async () => {
      onRobots();
      const before = countOf("GetPolicyVersion");
      await world.sweep(QUARANTINE, { run: 2, firstRunAt: 0 });
      expect(world.findings()).to.deep.equal([]);
      expect(countOf("GetPolicyVersion")).to.equal(before);
    });

    it("tells what it has seen where the groups can't be read again", async () => {
      onRobots();
      people.person("alice", "password");
      await world.sweep(QUARANTINE, { by: "deploy" });
      world.account.before("GetPolicyVersion", () =>
        world.account.failNext("GetAccountAuthorizationDetails", "AccessDenied", 1000),
      );
      const { summary } = await world.sweep(QUARANTINE, {});
      expect(summary.guards.broken).to.deep.equal([
        { guard: "quarantine", fault: "policy-elsewhere", what: "arn:aws:iam::123456789012:group/robots" },
      ]);
    });

    it("reads the groups again only where it has seen one", async () => {
      const reads = async () => {
        const before = countOf("GetAccountAuthorizationDetails");
        await world.sweep(QUARANTINE, {});
        return countOf("GetAccountAuthorizationDetails") - before;
      };
      world.root("PutGroupPolicy", {
        GroupName: quarantine.group,
        PolicyName: "allow",
        PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
      });
      expect(await reads()).to.equal(1);
      onRobots();
      expect(await reads()).to.equal(2);
    });
  });
});

describe("a run of a sweep over many in quarantine who belong there", () => {
  it("looks at them again for a quarter of its time, and leaves nobody for that", async () => {
    const START = new Date("2026-11-20T09:00:00Z");
    const clock = virtualClock(START);
    const users = Array.from({ length: 200 }, (_, index) => ({
      name: `user-${index}`,
      path: "/",
      createdAt: new Date("2026-01-05T08:00:00Z"),
      passwordMadeAt: new Date("2026-01-05T08:00:00Z"),
      devices: [],
      groups: [quarantine.group],
      policies: [],
    }));
    const iam = virtualIam(clock, users, { groups: GUARD_GROUPS, policies: GUARD_POLICIES });
    const { summary } = await clock.run(
      sweep(
        { by: "schedule", run: 1 },
        {
          iam,
          clock,
          guards: GUARDS,
          policyDigests: POLICY_DIGESTS,
          rules: { ...DEFAULT_SETTINGS, mode: "quarantine" },
          dryRun: false,
          deadline: DEFAULT_SETTINGS,
          maxReleases: 50,
          sweepEverySeconds: 3600,
          secondsLeft: () => 40 - (clock.now() - START.getTime()) / 1000,
          isCurrent: async () => true,
          checkTrail: findsTheTrail,
        },
        () => undefined,
      ),
    );
    // Forty at once and eight a second after them: at 40 seconds there would be time for all.
    expect(iam.counts().get("listMfaDevices")).to.be.within(60, 130);
    expect(summary).to.deep.include({ users: 200, left: 0, failures: [] });
  });
});
