import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { StackConfiguration } from "../../config/stack-configuration";
import { eventPattern } from "../../core/events";
import { guardsOf } from "../../core/guards";
import { DEFAULT_SETTINGS, type Settings } from "../../core/settings";
import { serveCloudTrail, type Trail } from "../../fake-aws/cloudtrail-api";
import { compilePattern } from "../../fake-aws/event-pattern";
import type { Authorization, CloudTrailRecord, IamPolicyDocument, Principal } from "../../fake-aws/iam/account";
import { serveIam } from "../../fake-aws/iam/server";
import type { LoopbackServer } from "../../fake-aws/loopback";
import { serveSts } from "../../fake-aws/sts-api";
import { GUARD_POLICIES } from "../../policies/guard-policies";
import { compile, evaluate } from "../../policy-language/evaluator";
import type { Options } from "../../verify/options";
import type { Report } from "../../verify/report";
import { run } from "../../verify/run";
import type { Leftovers } from "../../verify/test-user";
import { HANDLER } from "../support/account";
import { GUARDS } from "../support/guards";
import { RECORDING_TRAIL } from "../support/trails";
import { newWorld, type World } from "../support/world";

/** The role by which docs/sandbox.md lets somebody verify. */
const VERIFIER = {
  type: "AssumedRole",
  roleArn: "arn:aws:iam::123456789012:role/verifier",
  sessionName: "someone",
} as const;

/** How AWS is in a sandbox. */
export interface SandboxOptions {
  readonly settings?: Partial<Settings>;
  /** How long each event takes to the handler. */
  readonly lagSeconds?: number;
  /** Which events never come. */
  readonly isLost?: (record: CloudTrailRecord) => boolean;
  /** How often the handler sweeps; never, if left out. */
  readonly sweepEverySeconds?: number;
  /** What AWS answers in the place of what policies say; undefined where it goes by them. */
  readonly answers?: (request: Authorization) => boolean | undefined;
  readonly trails?: readonly Trail[];
  /** What the guards' policies were made by, where it is not the settings. */
  readonly deployedSettings?: Partial<Settings>;
  readonly startTime?: string;
  /** What the project is called, as `pulumi new` asks. */
  readonly project?: string;
}

/** What a run of the command came to. */
interface Ran {
  readonly code: number;
  readonly told: readonly string[];
  readonly printed: string;
  readonly questions: readonly string[];
}

/** An account with the guards of these settings, the handler behind events that take their time, and who verifies it. */
export interface Sandbox {
  readonly world: World;
  readonly configuration: StackConfiguration;
  /** Runs the command as somebody at a terminal who says yes, if nothing else is said. */
  readonly run: (task?: Partial<Task>, operator?: Partial<OperatorOptions>) => Promise<Ran>;
  /** Runs the command and reads what it prints. */
  readonly report: (task?: Partial<Task>) => Promise<Report>;
  /** Lets time pass, with whatever comes in it. */
  readonly passSeconds: (seconds: number) => Promise<void>;
  /** Names of users and devices of runs that are there. */
  readonly left: () => readonly string[];
  /** The actions that docs/sandbox.md allows, sorted. */
  readonly documented: readonly string[];
  /** Takes the verifier this action, or gives it back all that docs/sandbox.md allows. */
  readonly forbid: (action: string | undefined) => void;
  /** The verifier's calls to IAM so far. */
  readonly calls: () => readonly string[];
  readonly close: () => Promise<void>;
}

type Task = Exclude<Options, { print: "usage" }>;

interface OperatorOptions {
  readonly says: boolean;
  readonly signal: AbortSignal;
  readonly onMade: (made: () => Leftovers) => void;
  readonly doing: (text: string) => void;
}

const Documented = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ Statement: v.array(v.object({ Action: v.union([v.string(), v.array(v.string())]) })) }),
);

/** What docs/sandbox.md says that who verifies must be allowed. */
function documentedPolicy(): string {
  const [, policy] =
    /\n```json\n(\{[\s\S]*?"Statement"[\s\S]*?\n\})\n```\n/.exec(readFileSync("docs/sandbox.md", "utf8")) ?? [];
  if (policy === undefined) throw new Error("docs/sandbox.md has no policy");
  return policy;
}

export async function newSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { lagSeconds = 5, isLost = () => false, sweepEverySeconds, answers, trails = [RECORDING_TRAIL] } = options;
  const { project = "require-mfa" } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const made = { ...settings, ...options.deployedSettings };
  const reaches = compilePattern(
    eventPattern({ accountId: "123456789012", guards: GUARDS, handlerRoleArn: HANDLER.roleArn, groups: [] }),
  );
  const due: { readonly at: number; readonly record: CloudTrailRecord }[] = [];
  const authorize = (request: Authorization, policiesOf: (principal: Principal) => readonly IamPolicyDocument[]) =>
    (request.principal.type === "IAMUser" ? answers?.(request) : undefined) ??
    evaluate(compile(policiesOf(request.principal)), request).allowed;
  const world: World = await newWorld({
    documents: guardsOf((guard) => JSON.stringify(GUARD_POLICIES[guard](made, "aws"))),
    authorize,
    ...(options.startTime !== undefined && { startTime: options.startTime }),
    onRecord: (record) => {
      const event = { source: "aws.iam", "detail-type": "AWS API Call via CloudTrail", account: "123456789012" };
      if (!reaches({ ...event, detail: record }) || isLost(record)) return;
      due.push({ at: Date.parse(record.eventTime) + lagSeconds * 1000, record });
    },
    trails,
  });
  const { account, now, waitSeconds } = world;
  account.putRole(VERIFIER.roleArn, [documentedPolicy()]);
  due.length = 0;

  const servers: LoopbackServer[] = [];
  const principals = {
    get: (key: string): Principal | undefined =>
      key === "ASIAVERIFIER" ? VERIFIER : account.identityOfKey(key)?.principal,
  };
  const iam = await serveIam(account, principals);
  const sts = await serveSts(
    new Map([
      ["ASIAVERIFIER", { accountId: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/verifier/someone" }],
    ]),
    account,
  );
  const cloudTrail = await serveCloudTrail({
    accountId: "123456789012",
    region: "us-east-1",
    trails,
    principals,
    allows: (...request) => account.allows(...request),
  });
  servers.push(iam, sts, cloudTrail);

  let sweptAt = now().getTime();
  const passSeconds = async (seconds: number): Promise<void> => {
    const until = now().getTime() + seconds * 1000;
    for (;;) {
      const [next] = due;
      const sweepAt = sweepEverySeconds === undefined ? Number.POSITIVE_INFINITY : sweptAt + sweepEverySeconds * 1000;
      const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, sweepAt);
      if (at > until) break;
      waitSeconds(Math.max(0, at - now().getTime()) / 1000);
      if (next !== undefined && next.at <= sweepAt) {
        due.shift();
        await world.handle(settings, next.record);
      } else {
        sweptAt = sweepAt;
        await world.sweep(settings, {});
      }
    }
    waitSeconds(Math.max(0, until - now().getTime()) / 1000);
  };

  const configuration: StackConfiguration = {
    project,
    stack: "dev",
    config: {
      "aws:region": "us-east-1",
      "aws:accessKey": "ASIAVERIFIER",
      "aws:secretKey": "secret",
      "aws:token": "token",
      "aws:endpoints": JSON.stringify([{ iam: iam.url, sts: sts.url, cloudtrail: cloudTrail.url }]),
      ...Object.fromEntries(
        Object.entries(options.settings ?? {}).map(([name, value]) => [
          `${project}:${name}`,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      ),
    },
    secretKeys: new Set(),
    environment: {},
  };
  const runTask = async (task: Partial<Task> = {}, operator: Partial<OperatorOptions> = {}): Promise<Ran> => {
    const { says = true, signal = new AbortController().signal, onMade = () => undefined } = operator;
    const told: string[] = [];
    const printed: string[] = [];
    const questions: string[] = [];
    const code = await run(
      { print: "table", does: "verify", stack: "dev", yes: false, limitSeconds: 300, ...task },
      configuration,
      {
        progress: { doing: operator.doing ?? (() => undefined), say: (...lines) => void told.push(...lines) },
        print: (text) => printed.push(text),
        ask: async (question) => {
          questions.push(question);
          return says;
        },
        signal,
        clock: { now: () => now().getTime(), pause: passSeconds },
        onMade,
      },
    );
    return { code, told, printed: printed.join("\n"), questions };
  };
  const { Statement } = v.parse(Documented, documentedPolicy());
  return {
    world,
    configuration,
    forbid: (action) => {
      const Statement = [{ Effect: "Deny", Action: `iam:${action}`, Resource: "*" }];
      const denied = action === undefined ? [] : [JSON.stringify({ Version: "2012-10-17", Statement })];
      account.putRole(VERIFIER.roleArn, [documentedPolicy(), ...denied]);
    },
    documented: Statement.flatMap(({ Action }) => Action).sort(),
    run: runTask,
    report: async (task) => JSON.parse((await runTask({ print: "json", ...task })).printed),
    passSeconds,
    left: () => {
      const root = { type: "Root" } as const;
      const users = account.call(root, "ListUsers").Users.map(({ UserName }) => UserName);
      const devices = account.call(root, "ListVirtualMFADevices").VirtualMFADevices;
      return [...users, ...devices.map(({ SerialNumber }) => SerialNumber)];
    },
    calls: () =>
      account.log.flatMap(({ caller, action }) =>
        caller.type === "AssumedRole" && caller.roleArn === VERIFIER.roleArn ? [action] : [],
      ),
    close: async () => {
      for (const server of servers) await server.close();
      await world.close();
    },
  };
}
