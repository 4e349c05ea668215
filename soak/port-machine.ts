import { DEFAULT_SETTINGS } from "../core/settings";
import { respond } from "../handler/respond";
import type { Service } from "../handler/service";
import { accountIam } from "./account-iam";
import type { Run } from "./evidence";
import { ACCOUNT_ID, GUARDS, POLICY_DIGESTS } from "./guards";
import { type Machine, type Surroundings, sessionOf } from "./machine";

/** The handler's entry; a test plants a fault in its place. */
export type Program = (event: unknown, service: Service) => Promise<unknown>;

/** Runs the handler's own functions at the port to IAM, in virtual time and side by side. */
export function portMachine(
  { account, clock, faults, deployed, startNextRun }: Surroundings,
  program: Program = respond,
): Machine {
  const serviceOf = (run: Run, alive: () => boolean): Service => {
    const { settings } = run;
    const end = clock.now() + faults.secondsOfRun() * 1000;
    const pause = async (seconds: number): Promise<void> => {
      await clock.pause(seconds);
      if (!alive()) await new Promise<never>(() => undefined);
    };
    const lambda = <T>(answer: () => T): T => {
      if (faults.refusesLambda()) throw new Error("Lambda does not answer");
      return answer();
    };
    return {
      guards: GUARDS,
      policyDigests: POLICY_DIGESTS,
      rules: { ...DEFAULT_SETTINGS, ...settings },
      dryRun: settings.dryRun,
      deadline: settings,
      maxReleases: settings.maxReleases,
      sweepEverySeconds: 3600,
      functionName: "require-mfa-1a2b3c4",
      clock: { now: clock.now, pause },
      iam: accountIam(account, sessionOf(run.id), clock, alive),
      secondsLeft: () => (end - clock.now()) / 1000,
      isCurrent: async () => lambda(() => deployed() === settings),
      startNextRun: async (request) => lambda(() => startNextRun(request)),
      checkTrail: async () => ({ state: "recording", why: "management-events records them" }),
      putEvents: async (entries) => {
        if (!faults.refusesEvents()) return [];
        run.notTaken += entries.length;
        return entries.map((entry) => ({ entry, reason: "InternalFailure" }));
      },
      place: { partition: "aws", accountId: ACCOUNT_ID, region: "us-east-1", logGroup: "require-mfa-1a2b3c4" },
      log: (line) => {
        if (run.ended === "running") run.lines.push(line);
      },
    };
  };
  return {
    invoke: (event, run) =>
      new Promise((resolve) => {
        const end = (ended: Run["ended"], error?: unknown): void => {
          if (run.ended !== "running") return;
          run.ended = ended;
          run.error = error === undefined ? undefined : String(error);
          resolve();
        };
        const alive = (): boolean => {
          if (run.ended === "running" && faults.kills()) end("killed", "the process died");
          return run.ended === "running";
        };
        void program(event, serviceOf(run, alive)).then(
          () => end("returned"),
          (error: unknown) => end("threw", error),
        );
      }),
    close: async () => undefined,
  };
}
