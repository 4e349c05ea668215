import { expect } from "chai";
import fc from "fast-check";
import { MODES } from "../../core/modes";
import { SweepError } from "../../handler/respond-to-sweep";
import { placeAfter } from "../../impact/people";
import { GUARDS } from "../support/guards";
import { peopleOf } from "../support/people";
import { newPreviewer } from "../support/previewer";
import { newWorld } from "../support/world";

const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "doe,john"] as const;
const PATHS = ["/", "/staff/", "/machines/"] as const;
const GROUPS = ["staff", "machines"] as const;

const person = fc.record({
  path: fc.constantFrom(...PATHS),
  password: fc.boolean(),
  device: fc.boolean(),
  group: fc.option(fc.constantFrom(...GROUPS), { nil: undefined }),
  heldBy: fc.option(fc.constantFrom("quarantine", "conditional", "sealed"), { nil: undefined }),
});

const someOf = <T>(items: readonly T[]) => fc.subarray([...items], { maxLength: 1 });

const settings = fc.record({
  mode: fc.constantFrom(...MODES),
  dryRun: fc.boolean(),
  enrolmentByAccessKey: fc.boolean(),
  spareKeyOnlyUsers: fc.boolean(),
  onlyUsers: someOf(["alice", "BOB", "nobody"]),
  onlyPaths: someOf(PATHS.slice(1)),
  onlyGroups: someOf([...GROUPS, "gone"]),
  exemptUsers: someOf(NAMES),
  exemptPaths: someOf(PATHS.slice(1)),
  exemptGroups: someOf([...GROUPS, "gone"]),
  enforceFrom: fc.constantFrom("none", "2026-01-01", "2027-01-01"),
  graceDays: fc.constantFrom(0, 7),
  maxReleases: fc.constantFrom(0, 2, 50),
});

describe("an impact report on any account, by any settings", function () {
  this.timeout(180_000);

  it("says where a sweep then leaves everybody", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: NAMES.length }), settings, async (people, given) => {
        const world = await newWorld({ reportPolls: 0 });
        const previewer = await newPreviewer(world);
        try {
          const { personAt, join, groups } = peopleOf(world);
          groups(...GROUPS);
          for (const [index, { path, password, device, group, heldBy }] of people.entries()) {
            const name = NAMES[index] ?? "";
            const has = [...(password ? (["password"] as const) : []), ...(device ? (["device"] as const) : [])];
            personAt(path, name, ...has);
            if (group !== undefined) join(name, group);
            if (heldBy !== undefined) join(name, GUARDS[heldBy].group);
          }
          const impact = await previewer.impact(given);
          await world.sweep(given, { by: "deploy" }).catch((error: unknown) => {
            // A deploy hears that a sweep fell short, of which everybody is where it could put them.
            if (!(error instanceof SweepError)) throw error;
          });
          const told = impact.people.map((each) => `${each.user} ${placeAfter(each)}`);
          const stands = impact.people.map(({ user }) => `${user} ${world.standing(user)}`);
          expect(told).to.deep.equal(stands);
        } finally {
          await previewer.close();
          await world.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});
