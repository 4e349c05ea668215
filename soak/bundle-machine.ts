import * as v from "valibot";
import { toEnvironment } from "../core/instructions";
import type { HandlerSettings } from "../core/settings";
import { SweepEvent } from "../core/sweep-request";
import { serveCloudTrail, type Trail } from "../fake-aws/cloudtrail-api";
import { serveEventBus } from "../fake-aws/event-bus";
import type { Principal } from "../fake-aws/iam/account";
import { serveIam } from "../fake-aws/iam/server";
import { type RunningFunction, runFunction, type SharedTime } from "../fake-aws/lambda";
import { serveOwnFunction } from "../fake-aws/lambda-api";
import type { BundleClock } from "./bundle-clock";
import type { Run } from "./evidence";
import { ACCOUNT_ID, GUARDS, POLICY_DIGESTS } from "./guards";
import { type Machine, runOf, type Surroundings, sessionOf } from "./machine";

const REGION = "us-east-1";
const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:require-mfa-1a2b3c4`;

const TRAIL: Trail = {
  Name: "management-events",
  TrailARN: `arn:aws:cloudtrail:${REGION}:${ACCOUNT_ID}:trail/management-events`,
  HomeRegion: REGION,
  IsMultiRegionTrail: true,
  IncludeGlobalServiceEvents: true,
  IsOrganizationTrail: false,
  IsLogging: true,
  selectors: { EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true }] },
};

/** The function as it runs with some settings, in a thread of its own with a key of its own. */
interface Instance {
  readonly settings: HandlerSettings;
  readonly key: string;
  readonly running: RunningFunction;
}

/**
 * Runs the bundle that ships, in threads, with the environment that is deployed, by the SDK over HTTP to the account in
 * memory.
 *
 * @param code the bundle
 * @param time what the threads read and set; the surroundings' clock is over it
 */
export async function bundleMachine(
  code: string,
  time: SharedTime,
  clock: BundleClock,
  { account, faults, deployed, startNextRun }: Surroundings,
): Promise<Machine> {
  const principals = new Map<string, Principal>();
  const runs = new Map<number, Run>();
  const now = () => new Date(clock.now());
  const instances: Instance[] = [];
  const busy = new Map<Run, Instance>();
  const runOfCaller = (caller: Principal): Run | undefined => runs.get(runOf(caller) ?? -1);

  const iam = await serveIam(account, principals, now, async (caller) => {
    const run = runOfCaller(caller);
    if (run === undefined) return;
    await clock.call(run);
    if (!faults.kills()) return;
    run.ended = "killed";
    await busy.get(run)?.running.stop();
    throw new Error("the process that called has died");
  });
  const bus = await serveEventBus({
    accountId: ACCOUNT_ID,
    partition: "aws",
    region: REGION,
    now,
    principals,
    allows: (principal) => {
      if (!faults.refusesEvents()) return true;
      const run = runOfCaller(principal);
      if (run !== undefined) run.notTaken++;
      return false;
    },
  });
  // What GetFunctionConfiguration tells, read anew at each request.
  const variables = new Proxy<Record<string, string>>(
    {},
    {
      ownKeys: () => Object.keys(variablesOf(deployed())),
      get: (_, name) => variablesOf(deployed())[String(name)],
      getOwnPropertyDescriptor: (_, name) => ({
        value: variablesOf(deployed())[String(name)],
        enumerable: true,
        configurable: true,
      }),
    },
  );
  const lambda = await serveOwnFunction({
    functionArn: FUNCTION_ARN,
    variables,
    principals,
    allows: () => !faults.refusesLambda(),
    onInvoke: (event) => startNextRun(v.parse(SweepEvent, event).sweep),
  });
  const trail = { accountId: ACCOUNT_ID, region: REGION, trails: [TRAIL], principals, allows: () => true };
  const cloudTrail = await serveCloudTrail(trail);

  const start = (settings: HandlerSettings): Instance => {
    const key = `ASIASOAK${instances.length}`;
    const running = runFunction(
      code,
      {
        ...variablesOf(settings),
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: key,
        AWS_SECRET_ACCESS_KEY: "of-no-use-but-here",
        AWS_LAMBDA_FUNCTION_NAME: "require-mfa-1a2b3c4",
        AWS_LAMBDA_LOG_GROUP_NAME: "require-mfa-1a2b3c4",
        AWS_ENDPOINT_URL_IAM: iam.url,
        AWS_ENDPOINT_URL_LAMBDA: lambda.url,
        AWS_ENDPOINT_URL_CLOUDTRAIL: cloudTrail.url,
        AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
      },
      time,
    );
    const instance = { settings, key, running };
    instances.push(instance);
    return instance;
  };
  const idle = new Set<Instance>();
  return {
    invoke: async (event, run) => {
      clock.begin(run);
      const instance = [...idle].find(({ settings }) => settings === run.settings) ?? start(run.settings);
      idle.delete(instance);
      busy.set(run, instance);
      runs.set(run.id, run);
      principals.set(instance.key, sessionOf(run.id));
      const linesBefore = instance.running.log.length;
      const error = await instance.running.invoke(event).then(
        () => undefined,
        (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
      );
      for (const line of instance.running.log.slice(linesBefore)) run.lines.push(JSON.parse(line));
      if (run.ended !== "killed") {
        run.ended = error === undefined ? "returned" : "threw";
        idle.add(instance);
      }
      run.error = error;
      busy.delete(run);
      clock.end(run);
    },
    close: async () => {
      for (const { running } of instances) await running.stop();
      for (const server of [iam, bus, lambda, cloudTrail]) await server.close();
    },
  };
}

function variablesOf(settings: HandlerSettings): Readonly<Record<string, string>> {
  return toEnvironment({ guards: GUARDS, policyDigests: POLICY_DIGESTS, settings });
}
