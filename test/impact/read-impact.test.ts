import { expect } from "chai";
import type { Mode } from "../../core/modes";
import type { Settings } from "../../core/settings";
import { placeAfter } from "../../impact/people";
import { GUARDS } from "../support/guards";
import { peopleOf } from "../support/people";
import { newPreviewer, type Previewer } from "../support/previewer";
import { newWorld, type World } from "../support/world";

describe("an impact report", () => {
  let world: World;
  let previewer: Previewer;
  beforeEach(async () => {
    world = await newWorld({ reportPolls: 0 });
    previewer = await newPreviewer(world);
  });
  afterEach(async () => {
    await previewer.close();
    await world.close();
  });

  /** An account of people of all kinds, as they were before. */
  const populate = () => {
    const { person, personAt, join, groups } = peopleOf(world);
    groups("machines", ...Array.from({ length: 10 }, (_, index) => `team-${index}`));
    person("alice", "password");
    person("doe,john", "password");
    person("bob", "password", "device");
    person("carol", "device");
    person("ci");
    personAt("/machines/", "robot", "password");
    person("heidi", "password");
    for (let index = 0; index < 10; index++) join("heidi", `team-${index}`);
    person("late", "password", "device");
    join("late", GUARDS.quarantine.group);
    person("sealed", "password", "device");
    join("sealed", GUARDS.sealed.group);
  };

  describe("takes the very decisions that a sweep then takes", () => {
    const settings: readonly (readonly [string, Partial<Settings> & { readonly mode: Mode }])[] = [
      ["mode quarantine", { mode: "quarantine" }],
      ["mode conditional-deny", { mode: "conditional-deny" }],
      ["mode strict", { mode: "strict" }],
      ["mode off", { mode: "off" }],
      ["strict with enrolment by access key", { mode: "strict", enrolmentByAccessKey: true }],
      ["a scope and exemptions", { mode: "strict", onlyPaths: ["/machines/"], exemptUsers: ["ALICE"] }],
      ["an exempt path", { mode: "conditional-deny", exemptPaths: ["/machines/"] }],
      ["a missing group", { mode: "strict", exemptGroups: ["gone"] }],
      ["a dry run", { mode: "strict", dryRun: true }],
      ["a day to come", { mode: "strict", enforceFrom: "2026-04-01" }],
      ["days of grace", { mode: "strict", graceDays: 14 }],
      ["no releases", { mode: "quarantine", maxReleases: 0 }],
      ["a scope that matches nobody", { mode: "quarantine", onlyUsers: ["nobody"] }],
    ];
    for (const [title, each] of settings) {
      it(`with ${title}`, async () => {
        populate();
        const impact = await previewer.impact(each);
        const sweep = await world.sweep(each, { by: "deploy" }).catch((error) => ({ summary: error.summary }));
        const { summary } = sweep;
        const told = impact.people.map((person) => `${person.user} ${placeAfter(person)}`);
        const stands = impact.people.map(({ user }) => `${user} ${world.standing(user).replace(" by policy", "")}`);
        expect(told).to.deep.equal(stands);
        expect(impact.changes).to.deep.include({
          held: summary.newlyHeld,
          moved: summary.moved,
          freed: summary.freed,
          withheld: summary.withheld.length,
          pending: summary.pending.length,
          unknown: 0,
        });
      });
    }
  });

  it("writes nothing and reads no more than its role may", async () => {
    populate();
    const before = world.records.length;
    await previewer.impact({ mode: "strict" });
    expect(world.records.slice(before)).to.deep.equal([]);
    expect(world.account.log.filter(({ errorCode }) => errorCode === "AccessDenied")).to.deep.equal([]);
    expect(new Set(previewer.calls())).to.deep.equal(
      new Set([
        "GenerateCredentialReport",
        "GetAccountAuthorizationDetails",
        "GetCredentialReport",
        "ListMFADevices",
        "GetLoginProfile",
        "ListGroupsForUser",
        "ListServiceSpecificCredentials",
      ]),
    );
  });
});
