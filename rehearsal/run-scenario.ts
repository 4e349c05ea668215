import * as v from "valibot";
import type { Mode } from "../core/modes";
import type { Principal } from "../fake-aws/iam/account";
import { run } from "../replay/run";
import type { Place } from "./deployment";
import { createEnvironment, type RehearsalEnvironment, type Run } from "./environment";
import { type Abilities, empty, type IamElsewhere } from "./iam-elsewhere";
import { playable } from "./playable";
import { callsThatMake, EVERYTHING, newPhone, type Phone, withCodes } from "./populate";
import { inMemory } from "./queue-in-memory";
import {
  ACCOUNT,
  type Blow,
  type Call,
  type Caller,
  type CallsStep,
  type DeadlineStep,
  type FirstSweepStep,
  type HollowedGuardStep,
  type OutageStep,
  type PermissionsStep,
  type Population,
  type Row,
  SCENARIOS,
  type Scenario,
  SETTINGS,
  type Session,
} from "./scenario";

/** How a step of calls came out. */
export interface CallsResult {
  readonly kind: "calls";
  readonly step: CallsStep;
  /** Where alice stands by the account's record. */
  readonly standing: string;
  /** The last decision's reason, in the handler's words. */
  readonly reason: string;
  /** How many calls to IAM the handler made for each event, in order. */
  readonly callsByEvent: readonly number[];
  readonly asExpected: boolean;
}

/** How a step of permissions came out; `allowed` is in the order of the step's sessions. */
export interface PermissionsResult {
  readonly kind: "permissions";
  readonly step: PermissionsStep;
  readonly rows: readonly { readonly row: Row; readonly allowed: readonly boolean[] }[];
  readonly asExpected: boolean;
}

/** How a first sweep came out. */
export interface FirstSweepResult {
  readonly kind: "first sweep";
  readonly step: FirstSweepStep;
  readonly rows: readonly { readonly population: Population; readonly before: string; readonly after: string }[];
  /** What the handler says of it, and how many calls to IAM it took. */
  readonly summary: Summary;
  readonly calls: number;
  /** The message with which it failed, and with it the deploy, if it did. */
  readonly failed: string | undefined;
  /** How many users the next sweep held, moved or freed. */
  readonly changedAgain: number;
  readonly asExpected: boolean;
}

/** How a step of blows against a guard came out. */
export interface HollowedGuardResult {
  readonly kind: "hollowed guard";
  readonly step: HollowedGuardStep;
  readonly rows: readonly BlowResult[];
  readonly asExpected: boolean;
}

/** How one blow came out: what the log tells of it, if anything, and how many calls to IAM the handler made. */
export interface BlowResult {
  readonly blow: Blow;
  readonly told: GuardLine | undefined;
  readonly calls: number;
  readonly asExpected: boolean;
}

/** How a deadline came out. */
export interface DeadlineResult {
  readonly kind: "deadline";
  readonly step: DeadlineStep;
  /** Where alice stands before the day, and what the log says of the last event: why, and from when on. */
  readonly before: { readonly standing: string; readonly reason: string; readonly due: string | undefined };
  readonly callsByEvent: readonly number[];
  /** Where alice stands after the scheduled sweep on the day, and why. */
  readonly after: { readonly standing: string; readonly reason: string };
  readonly sweepCalls: number;
  readonly asExpected: boolean;
}

/** How an outage came out. */
export interface OutageResult {
  readonly kind: "outage";
  readonly step: OutageStep;
  /** Where alice stands during the outage, how often the handler was tried, and what it said at last. */
  readonly during: { readonly standing: string; readonly attempts: number; readonly failed: string | undefined };
  /** How many events were kept. */
  readonly kept: number;
  /** What the replay printed. */
  readonly replayed: readonly string[];
  readonly after: string;
  readonly asExpected: boolean;
}

/** A step that could not be played, and why. */
export interface PassedOver {
  readonly kind: "passed over";
  readonly step: Scenario[number];
  readonly why: string;
  readonly asExpected: true;
}

export type Result =
  | PassedOver
  | CallsResult
  | PermissionsResult
  | FirstSweepResult
  | HollowedGuardResult
  | DeadlineResult
  | OutageResult;

/** A step's result, and the mails that went out in it. */
export interface Told {
  readonly result: Result;
  /** What had to be left out of the step. */
  readonly leftOut: readonly string[];
  readonly mails: readonly string[];
}

const Summary = v.object({
  newlyHeld: v.number(),
  moved: v.number(),
  freed: v.number(),
  exempt: v.array(v.string()),
  failures: v.array(v.string()),
});
type Summary = v.InferOutput<typeof Summary>;

/** What the log tells of whom no guard can hold. */
const UnholdableLine = v.object({
  level: v.literal("ERROR"),
  finding: v.literal("unholdable"),
  users: v.array(v.string()),
});

/** What the log tells of a guard. */
const GuardLine = v.object({
  level: v.string(),
  finding: v.string(),
  caller: v.string(),
  secondsSinceCall: v.number(),
  message: v.optional(v.string()),
  error: v.optional(v.string()),
});
type GuardLine = v.InferOutput<typeof GuardLine>;

const PLACE: Place = { accountId: ACCOUNT, partition: "aws", region: "us-east-1", stack: "rehearsal" };

/**
 * Every rehearsal begins at this moment, so that two transcripts compare. It is past on every machine, as is each day that
 * a scenario lets come: of one to come a deploy would warn by the machine's clock, and on some days only.
 */
const START_TIME = new Date("2026-01-20T09:00:00Z");

const ADMINISTRATORS = `arn:aws:iam::${ACCOUNT}:role/administrators`;

const PRINCIPALS: Readonly<Record<Caller, Principal>> = {
  "the administrator": { type: "AssumedRole", roleArn: ADMINISTRATORS, sessionName: "morning-shift" },
  alice: { type: "IAMUser", userName: "alice", mfa: false },
};

const SESSIONS: Readonly<Record<Session, Principal>> = {
  console: { type: "IAMUser", userName: "alice", mfa: false },
  "console, MFA": { type: "IAMUser", userName: "alice", mfa: true },
  "access key": { type: "IAMUser", userName: "alice" },
};

/** Another IAM to play against, and what it can do. */
export interface Elsewhere {
  readonly iam: IamElsewhere;
  readonly abilities: Abilities;
}

/**
 * Runs what can be run of a scenario against another IAM, whose account is empty and is emptied again in the end. Time is
 * the machine's at the start, for the other IAM has no other; the handler's pauses take none of it.
 */
export async function* runScenarioElsewhere(mode: Mode, { iam, abilities }: Elsewhere): AsyncGenerator<Told> {
  let stage: Stage | undefined;
  try {
    stage = await createStage(mode, {}, iam);
    for (const whole of SCENARIOS[mode]) {
      const part = playable(whole, abilities);
      if ("passedOver" in part) {
        const result = { kind: "passed over", step: whole, why: part.passedOver, asExpected: true } as const;
        yield { result, leftOut: [], mails: [] };
        continue;
      }
      const before = stage.environment.mails.length;
      const result = await runStep(part.step, stage);
      yield { result, leftOut: part.leftOut, mails: stage.environment.mails.slice(before) };
    }
  } finally {
    await stage?.environment.close();
    await empty(iam);
  }
}

/** Runs a scenario step by step, in an account in memory to which the program is deployed in that mode. */
export async function* runScenario(mode: Mode, scenario: Scenario = SCENARIOS[mode]): AsyncGenerator<Told> {
  const stage = await createStage(mode);
  try {
    for (const step of scenario) {
      const settings = ownSettingsOf(step);
      const own = settings && (await createStage(mode, settings));
      const on = own ?? stage;
      const before = on.environment.mails.length;
      try {
        yield { result: await runStep(step, on), leftOut: [], mails: on.environment.mails.slice(before) };
      } finally {
        await own?.environment.close();
      }
    }
  } finally {
    await stage.environment.close();
  }
}

/** An account with the program in it, an administrator, bob, and a phone. */
interface Stage {
  readonly environment: RehearsalEnvironment;
  readonly phone: Phone;
}

async function createStage(
  mode: Mode,
  settings: Readonly<Record<string, string>> = {},
  elsewhere?: IamElsewhere,
): Promise<Stage> {
  const config = Object.entries({ mode, ...SETTINGS, ...settings }).map(([name, value]) => [
    `require-mfa:${name}`,
    value,
  ]);
  const start = elsewhere === undefined ? START_TIME : new Date();
  const environment = await createEnvironment(Object.fromEntries(config), PLACE, start, elsewhere);
  environment.account.putRole(ADMINISTRATORS, [EVERYTHING]);
  await environment.call({ type: "Root" }, "CreateUser", { UserName: "bob" });
  await environment.deliver();
  return { environment, phone: newPhone(elsewhere === undefined ? environment.now : () => new Date()) };
}

/** What else is set in the account that a step has of its own; undefined where it is played in that of the others. */
function ownSettingsOf(step: Scenario[number]): Readonly<Record<string, string>> | undefined {
  if (step.kind === "deadline") return { enforceFrom: step.enforceFrom };
  return step.kind === "outage" ? {} : undefined;
}

async function runStep(step: Scenario[number], stage: Stage): Promise<Result> {
  switch (step.kind) {
    case "calls":
      return runCalls(step, stage);
    case "permissions":
      return runPermissions(step, stage.environment);
    case "first sweep":
      return runFirstSweep(step, stage);
    case "hollowed guard":
      return runHollowedGuard(step, stage);
    case "deadline":
      return runDeadline(step, stage);
    case "outage":
      return runOutage(step, stage);
  }
}

/** Makes calls and lets the rules and the handler hear of them. */
async function make(calls: readonly Call[], by: Caller, { environment, phone }: Stage): Promise<readonly Run[]> {
  for (const call of calls) {
    phone.scan(await environment.call(PRINCIPALS[by], call.action, withCodes(call, phone)));
  }
  return environment.deliver();
}

async function runCalls(step: CallsStep, stage: Stage): Promise<CallsResult> {
  const runs = await make(step.calls, step.by, stage);
  const failed = runs.map((run) => run.failed).find((failure) => failure !== undefined);
  const standing = await standingOf("alice", stage.environment);
  return {
    kind: "calls",
    step,
    standing,
    reason: failed ?? reasonOf(runs),
    callsByEvent: runs.map(({ calls }) => calls),
    asExpected: failed === undefined && standing === step.leaves,
  };
}

const Decision = v.object({
  user: v.literal("alice"),
  action: v.string(),
  reason: v.string(),
  due: v.optional(v.string()),
});

/** What the log says of alice last. */
function decisionOf(runs: readonly Run[]): v.InferOutput<typeof Decision> | undefined {
  return linesLike(Decision, runs).at(-1);
}

function reasonOf(runs: readonly Run[]): string {
  if (runs.length === 0) return "no event reached the handler";
  return decisionOf(runs)?.reason ?? "the handler logged nothing of the event";
}

/** The lines of the log that have this shape. */
function linesLike<Schema extends v.GenericSchema>(
  schema: Schema,
  runs: readonly Run[],
): readonly v.InferOutput<Schema>[] {
  return runs
    .flatMap(({ lines }) => lines)
    .flatMap((line) => {
      const parsed = v.safeParse(schema, line);
      return parsed.success ? [parsed.output] : [];
    });
}

function runPermissions(step: PermissionsStep, { account }: RehearsalEnvironment): PermissionsResult {
  const rows = step.rows.map((row) => ({
    row,
    allowed: step.sessions.map((session) => account.allows(SESSIONS[session], row.action, row.resource)),
  }));
  return {
    kind: "permissions",
    step,
    rows,
    asExpected: rows.every(({ row, allowed }) => allowed.every((each, index) => each === row.allowed[index])),
  };
}

async function runFirstSweep(step: FirstSweepStep, { environment, phone }: Stage): Promise<FirstSweepResult> {
  for (const population of step.populations) {
    for (const name of population.names) await createUser(population, name, { environment, phone });
  }
  environment.forget();
  const standings = async () => {
    const all: string[] = [];
    for (const population of step.populations) all.push(await standingsOf(population, environment));
    return all;
  };
  const before = await standings();
  const first = await environment.sweep("deploy");
  const summary = summaryOf(first);
  const after = await standings();
  const again = await environment.sweep("schedule");
  const { newlyHeld, moved, freed } = summaryOf(again);
  const changedAgain = newlyHeld + moved + freed;
  const rows = step.populations.map((population, index) => ({
    population,
    before: before[index] ?? "",
    after: after[index] ?? "",
  }));
  const tellsUnholdable = (run: Run) =>
    linesLike(UnholdableLine, [run])
      .flatMap(({ users }) => users)
      .join() === step.unholdable.join();
  return {
    kind: "first sweep",
    step,
    rows,
    summary,
    calls: first.calls,
    failed: first.failed,
    changedAgain,
    asExpected:
      rows.every((row) => row.after === row.population.leaves) &&
      tellsUnholdable(first) &&
      tellsUnholdable(again) &&
      summary.failures.length === step.unholdable.length &&
      (first.failed === undefined) === (step.unholdable.length === 0) &&
      again.failed === undefined &&
      changedAgain === 0,
  };
}

/** What a sweep says of itself in the log, where it stands even if the sweep fails at its end. */
function summaryOf(run: Run): Summary {
  const [line] = linesLike(v.object({ summary: Summary }), [run]);
  if (line === undefined) throw new Error(run.failed ?? "the sweep logged no summary");
  return line.summary;
}

async function runHollowedGuard(step: HollowedGuardStep, stage: Stage): Promise<HollowedGuardResult> {
  const rows: BlowResult[] = [];
  const { environment } = stage;
  for (const blow of step.blows) {
    // CloudTrail tells whole seconds, and from them the log reckons.
    environment.passTo(new Date(Math.ceil(environment.now().getTime() / 1000) * 1000));
    const runs = await make([blow.call], step.by, stage);
    const [told, ...others] = linesLike(GuardLine, runs);
    rows.push({
      blow,
      told,
      calls: runs.reduce((sum, { calls }) => sum + calls, 0),
      asExpected:
        told !== undefined &&
        others.length === 0 &&
        `${told.level} ${told.finding}` === blow.told &&
        told.secondsSinceCall === blow.afterSeconds &&
        told.caller === step.caller &&
        (await environment.isAttached(step.guard)),
    });
  }
  return { kind: "hollowed guard", step, rows, asExpected: rows.every(({ asExpected }) => asExpected) };
}

async function runDeadline(step: DeadlineStep, stage: Stage): Promise<DeadlineResult> {
  const { environment } = stage;
  const runs = await make(step.calls, step.by, stage);
  const before = {
    standing: await standingOf("alice", environment),
    reason: reasonOf(runs),
    due: decisionOf(runs)?.due,
  };
  const isPending = decisionOf(runs)?.action === "pending";
  const day = new Date(`${step.enforceFrom}T00:00:00Z`);
  environment.passTo(day);
  const sweep = await environment.sweep("schedule");
  const after = { standing: await standingOf("alice", environment), reason: sweep.failed ?? reasonOf([sweep]) };
  return {
    kind: "deadline",
    step,
    before,
    callsByEvent: runs.map(({ calls }) => calls),
    after,
    sweepCalls: sweep.calls,
    asExpected:
      before.standing === "free" &&
      isPending &&
      before.due === day.toISOString() &&
      after.standing === step.leaves &&
      sweep.failed === undefined,
  };
}

async function runOutage(step: OutageStep, stage: Stage): Promise<OutageResult> {
  const { environment } = stage;
  environment.setRolePolicies("none");
  const runs = await make(step.calls, step.by, stage);
  const during = {
    standing: await standingOf("alice", environment),
    attempts: runs.length,
    failed: runs.at(-1)?.failed,
  };
  const kept = environment.failed.bodies.length;
  environment.setRolePolicies("as deployed");
  const replayed: string[] = [];
  const exitCode = await run(
    {
      queues: [inMemory("require-mfa-failed", environment.failed)],
      functionName: environment.functionName,
      invoke: async (event) => (await environment.invoke(event)).failed,
    },
    true,
    { say: (...lines) => replayed.push(...lines), doing: () => undefined },
  );
  const after = await standingOf("alice", environment);
  return {
    kind: "outage",
    step,
    during,
    kept,
    replayed,
    after,
    asExpected:
      during.standing === "free" &&
      runs.every(({ failed }) => failed !== undefined) &&
      kept === step.kept &&
      exitCode === 0 &&
      environment.failed.bodies.length === 0 &&
      after === step.leaves,
  };
}

/** Creates one user of a population, passkey and all, as root. */
async function createUser(population: Population, name: string, { environment, phone }: Stage): Promise<void> {
  for (const call of callsThatMake(population, name, environment.guards)) {
    if (call === "enrols a passkey") environment.account.enrolPasskey(name);
    else phone.scan(await environment.call({ type: "Root" }, call.action, withCodes(call, phone)));
  }
}

async function standingOf(name: string, environment: RehearsalEnvironment): Promise<string> {
  return (await environment.standing(name)).join(" and ") || "free";
}

/** Where the users of a population stand: one place, or several where they differ. */
async function standingsOf({ names }: Population, environment: RehearsalEnvironment): Promise<string> {
  const all = new Set<string>();
  for (const name of names) all.add(await standingOf(name, environment));
  return [...all].join(", ");
}
