import fc from "fast-check";
import { GUARD_NAMES } from "../core/guards";
import { MODES } from "../core/modes";
import { DEFAULT_SETTINGS, type HandlerSettings } from "../core/settings";
import { GUARDS } from "./guards";
import type { Command, Delivery, Fault, History, Settler, Step } from "./history";

/** One name twice, in other letters: IAM's names compare without case. */
const USERS = ["alice", "bob", "carol", "dave", "Alice", "erin"] as const;
const PATHS = ["/", "/robots/", "/robots/old/", "/teams/"] as const;
const GROUPS = ["robots", "teams", "Robots", "others"] as const;
const DAYS = ["none", "none", "none", "none", "2026-03-06", "2026-03-08"] as const;

const user = fc.constantFrom(...USERS);
const path = fc.constantFrom(...PATHS);
const guard = fc.constantFrom(...GUARD_NAMES);
const group = fc.constantFrom(...GROUPS);
const anyGroup = fc.oneof(
  group,
  guard.map((name) => GUARDS[name].group),
);

const few = (of: readonly string[], most: number) =>
  fc.uniqueArray(fc.constantFrom(...of), { maxLength: most, selector: (name) => name.toLowerCase() });
/** Mostly none. */
const seldom = (of: readonly string[]) => fc.oneof({ arbitrary: fc.constant<string[]>([]), weight: 11 }, few(of, 2));
const seldomTrue = fc.integer({ min: 0, max: 7 }).map((die) => die === 7);

const settings: fc.Arbitrary<HandlerSettings> = fc.record({
  mode: fc.constantFrom(...MODES, "strict", "strict", "quarantine"),
  dryRun: fc.integer({ min: 0, max: 9 }).map((die) => die === 9),
  enrolmentByAccessKey: seldomTrue,
  onlyUsers: seldom(USERS),
  onlyPaths: seldom(["/robots/", "/teams/"]),
  onlyGroups: seldom(GROUPS),
  exemptUsers: seldom(USERS),
  exemptPaths: seldom(["/robots/", "/teams/"]),
  exemptGroups: seldom(GROUPS),
  spareKeyOnlyUsers: seldomTrue,
  enforceFrom: fc.constantFrom(...DAYS),
  graceDays: fc.constantFrom(0, 0, 0, 0, 0, 1, 3),
  sweepEvery: fc.constant(DEFAULT_SETTINGS.sweepEvery),
  maxReleases: fc.constantFrom(50, 50, 50, 1, 0),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("create user" as const), user, path, password: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete user" as const), user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("rename user" as const), user, to: user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("move user" as const), user, path }) },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "make password" as const,
        "delete password" as const,
        "enrol device" as const,
        "deactivate device" as const,
      ),
      user,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom("join group" as const, "leave group" as const), user, group: anyGroup }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("attach guard's policy" as const, "detach guard's policy" as const),
      user,
      guard,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("fill quotas" as const),
      user,
      groups: fc.constantFrom(0, 8, 9, 10),
      policies: fc.constantFrom(0, 9, 10),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("make group" as const), group: anyGroup }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete group" as const), group: anyGroup }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rename group" as const), group, to: group }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("take policy off guard" as const), guard }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("repair guard" as const), guard }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("deploy" as const), settings }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("sweep" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("nothing" as const) }) },
);

const delivery: fc.Arbitrary<Delivery> = fc.record({
  lost: fc.integer({ min: 0, max: 9 }).map((die) => die === 9),
  seconds: fc.oneof(fc.constant(1), fc.integer({ min: 0, max: 15 }), fc.constantFrom(60, 600, 3600)),
  again: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, fc.constantFrom(0, 1, 5, 900)),
});

const after = fc.integer({ min: 0, max: 20 });
/** @param most the most calls in a row that fail */
const faults = (most: number): fc.Arbitrary<Fault> => {
  const times = fc.integer({ min: 1, max: most });
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        fault: fc.constantFrom(
          "Throttling" as const,
          "EntityTemporarilyUnmodifiable" as const,
          "ConcurrentModification" as const,
          "ServiceFailure" as const,
          "AccessDenied" as const,
        ),
        of: fc.constantFrom("reads" as const, "writes" as const),
        after,
        times,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        fault: fc.constant("denied user" as const),
        user,
        seconds: fc.constantFrom(5, 60, 600),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        fault: fc.constant("stale reads" as const),
        ageSeconds: fc.constantFrom(1, 2, 5),
        after,
        times,
      }),
    },
    { weight: 1, arbitrary: fc.record({ fault: fc.constant("report capacity" as const), times }) },
    { weight: 1, arbitrary: fc.record({ fault: fc.constant("events refused" as const), times }) },
    {
      weight: 1,
      arbitrary: fc.record({ fault: fc.constant("Lambda refused" as const), seconds: fc.constantFrom(5, 60, 600) }),
    },
    { weight: 2, arbitrary: fc.record({ fault: fc.constant("killed" as const), after }) },
    {
      weight: 1,
      arbitrary: fc.record({ fault: fc.constant("short of time" as const), seconds: fc.constantFrom(0, 1, 3) }),
    },
  );
};

/** Mostly moments, sometimes hours, seldom a day, so that holds fall due and reports expire. */
const gap = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 4, arbitrary: fc.integer({ min: 6, max: 120 }) },
  { weight: 2, arbitrary: fc.constantFrom(900, 3600, 5 * 3600) },
  { weight: 1, arbitrary: fc.constant(24 * 3600) },
);

const steps = (failures: number): fc.Arbitrary<Step> =>
  fc.record({
    after: gap,
    command,
    delivery,
    fault: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, faults(failures)),
  });

const settler: fc.Arbitrary<Settler> = fc.record({ user, password: fc.boolean(), device: fc.boolean() });

/**
 * Histories.
 *
 * @param most the most steps that one has
 * @param failures the most calls in a row that fail
 */
export function histories(most: number, failures: number): fc.Arbitrary<History> {
  return fc.record({
    settlers: fc.array(settler, { minLength: 2, maxLength: 5 }),
    settings,
    steps: fc.array(steps(failures), { minLength: 1, maxLength: most, size: "max" }),
  });
}
