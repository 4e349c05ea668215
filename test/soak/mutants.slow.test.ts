import { expect } from "chai";
import fc from "fast-check";
import { GUARD_NAMES } from "../../core/guards";
import type { Iam } from "../../handler/iam/iam";
import { respond } from "../../handler/respond";
import { GUARDS } from "../../soak/guards";
import type { InvariantName } from "../../soak/invariants";
import type { Program } from "../../soak/port-machine";
import { atThePort, FAILURES, noViolations, ViolationError } from "../../soak/property";

/** The handler, but for what it sees of IAM. */
const withIam =
  (change: (iam: Iam) => Partial<Iam>): Program =>
  (event, service) =>
    respond(event, { ...service, iam: { ...service.iam, ...change(service.iam) } });

const isSweep = (event: unknown): boolean => typeof event === "object" && event !== null && "sweep" in event;

/** A fault planted into the handler, for each invariant that is to catch it. */
const MUTANTS: readonly {
  readonly fault: string;
  readonly caughtBy: InvariantName;
  readonly program: Program;
}[] = [
  {
    fault: "a decision that spares everybody",
    caughtBy: "after quiet and one sweep everyone is where the table says",
    program: (event, service) => respond(event, { ...service, rules: { ...service.rules, exemptPaths: ["/"] } }),
  },
  {
    fault: "a read that shows nobody's device",
    caughtBy: "nobody is moved against a state that held throughout",
    program: withIam(() => ({ listMfaDevices: async () => [] })),
  },
  {
    fault: "a move that frees first",
    caughtBy: "where before and after hold there is no moment without a guard",
    program: withIam((iam) => ({
      addUserToGroup: async (user, group) => {
        for (const guard of GUARD_NAMES) {
          if (GUARDS[guard].group !== group) await iam.removeUserFromGroup(user, GUARDS[guard].group).catch(() => {});
        }
        await iam.addUserToGroup(user, group);
      },
    })),
  },
  {
    fault: "a dry run that holds",
    caughtBy: "nobody new is held by a dry run, or before it is due",
    program: (event, service) => respond(event, { ...service, dryRun: false }),
  },
  {
    fault: "a deadline that is not waited for",
    caughtBy: "nobody new is held by a dry run, or before it is due",
    program: (event, service) => respond(event, { ...service, deadline: { enforceFrom: "none", graceDays: 0 } }),
  },
  {
    fault: "an event that is taken for carried out and was not",
    caughtBy: "an event that was carried out leaves its user in place",
    program: withIam((iam) => ({
      listMfaDevices: async (user) => {
        const devices = await iam.listMfaDevices(user);
        return devices.length === 0 ? [{ serialNumber: "none", enabledAt: undefined }] : devices;
      },
    })),
  },
  {
    fault: "an event that EventBridge did not take, and nobody says so",
    caughtBy: "every failure is thrown, queued or told",
    program: (event, service) =>
      respond(event, { ...service, putEvents: (entries) => service.putEvents(entries).then(() => []) }),
  },
  {
    fault: "a failure that is thrown and not logged",
    caughtBy: "every failure is thrown, queued or told",
    program: (event, service) =>
      respond(event, { ...service, log: (line) => line["level"] !== "ERROR" && service.log(line) }),
  },
  {
    fault: "a refusal that is swallowed without a word",
    caughtBy: "every failure is thrown, queued or told",
    program: (event, service) =>
      respond(event, { ...service, log: (line) => line["level"] !== "ERROR" && service.log(line) }).catch(
        () => undefined,
      ),
  },
  {
    fault: "a sweep that writes twice",
    caughtBy: "the second sweep writes nothing",
    program: async (event, service) => {
      await respond(event, service);
      if (!isSweep(event)) return;
      const { users } = await service.iam.getAccountAuthorizationDetails();
      for (const { name, groups } of users) {
        for (const guard of GUARD_NAMES) {
          if (groups.includes(GUARDS[guard].group)) await service.iam.addUserToGroup(name, GUARDS[guard].group);
        }
      }
    },
  },
  {
    fault: "a user of no name",
    caughtBy: "no call names nothing, or what is no name",
    program: async (event, service) => {
      await service.iam.listMfaDevices("").catch(() => []);
      await respond(event, service);
    },
  },
  {
    fault: "a guard that is not verified",
    caughtBy: "after a sweep the guards in use have their policies",
    program: withIam(() => ({ attachGroupPolicy: async () => undefined })),
  },
];

describe("a planted fault", () => {
  for (const { fault, caughtBy, program } of MUTANTS) {
    it(`is caught: ${fault}`, async () => {
      const caught = new Set<string>();
      const property = noViolations(atThePort(program), { steps: 40, failures: FAILURES.port });
      for (let seed = 1; seed <= 40 && !caught.has(caughtBy); seed++) {
        const { errorInstance } = await fc.check(property, { seed, numRuns: 5, endOnFailure: true });
        if (errorInstance instanceof ViolationError) {
          for (const { invariant } of errorInstance.violations) caught.add(invariant);
        } else if (errorInstance !== null && errorInstance !== undefined) throw errorInstance;
      }
      expect([...caught]).to.include(caughtBy);
    });
  }
});
